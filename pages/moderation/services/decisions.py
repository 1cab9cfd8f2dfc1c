"""Approve, ask for changes, refuse, reassign, take."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.log_actions import log

from portal.accounts.models import User
from portal.notifications.services import notify

from ...enums import ReviewOrigin, ReviewState
from ...models import FieldComment, ReviewItem
from ..errors import NotAllowedError, ReviewError
from ..keeping import address_of, announce, cancel_workflow, context_of, settle
from ..rights import may_decide
from .locking import locked, require_four_eyes, reviews_page, running_task

MOST_COMMENTS = 50
MOST_TEXT = 2000


@transaction.atomic
def approve(*, item: ReviewItem, actor: User, version: int | None, comment: str = "") -> ReviewItem:
    """Approve the page's latest revision, which is published (or scheduled, where it says from when).

    Side effects: Wagtail's workflow ends and logs, the page is published, ``review_decided`` is sent inside the
    transaction, who asked is told. Raises :class:`ReviewError`; :class:`FourEyesError` where the actor last edited it,
    :class:`AlreadyDecidedError` where somebody acted meanwhile. A correction goes through ``accept_correction``.
    """
    found = locked(item, actor=actor, version=version)
    require_four_eyes(found, actor)
    if found.origin == ReviewOrigin.CORRECTION:
        raise ReviewError("Une correction s’accepte champ par champ, depuis sa page.")
    page, task_state = running_task(found)
    reviews_page(task_state, page, actor)
    comment = comment.strip()[:MOST_TEXT]
    settle(found, state=ReviewState.APPROVED, actor=actor, reason=comment)
    try:
        with transaction.atomic():
            task_state.approve(user=actor, comment=comment)
    except ValidationError as error:
        raise ReviewError("La page n’est pas complète : " + " ".join(error.messages)) from error
    found.comments.filter(resolved_at=None).update(resolved_at=found.decided_at)
    announce(found, actor=actor)
    return found


@transaction.atomic
def request_changes(
    *, item: ReviewItem, actor: User, version: int | None, comments: Iterable[tuple[str, str]]
) -> ReviewItem:
    """Send it back to who asked, with what to change: (field name, text), an empty name is about the whole.

    Side effects: :class:`FieldComment` rows, Wagtail's task is rejected and logged, ``review_decided`` is sent inside
    the transaction. Raises :class:`ReviewError` without a comment, and as :func:`approve` does.
    """
    wanted = [(field[:60], text.strip()[:MOST_TEXT]) for field, text in comments if text.strip()]
    if not wanted:
        raise ReviewError("Dites ce qui est à changer.")
    if len(wanted) > MOST_COMMENTS:
        raise ReviewError(f"Pas plus de {MOST_COMMENTS} demandes à la fois.")
    found = locked(item, actor=actor, version=version)
    summary = "\n".join(text for _, text in wanted)[: MOST_TEXT * 2]
    if found.origin != ReviewOrigin.CORRECTION:
        page, task_state = running_task(found)
        reviews_page(task_state, page, actor)
    FieldComment.objects.bulk_create(
        FieldComment(item=found, field=field, text=text, author=actor) for field, text in wanted
    )
    settle(found, state=ReviewState.CHANGES_REQUESTED, actor=actor, reason="")
    if found.origin != ReviewOrigin.CORRECTION:
        task_state.reject(user=actor, comment=summary)
    elif found.page:
        log(instance=found.page, action="pages.review_changes", user=actor, data={"item": str(found.pk)})
    announce(found, actor=actor)
    return found


@transaction.atomic
def refuse(*, item: ReviewItem, actor: User, version: int | None, reason: str) -> ReviewItem:
    """Refuse for good, with a reason: the page stays an unpublished draft, or as it is online.

    Side effects: Wagtail's workflow is cancelled, a log row, ``review_decided`` inside the transaction. Raises
    :class:`ReviewError` without a reason, and as :func:`approve` does (four eyes excepted: nothing is published).
    """
    reason = reason.strip()[:MOST_TEXT]
    if not reason:
        raise ReviewError("Donnez le motif du refus : son auteur le lira.")
    found = locked(item, actor=actor, version=version, waiting=False)
    settle(found, state=ReviewState.REFUSED, actor=actor, reason=reason)
    cancel_workflow(found, actor)
    if found.page:
        log(
            instance=found.page,
            action="pages.review_refused",
            user=actor,
            data={"item": str(found.pk), "reason": reason},
        )
    announce(found, actor=actor)
    return found


@transaction.atomic
def reassign(*, item: ReviewItem, actor: User, assignee: User | None, version: int | None = None) -> ReviewItem:
    """Give the review to ``assignee`` (None: to the whole team again).

    Side effects: a log row, the assignee is told (kind ``moderation.assigned``). Raises :class:`NotAllowedError` where
    the assignee does not review in that space, and as :func:`approve` does.
    """
    found = locked(item, actor=actor, version=version, waiting=False)
    if found.assignee == assignee:
        return found
    if assignee is not None and not may_decide(assignee, found):
        raise NotAllowedError(f"{assignee} ne relit pas dans l’espace {found.space}.")
    found.assignee, found.version = assignee, found.version + 1
    found.save(update_fields=["assignee", "version"])
    if found.page:
        log(
            instance=found.page,
            action="pages.review_reassigned",
            user=actor,
            data={"item": str(found.pk), "assignee": assignee.pk if assignee else None},
        )
    if assignee is not None and assignee.pk != actor.pk:
        notify(
            "moderation.assigned",
            recipients=[assignee],
            event=f"{found.pk}:{found.version}",
            url=address_of(found),
            context=context_of(found, by=str(actor)),
        )
    return found


def take(*, item: ReviewItem, actor: User, version: int | None = None) -> ReviewItem:
    """Give the review to oneself: others see that somebody is at it."""
    return reassign(item=item, actor=actor, assignee=actor, version=version)
