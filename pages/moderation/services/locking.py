"""Reading an item under its lock, with every refusal that goes for all decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import Page, TaskState
from wagtail.permissions import policy_registry

from portal.accounts.models import User

from ...enums import OPEN_REVIEWS, ReviewOrigin, ReviewState
from ...models import ReviewItem
from ..errors import AlreadyDecidedError, FourEyesError, NotAllowedError, ReviewError
from ..four_eyes import REFUSED
from ..rights import may_approve, may_decide


def locked(item: ReviewItem, *, actor: User, version: int | None, waiting: bool = True) -> ReviewItem:
    """The item as the database has it, locked until the transaction's end.

    ``version`` is what the actor was looking at; None takes it as it is. ``waiting``: only what waits for a moderator.
    Raises :class:`NotAllowedError`, :class:`AlreadyDecidedError` (who, what and when) or :class:`ReviewError`.
    """
    found = (
        ReviewItem.objects.select_for_update(of=("self",))
        .select_related(
            "space__territory", "territory", "page", "proposal", "decided_by", "assignee", "requested_by", "last_editor"
        )
        .filter(pk=item.pk)
        .first()
    )
    if found is None:
        raise NotAllowedError("Cette relecture n’existe plus.")
    if not may_decide(actor, found):
        raise NotAllowedError("Vous ne relisez pas (ou plus) dans cet espace.")
    if found.state not in OPEN_REVIEWS:
        raise AlreadyDecidedError(what_was_done(found))
    if waiting and found.state != ReviewState.WAITING:
        raise AlreadyDecidedError(what_was_done(found))
    if version is not None and found.version != version:
        raise AlreadyDecidedError(what_was_done(found))
    return found


def what_was_done(item: ReviewItem) -> str:
    """Who did what and when, for the second of two."""
    if item.state == ReviewState.WAITING:
        if item.page and item.page.latest_revision_created_at and item.last_editor:
            when = _when(item.page.latest_revision_created_at)
            return (
                f"Cette relecture a changé depuis que vous l’avez ouverte (dernière modification de la page : "
                f"{item.last_editor}, {when}). Relisez-la avant de décider ; votre saisie est gardée."
            )
        return "Cette relecture a changé depuis que vous l’avez ouverte. Relisez-la avant de décider."
    who = f"par {item.decided_by} " if item.decided_by else ""
    when = f"{_when(item.decided_at)}" if item.decided_at else ""
    done = f"Relecture déjà décidée {who}{when} : {str(item.get_state_display()).lower()}."
    return f"{done} {item.reason}".strip()


def _when(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), r"\l\e j F Y à H:i")


def require_four_eyes(item: ReviewItem, actor: User) -> None:
    """Raises :class:`FourEyesError` where ``actor`` last edited what they would approve."""
    if not may_approve(actor, item):
        raise FourEyesError(REFUSED if item.origin != ReviewOrigin.CORRECTION else CORRECTION_REFUSED)


CORRECTION_REFUSED = "Vous avez proposé cette correction : une autre personne doit l’accepter."


def running_task(item: ReviewItem) -> tuple[Page, TaskState]:
    """The page and the task of its workflow that is in progress. Raises :class:`ReviewError` where there is none."""
    page = item.page
    if page is None:
        raise ReviewError("La page a été supprimée.")
    state = page.current_workflow_task_state
    if state is None:
        raise ReviewError("Cette page n’est plus en relecture.")
    return page, state


def reviews_page(task_state: TaskState, page: Page, actor: Any) -> None:
    """Raises :class:`NotAllowedError` where Wagtail's own rights on the page say no."""
    task = task_state.task.specific
    if hasattr(task, "may_review") and not task.may_review(page, actor):
        raise NotAllowedError("Vous ne publiez pas (ou plus) dans l’espace de cette page.")


def reviews_allowed(page: Page, actor: Any) -> None:
    """Raises :class:`NotAllowedError` where ``actor`` may not publish the page."""
    if not policy_registry.get(page).user_has_permission_for_instance(actor, "publish", page):
        raise NotAllowedError("Vous ne publiez pas (ou plus) dans l’espace de cette page.")
