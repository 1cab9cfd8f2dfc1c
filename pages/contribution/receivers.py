"""What moderators decide changes the state of the proposal, and its author is told."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import pre_delete
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import page_published

from portal.notifications.services import notify

from ..enums import ProposalKind, ProposalState, ReviewOrigin, ReviewState
from ..models import Proposal, ReviewItem
from ..moderation.signals import review_decided
from . import tasks

STATES = {
    ReviewState.APPROVED: ProposalState.PUBLISHED,
    ReviewState.CHANGES_REQUESTED: ProposalState.CHANGES_REQUESTED,
    ReviewState.REFUSED: ProposalState.REFUSED,
}
KINDS = {
    ProposalState.PUBLISHED: "contribution.published",
    ProposalState.CHANGES_REQUESTED: "contribution.changes",
    ProposalState.REFUSED: "contribution.refused",
}


def on_review_decided(sender: Any, *, item: ReviewItem, actor: Any, **kwargs: Any) -> None:
    """Follow a decision; one that leaves the proposal where it is says nothing twice."""
    state = STATES.get(ReviewState(item.state))
    if item.proposal_id is None or state is None:
        return
    if state == ProposalState.PUBLISHED and item.origin != ReviewOrigin.CORRECTION and not _is_live(item):
        return  # Approved for later: its author is told the day it is online.
    decide(proposal_id=item.proposal_id, state=state, item=item)


def _is_live(item: ReviewItem) -> bool:
    return Page.objects.filter(pk=item.page_id, live=True).exists()


@transaction.atomic
def decide(*, proposal_id: Any, state: ProposalState, item: ReviewItem | None = None) -> None:
    """Set the state of a proposal that waits. Side effect: its author is told, once a decision."""
    proposal = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("author", "space__territory", "page")
        .filter(pk=proposal_id)
        .first()
    )
    if proposal is None or proposal.state == state:
        return
    # What was refused may be published all the same, later, by who edits the page.
    if not proposal.with_moderators and (proposal.state, state) != (ProposalState.REFUSED, ProposalState.PUBLISHED):
        return
    proposal.state = state
    proposal.version += 1
    if state != ProposalState.CHANGES_REQUESTED:
        proposal.decided_at = timezone.now()
    proposal.save(update_fields=["state", "version", "decided_at", "updated_at"])
    if proposal.author is None:
        if proposal.author_email:
            transaction.on_commit(lambda key=str(proposal.pk): tasks.answer_correction.enqueue(key), robust=True)
        return
    published = state == ProposalState.PUBLISHED and proposal.page is not None
    notify(
        KINDS[state],
        recipients=[proposal.author],
        event=f"proposal:{proposal.pk}:{proposal.version}",
        url=(proposal.page.url or "") if published and proposal.page else f"/contribuer/p/{proposal.pk}/",
        context={
            "title": proposal.title,
            "space": str(proposal.space or ""),
            "reason": item.reason if item else "",
            "comments": _asked(item, proposal) if item and state == ProposalState.CHANGES_REQUESTED else [],
        },
    )


def _asked(item: ReviewItem, proposal: Proposal) -> list[str]:
    asked = item.comments.filter(created_at__gte=proposal.submitted_at or proposal.created_at)
    return [comment.text for comment in asked.order_by("created_at", "pk")[:20]]


def on_page_published(sender: Any, *, instance: Page, **kwargs: Any) -> None:
    """A page published around its review (by who may) is a proposal published all the same."""
    decided_later = [ProposalState.SUBMITTED, ProposalState.CHANGES_REQUESTED, ProposalState.REFUSED]
    waiting = Proposal.objects.filter(page_id=instance.pk, state__in=decided_later).exclude(
        kind=ProposalKind.CORRECTION
    )
    for key in waiting.order_by("pk").values_list("pk", flat=True):
        decide(proposal_id=key, state=ProposalState.PUBLISHED)


def on_page_deleted(sender: Any, *, instance: Any, **kwargs: Any) -> None:
    """A page deleted during its review: its author is told, and keeps the text."""
    if isinstance(instance, Page):
        waiting = Proposal.objects.filter(
            page_id=instance.pk, state__in=[ProposalState.SUBMITTED, ProposalState.CHANGES_REQUESTED]
        )
        for key in waiting.order_by("pk").values_list("pk", flat=True):
            decide(proposal_id=key, state=ProposalState.REFUSED)


def connect() -> None:
    review_decided.connect(on_review_decided, dispatch_uid="contribution-decided")
    page_published.connect(on_page_published, dispatch_uid="contribution-published")
    pre_delete.connect(on_page_deleted, sender=Page, dispatch_uid="contribution-deleted")
