"""Wagtail's signals, and ours, that keep the queue true. Connected once, in ``AppConfig.ready``."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import (
    post_page_move,
    task_rejected,
    task_submitted,
    workflow_approved,
    workflow_cancelled,
)

from portal.core.sections import space_closed
from portal.territories.models import Space

from ..enums import ReviewState
from . import keeping


@receiver(task_submitted)
def submitted(sender: type, instance: TaskState, **kwargs: Any) -> None:
    keeping.review_started(instance)


@receiver(workflow_approved)
def approved(sender: type, instance: WorkflowState, user: Any = None, **kwargs: Any) -> None:
    keeping.workflow_ended(instance, outcome=ReviewState.APPROVED, actor=user, reason=_comment(instance))


@receiver(task_rejected)
def rejected(sender: type, instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    state = instance.workflow_state
    state.refresh_from_db()
    keeping.workflow_ended(state, outcome=ReviewState.CHANGES_REQUESTED, actor=user, reason=instance.comment)


@receiver(workflow_cancelled)
def cancelled(sender: type, instance: WorkflowState, user: Any = None, **kwargs: Any) -> None:
    keeping.workflow_ended(instance, outcome=ReviewState.CANCELLED, actor=user)


def _comment(state: WorkflowState) -> str:
    return state.current_task_state.comment if state.current_task_state else ""


@receiver(post_save)
def revised(sender: type, instance: Any, raw: bool = False, update_fields: Any = None, **kwargs: Any) -> None:
    """A draft was saved: Wagtail then writes the page's ``latest_revision``. One query where no review is open."""
    if raw or not isinstance(instance, Page) or "latest_revision" not in (update_fields or ()):
        return
    if keeping.is_reviewed(instance):
        keeping.page_edited(instance)


@receiver(pre_delete)
def deleting(sender: Any, instance: Any, **kwargs: Any) -> None:
    # Every level of a page's inheritance is deleted in turn: the row of wagtailcore alone counts.
    if isinstance(instance, Page) and sender._meta.label == "wagtailcore.Page":
        keeping.page_gone(instance)


@receiver(post_page_move)
def moved(sender: type, instance: Page, **kwargs: Any) -> None:
    """``portal.core`` listens first: facts are already those of the new place."""
    keeping.pages_moved(Page.objects.get(pk=instance.pk))


@receiver(space_closed)
def closed(sender: type, space: Space, actor: Any = None, **kwargs: Any) -> None:
    keeping.space_shut(space, actor=actor)
