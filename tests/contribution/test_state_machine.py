"""Whatever is done, in whatever order, by authors, moderators and others: a legal state, one page, no lost text."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from wagtail.actions.publish_page_revision import PublishPagePermissionError
from wagtail.models import Page, TaskState, WorkflowState

from pages.contribution.services import (
    ProposalError,
    delete_draft,
    resubmit_proposal,
    save_draft,
    submit_proposal,
    withdraw_proposal,
)
from pages.enums import OPEN_REVIEWS, ProposalState, ReviewState
from pages.models import Proposal, ReviewItem
from pages.moderation.errors import ReviewError
from pages.moderation.services import approve, refuse, request_changes
from portal.accounts.enums import Role
from portal.accounts.models import Membership, User
from portal.notifications.models import Notice
from tests.factories import make_member

from .factories import make_draft

pytestmark = pytest.mark.django_db

DRAFT, SUBMITTED, CHANGES = ProposalState.DRAFT, ProposalState.SUBMITTED, ProposalState.CHANGES_REQUESTED
PUBLISHED, REFUSED, WITHDRAWN = ProposalState.PUBLISHED, ProposalState.REFUSED, ProposalState.WITHDRAWN
GONE = "gone"

#: What each act makes of each state; an act that is not here for a state is refused, or finds nothing to do.
LEGAL: dict[str, dict[str, str]] = {
    "save": {DRAFT: DRAFT, CHANGES: CHANGES},
    "submit": {DRAFT: SUBMITTED, SUBMITTED: SUBMITTED, CHANGES: SUBMITTED},
    "resubmit": {CHANGES: SUBMITTED},
    "withdraw": {SUBMITTED: WITHDRAWN, CHANGES: WITHDRAWN, WITHDRAWN: WITHDRAWN},
    "delete": {DRAFT: GONE, WITHDRAWN: GONE, GONE: GONE},
    "ask for changes": {SUBMITTED: CHANGES},
    "refuse": {SUBMITTED: REFUSED, CHANGES: REFUSED},
    "approve": {SUBMITTED: PUBLISHED},
    # Nobody publishes around a review; the portal does what was scheduled before it.
    "publish around": {},
    "scheduled publication": {SUBMITTED: PUBLISHED, CHANGES: PUBLISHED, REFUSED: PUBLISHED},
    "delete the page": {SUBMITTED: REFUSED, CHANGES: REFUSED},
}
BY_THEIR_AUTHOR = ("save", "submit", "resubmit", "withdraw", "delete")
BY_MODERATORS = ("ask for changes", "refuse", "approve")
ACTIVE = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)


class Story:
    """One proposal, and what everybody does to it."""

    def __init__(self, author: User, moderator: User) -> None:
        self.author, self.moderator = author, moderator
        self.key = make_draft(author).pk
        self.typed = "Une permanence à Dax"
        self.count = 0
        self.seen = 0

    @property
    def proposal(self) -> Proposal | None:
        return Proposal.objects.select_related("page").filter(pk=self.key).first()

    @property
    def state(self) -> str:
        return proposal.state if (proposal := self.proposal) else GONE

    @property
    def page(self) -> Page | None:
        return proposal.page if (proposal := self.proposal) else None

    def person(self) -> User:
        """Afresh, as at each request: abilities are remembered on the object."""
        return User.objects.get(pk=self.author.pk)

    def act(self, name: str, actor: User | None = None) -> None:
        """Do it, in a transaction of its own. Raises :class:`ProposalError` as the services do."""
        proposal = self.proposal or Proposal(pk=self.key)
        acts: dict[str, Callable[[], Any]] = {
            "save": lambda: self.save(proposal, actor),
            "submit": lambda: submit_proposal(proposal=proposal, actor=actor or self.person()),
            "resubmit": lambda: resubmit_proposal(proposal=proposal, actor=actor or self.person()),
            "withdraw": lambda: withdraw_proposal(proposal=proposal, actor=actor or self.person()),
            "delete": lambda: delete_draft(proposal=proposal, actor=actor or self.person()),
            "ask for changes": lambda: self.decide(ReviewState.CHANGES_REQUESTED),
            "refuse": lambda: self.decide(ReviewState.REFUSED),
            "approve": lambda: self.decide(ReviewState.APPROVED),
            "publish around": lambda: self.page and self.page.get_latest_revision().publish(user=self.moderator),
            "scheduled publication": lambda: self.page and self.page.get_latest_revision().publish(),
            "delete the page": lambda: self.page and self.page.specific.delete(user=self.moderator),
        }
        with transaction.atomic():
            acts[name]()

    def save(self, proposal: Proposal, actor: User | None) -> None:
        self.count += 1
        title = f"Titre {self.count}"
        data = proposal.data | {"title": [title]}
        save_draft(proposal=proposal, actor=actor or self.person(), data=data, version=proposal.version)
        self.typed = title

    def decide(self, state: ReviewState) -> None:
        """A moderator's decision. Raises :class:`ReviewError` where nothing waits for one."""
        item = ReviewItem.objects.filter(proposal=self.key).order_by("-submitted_at", "-pk").first()
        if item is None:
            raise ReviewError("Rien n’attend.")
        seen: dict[str, Any] = {"item": item, "actor": User.objects.get(pk=self.moderator.pk), "version": item.version}
        if state == ReviewState.APPROVED:
            approve(**seen)
        elif state == ReviewState.CHANGES_REQUESTED:
            request_changes(**seen, comments=[("title", "Plus court.")])
        else:
            refuse(**seen, reason="Hors sujet.")

    def check(self) -> None:
        """What holds at any time."""
        owned = Page.objects.filter(owner=self.author)
        proposal = self.proposal
        if proposal is None:
            assert not owned.exists()
            return
        assert proposal.data["title"] == [self.typed]
        assert proposal.data["lead"] == ["Tous les mardis."]
        assert proposal.title == self.typed
        assert proposal.version >= self.seen
        self.seen = proposal.version
        assert owned.count() <= 1
        if proposal.state in (DRAFT, WITHDRAWN):
            assert proposal.page is None
            assert not owned.exists()
        waits = {SUBMITTED: [ReviewState.WAITING], CHANGES: [ReviewState.CHANGES_REQUESTED]}
        queued = ReviewItem.objects.filter(state__in=OPEN_REVIEWS).values_list("state", flat=True)
        assert list(queued) == waits.get(ProposalState(proposal.state), [])
        if proposal.page is not None:
            assert list(owned) == [proposal.page]
            # What is made of a refused draft is told too, the day it is online.
            assert proposal.page.live == (proposal.state == PUBLISHED)
            assert proposal.page.get_parent().slug == "actualites"
            assert proposal.space is not None
            assert proposal.page.is_descendant_of(proposal.space.page)
        reviews = WorkflowState.objects.filter(status__in=ACTIVE).order_by("pk").values_list("status", flat=True)
        running = {SUBMITTED: ["in_progress"], CHANGES: ["needs_changes"]}
        assert list(reviews) == running.get(ProposalState(proposal.state), [])
        tasks = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).count()
        assert tasks == (1 if proposal.state == SUBMITTED else 0)
        assert Notice.objects.filter(recipient=self.author).count() <= proposal.version


@pytest.fixture
def people(landes, landes_space):
    return make_member(Role.CONTRIBUTOR, landes), make_member(Role.EDITOR, landes)


def tell(story: Story, acts: list[str]) -> None:
    for act in acts:
        before = story.state
        expected = LEGAL[act].get(before)
        if act == "scheduled publication" and story.page is None:
            expected = None  # Nothing is left to publish.
        refused = False
        try:
            story.act(act)
        except (ProposalError, ReviewError, PublishPagePermissionError):
            refused = True
        assert story.state == (expected or before), f"{act}, {before}"
        if act in (*BY_THEIR_AUTHOR, *BY_MODERATORS) and before != GONE:
            assert refused == (expected is None), f"{act}, {before}"
        story.check()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(sorted(LEGAL)), max_size=6).map(lambda acts: ["submit", *acts]))
@example(
    ["submit", "ask for changes", "save", "resubmit", "ask for changes", "submit", "approve", "withdraw", "delete"]
)
@example(["save", "submit", "ask for changes", "withdraw", "submit", "save", "delete", "delete", "submit"])
@example(
    [
        "submit",
        "publish around",
        "ask for changes",
        "scheduled publication",
        "save",
        "resubmit",
        "refuse",
        "delete the page",
        "withdraw",
    ]
)
@example(["submit", "ask for changes", "delete the page", "resubmit", "save", "withdraw", "delete"])
@example(["submit", "delete the page", "scheduled publication"])
@example(["submit", "refuse", "publish around", "scheduled publication", "submit", "withdraw"])
def test_any_order_of_acts_leaves_a_legal_state_and_one_page(people, acts):
    with transaction.atomic():
        tell(Story(*people), acts)
        transaction.set_rollback(True)


WAYS = {
    DRAFT: [],
    SUBMITTED: ["submit"],
    CHANGES: ["submit", "ask for changes"],
    PUBLISHED: ["submit", "approve"],
    REFUSED: ["submit", "refuse"],
    WITHDRAWN: ["submit", "withdraw"],
    GONE: ["delete"],
}


@pytest.mark.parametrize("state", WAYS)
def test_each_act_in_each_state(people, state):
    story = Story(*people)
    tell(story, WAYS[state])
    assert story.state == state
    for act in LEGAL:
        with transaction.atomic():
            tell(copy(story), [act])
            transaction.set_rollback(True)


@pytest.mark.parametrize("state", [each for each in WAYS if each != GONE])
def test_nobody_but_its_author_acts_as_its_author(people, landes, state):
    story = Story(*people)
    tell(story, WAYS[state])
    before = Proposal.objects.values().get(pk=story.key)
    for stranger in (make_member(Role.CONTRIBUTOR, landes), people[1]):
        for act in BY_THEIR_AUTHOR:
            try:
                copy(story).act(act, actor=stranger)
            except ProposalError:
                pass
            else:
                # To delete what is not one's own is to find nothing.
                assert act == "delete"
    assert Proposal.objects.values().get(pk=story.key) == before
    story.check()


@pytest.mark.parametrize("state", [DRAFT, CHANGES])
def test_after_the_membership_ended_nothing_is_sent_and_all_is_kept(people, state):
    story = Story(*people)
    tell(story, WAYS[state])
    Membership.objects.filter(user=people[0]).delete()
    story.act("save")
    with pytest.raises(ProposalError, match="ne contribuez plus"):
        story.act("submit")
    assert story.state == state
    story.check()
    story.act("delete" if state == DRAFT else "withdraw")
    story.check()


@pytest.mark.parametrize("times", [2, 3])
def test_each_round_of_changes_is_told_once(people, times):
    story = Story(*people)
    tell(story, ["submit", *["ask for changes", "save", "resubmit"] * times, "approve"])
    kinds = sorted(Notice.objects.filter(recipient=people[0]).values_list("kind", flat=True))
    assert kinds.count("contribution.changes") == times
    assert kinds.count("contribution.received") == times + 1
    assert kinds.count("contribution.published") == 1
