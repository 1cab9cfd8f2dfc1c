"""Keeping :class:`pages.models.ReviewItem` true to Wagtail's workflows. Called by the receivers and by the repair."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, TaskState, WorkflowState

from portal.core.models import PageFact
from portal.notifications.services import notify
from portal.territories.models import Space

from ..enums import OPEN_REVIEWS, ProposalState, ReviewOrigin, ReviewState
from ..models import Proposal, ReviewItem
from .days import after_working_days
from .deciders import nearest
from .four_eyes import last_editor_id
from .signals import review_decided

REMIND_AFTER = 3  # working days
ESCALATE_AFTER = 6
DELETED = "La page a été supprimée."
CLOSED = "L’espace a été fermé."
DROPPED = "La relecture a été annulée."


def page_of_state(state: WorkflowState) -> Page | None:
    """The page of a workflow; None where it is another object, or gone."""
    found = state.content_object
    return found if isinstance(found, Page) else None


def is_reviewed(page: Page) -> bool:
    """Whether a review of the page in its workflow is open. One query, no lock."""
    open_ones = ReviewItem.objects.open().filter(page=page.pk).exclude(origin=ReviewOrigin.CORRECTION)
    return bool(open_ones.exists())


def item_of_unlocked(page: Page) -> ReviewItem | None:
    """The open review of a page in its workflow. One query."""
    return ReviewItem.objects.open().filter(page=page.pk).exclude(origin=ReviewOrigin.CORRECTION).first()


def item_of(page: Page) -> ReviewItem | None:
    """The open review of a page in its workflow, locked until the transaction's end. One query."""
    return (
        ReviewItem.objects.select_for_update()
        .filter(page=page.pk, state__in=OPEN_REVIEWS)
        .exclude(origin=ReviewOrigin.CORRECTION)
        .first()
    )


@transaction.atomic
def review_started(task_state: TaskState, *, told: bool = True) -> ReviewItem | None:
    """A page entered its review, or came back after changes: make or reopen its item, tell those who review.

    Nothing where the object is no page, or lies in no space. Started again for a new revision (somebody edited
    meanwhile), the item keeps its date.
    """
    page = page_of_state(task_state.workflow_state)
    fact = page and PageFact.objects.select_related("space__territory").filter(page=page.pk).first()
    if page is None or not fact or fact.space is None:
        return None
    proposal = Proposal.objects.filter(page=page.pk).exclude(kind="correction").order_by("-created_at").first()
    item = item_of(page)
    if item is None:
        if page.first_published_at is not None:
            proposal = None  # Published already: what waits now is the work of its editors.
        item = ReviewItem(page_id=page.pk, submitted_at=task_state.started_at or timezone.now())
        item.origin = ReviewOrigin.PROPOSAL if proposal else ReviewOrigin.EDITION
        item.proposal = proposal
    elif item.state == ReviewState.CHANGES_REQUESTED:
        item.submitted_at = task_state.started_at or timezone.now()
        item.reminded_at = None
    elif item.task_state_id is not None:
        told = False
    item.state, item.task_state = ReviewState.WAITING, task_state
    requester = task_state.workflow_state.requested_by
    item.requested_by = requester
    item.requested_label = _label(requester, item.proposal)
    item.decided_at, item.decided_by, item.reason = None, None, ""
    _describe(item, page, fact)
    item.version += 1
    plan(item)
    item.save()
    if told:
        tell_new(item)
    return item


def _label(requester: Any, proposal: Proposal | None) -> str:
    if requester is not None:
        return str(requester)[:160]
    return (proposal.author_name if proposal else "")[:160] or "quelqu’un"


def _describe(item: ReviewItem, page: Page, fact: PageFact) -> None:
    """What the item repeats of its page."""
    space = fact.space
    assert space is not None
    item.kind = fact.kind
    item.title = (page.draft_title or page.title)[:255]
    item.space = space
    item.territory_id = fact.territory_id or space.territory_id
    item.last_editor_id = last_editor_id(page)


def refresh(item: ReviewItem, page: Page) -> None:
    """What the item repeats of its page, and its delays, written again. Sets fields, saves nothing."""
    fact = PageFact.objects.select_related("space__territory").filter(page=page.pk).first()
    if fact is not None and fact.space is not None:
        _describe(item, page, fact)
        plan(item)


def plan(item: ReviewItem, now: datetime | None = None) -> None:
    """When it is to be reminded and escalated; at once to the level above where nobody of the space may decide.

    Sets fields, saves nothing.
    """
    zone = item.territory.time_zone
    item.due_at = after_working_days(item.submitted_at, REMIND_AFTER, zone)
    item.escalates_at = after_working_days(item.submitted_at, ESCALATE_AFTER, zone)
    team = nearest(item.space, without=item.last_editor_id)
    if team is None or team.territory.pk == item.space.territory_id:
        item.escalated_at, item.escalated_to = None, None
    else:
        item.escalated_at, item.escalated_to = item.escalated_at or now or timezone.now(), team.territory


def context_of(item: ReviewItem, **more: Any) -> dict[str, Any]:
    """What notifications say of an item: plain values."""
    return {"item": str(item.pk), "title": item.title, "space": str(item.space), **more}


def address_of(item: ReviewItem) -> str:
    return reverse("review_item", args=[item.pk])


def tell_new(item: ReviewItem) -> int:
    """Tell those nearest who may decide, the assignee alone where there is one. Once a version of the item."""
    team = nearest(item.space, without=item.last_editor_id)
    people = [item.assignee] if item.assignee else list(team.people if team else ())
    alone = item.escalated_to_id is not None and item.assignee is None
    return notify(
        "moderation.escalated" if alone else "moderation.new",
        recipients=[person for person in people if person.pk != item.requested_by_id],
        event=f"{item.pk}:{item.submitted_at:%Y%m%d%H%M%S}",
        url=address_of(item),
        context=context_of(item, origin=str(item.get_origin_display()), by=item.requested_label, alone=alone),
    )


def settle(item: ReviewItem, *, state: str, actor: Any, reason: str = "") -> None:
    """Write a decision on a locked item, without telling it (:func:`announce` does, once the workflow followed)."""
    item.state, item.version = state, item.version + 1
    item.reason = reason
    if state != ReviewState.WAITING:
        item.decided_at, item.decided_by = timezone.now(), actor
    item.save()


def announce(item: ReviewItem, *, actor: Any) -> None:
    """Tell a decision: the signal inside the transaction, and the editor who asked, unless they took it themselves."""
    review_decided.send(sender=ReviewItem, item=item, actor=actor)
    asked = item.requested_by
    if item.origin == ReviewOrigin.EDITION and asked is not None and actor is not None and asked.pk != actor.pk:
        notify(
            "moderation.decided",
            recipients=[asked],
            event=f"{item.pk}:{item.version}",
            url=reverse("wagtailadmin_pages:edit", args=[item.page_id]) if item.page_id else "",
            context=context_of(item, decision=str(item.get_state_display()), by=str(actor), reason=item.reason),
        )


@transaction.atomic
def workflow_ended(state: WorkflowState, *, outcome: str, actor: Any, reason: str = "") -> None:
    """The workflow was decided elsewhere than by our services (Wagtail's editor, a script): the item follows.

    Nothing where the item already stands so: the service that decided wrote it, and tells it.
    """
    page = page_of_state(state)
    item = item_of(page) if page else None
    if item is None or item.state == outcome:
        return
    if outcome == ReviewState.CANCELLED and _is_dropped(item, actor):
        outcome, reason = ReviewState.REFUSED, reason or DROPPED
    if outcome == ReviewState.CHANGES_REQUESTED and reason:
        item.comments.create(text=reason[:2000], author=actor)
    settle(item, state=outcome, actor=actor, reason=reason)
    announce(item, actor=actor)


def _is_dropped(item: ReviewItem, actor: Any) -> bool:
    """Whether somebody else than its author ended the review of a contribution: that refuses it."""
    proposal = Proposal.objects.filter(pk=item.proposal_id).first() if item.proposal_id else None
    if proposal is None or proposal.state not in (ProposalState.SUBMITTED, ProposalState.CHANGES_REQUESTED):
        return False
    return actor is None or proposal.author_id != actor.pk


@transaction.atomic
def page_edited(page: Page) -> None:
    """Somebody wrote in a page under review: its latest revision is what is approved, by somebody else than them.

    The version rises: a moderator who was reading the former text is told before deciding.
    """
    item = item_of(page)
    if item is None:
        return
    fact = PageFact.objects.select_related("space__territory").filter(page=page.pk).first()
    if fact is None or fact.space is None:
        return
    before = item.last_editor_id
    stored = Page.objects.get(pk=page.pk)
    _describe(item, stored, fact)
    item.version += 1
    if item.last_editor_id != before:
        called = item.escalated_to_id
        plan(item)
        if item.escalated_to_id and item.escalated_to_id != called and item.state == ReviewState.WAITING:
            tell_new(item)
    item.save()
    if item.task_state_id:
        running = TaskState.objects.filter(pk=item.task_state_id, status=TaskState.STATUS_IN_PROGRESS)
        running.update(revision_id=stored.latest_revision_id)


@transaction.atomic
def page_gone(page: Page) -> int:
    """A page is about to be deleted: its open reviews are cancelled, and say why. Returns how many."""
    found = list(ReviewItem.objects.select_for_update().open().filter(page=page.pk).order_by("pk"))
    for item in found:
        settle(item, state=ReviewState.CANCELLED, actor=None, reason=DELETED)
        announce(item, actor=None)
    return len(found)


@transaction.atomic
def pages_moved(root: Page) -> int:
    """Pages at or beneath ``root`` lie elsewhere: their open reviews belong to the new place. Returns how many.

    Space, territory, delays and those called upon follow; an assignee who reviews there no more gives it back.
    """
    found = (
        ReviewItem.objects.select_for_update(of=("self",))
        .open()
        .filter(page__path__startswith=root.path)
        .select_related("page", "assignee")
        .order_by("pk")
    )
    moved = 0
    for item in found:
        assert item.page is not None
        fact = PageFact.objects.select_related("space__territory").filter(page=item.page_id).first()
        if fact is None or fact.space is None or fact.space_id == item.space_id:
            continue
        _describe(item, item.page, fact)
        item.version += 1
        give_back(item)
        plan(item)
        item.save()
        if item.state == ReviewState.WAITING:
            tell_new(item)
        moved += 1
    return moved


def give_back(item: ReviewItem) -> bool:
    """Unassign who may not decide there any more; whether that changed. Saves nothing."""
    from .rights import may_decide

    if item.assignee is None or may_decide(item.assignee, item):
        return False
    item.assignee = None
    return True


@transaction.atomic
def space_shut(space: Space, *, actor: Any) -> int:
    """A space closes: what waited there is cancelled (a contribution: refused), its drafts stay. Returns how many."""
    found = list(
        ReviewItem.objects.select_for_update(of=("self",))
        .open()
        .filter(space=space)
        .select_related("page")
        .order_by("pk")
    )
    for item in found:
        state = ReviewState.REFUSED if item.proposal_id else ReviewState.CANCELLED
        settle(item, state=state, actor=actor, reason=CLOSED)
        cancel_workflow(item, actor)
        announce(item, actor=actor)
    return len(found)


def cancel_workflow(item: ReviewItem, actor: Any) -> None:
    """End the workflow of the item's page, if it runs. Wagtail logs it."""
    state = item.page.current_workflow_state if item.page and item.origin != ReviewOrigin.CORRECTION else None
    if state is not None:
        state.cancel(user=actor)
