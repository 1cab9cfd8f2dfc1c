"""Corrections of published pages that readers propose."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from wagtail.log_actions import log

from portal.accounts.models import User
from portal.core.models import PageFact

from ...enums import OPEN_REVIEWS, ReviewOrigin, ReviewState
from ...models import Proposal, ReviewItem
from ..errors import ReviewError
from ..four_eyes import is_held_back
from ..keeping import announce, plan, settle, tell_new
from .locking import locked, require_four_eyes, reviews_allowed


@transaction.atomic
def queue_correction(*, proposal: Proposal) -> ReviewItem:
    """Put a submitted correction in the queue of its page's space, or back in it once answered.

    Side effects: those who review are told. Raises :class:`ReviewError` where the page is gone or in no space.
    """
    fact = PageFact.objects.select_related("space__territory", "page").filter(page=proposal.page_id).first()
    if fact is None or fact.space is None:
        raise ReviewError("La page à corriger n’existe plus.")
    item = ReviewItem.objects.select_for_update().filter(proposal=proposal, state__in=OPEN_REVIEWS).first()
    item = item or ReviewItem(proposal=proposal, origin=ReviewOrigin.CORRECTION)
    item.page_id, item.kind, item.title = fact.page_id, fact.kind, fact.page.title[:255]
    item.space, item.territory_id = fact.space, fact.territory_id or fact.space.territory_id
    item.requested_by = item.last_editor = proposal.author
    item.requested_label = str(proposal.author or proposal.author_name or "un lecteur")[:160]
    item.submitted_at = proposal.submitted_at or item.submitted_at
    item.state, item.version, item.reminded_at = ReviewState.WAITING, item.version + 1, None
    item.decided_at, item.decided_by, item.reason = None, None, ""
    plan(item)
    item.save()
    tell_new(item)
    return item


@transaction.atomic
def accept_correction(
    *, item: ReviewItem, actor: User, version: int | None, fields: Iterable[str], reason: str = ""
) -> ReviewItem:
    """Take all or some ``fields`` of a correction: they are published in the page, the others are left.

    Side effects: ``pages.contribution.services.apply_correction``, a log row, ``review_decided`` inside the
    transaction. Raises :class:`ReviewError` without a field or while the page itself is under review, and as
    :func:`pages.moderation.services.approve` does.
    """
    from ...contribution.services import ProposalError, apply_correction

    chosen = list(dict.fromkeys(fields))
    if not chosen:
        raise ReviewError("Choisissez au moins un champ à reprendre, ou refusez la correction.")
    found = locked(item, actor=actor, version=version)
    if found.origin != ReviewOrigin.CORRECTION or found.proposal is None:
        raise ReviewError("Ce n’est pas une correction.")
    require_four_eyes(found, actor)
    if found.page is None:
        raise ReviewError("La page à corriger n’existe plus.")
    reviews_allowed(found.page, actor)
    if is_held_back(found.page):
        raise ReviewError("Cette page est elle-même en relecture : décidez-en d’abord.")
    settle(found, state=ReviewState.APPROVED, actor=actor, reason=reason.strip())
    try:
        apply_correction(proposal=found.proposal, fields=chosen, actor=actor)
    except ProposalError as error:
        raise ReviewError(str(error)) from error
    log(
        instance=found.page,
        action="pages.review_correction",
        user=actor,
        data={"item": str(found.pk), "fields": chosen},
    )
    announce(found, actor=actor)
    return found
