"""The default workflow of a space: one review by its editors."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from wagtail.models import Workflow, WorkflowPage, WorkflowTask

from portal.accounts.enums import Role
from portal.accounts.services import ensure_role_group
from portal.territories.models import Space, Territory

DEFAULT_TASK = "wagtailcore.GroupApprovalTask"


def ensure_workflow(space: Space) -> Workflow:
    """The workflow of ``space``, made and attached to its page where it is missing.

    The task's class is ``settings.SPACE_REVIEW_TASK``, any task with ``groups``; its groups are those who may review
    the space, kept by ``portal.accounts.services``.
    """
    if space.workflow is None:
        label = space.territory.label
        model = apps.get_model(getattr(settings, "SPACE_REVIEW_TASK", DEFAULT_TASK))
        task = model.objects.create(name=f"Relecture par l'équipe éditoriale · {label}")
        space.workflow = Workflow.objects.create(name=f"Relecture · {label}")
        WorkflowTask.objects.create(workflow=space.workflow, task=task, sort_order=0)
        ensure_role_group(Role.ADMIN_NATIONAL, Territory.objects.nation())
        ensure_role_group(Role.EDITOR, space.territory)
        space.save(update_fields=["workflow"])  # The groups that may review follow by signal.
    WorkflowPage.objects.update_or_create(page_id=space.page_id, defaults={"workflow": space.workflow})
    return space.workflow
