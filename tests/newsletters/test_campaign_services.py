"""What people may do to a campaign: who, in which state, having seen what; from draft to the mail people get."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from wagtail.models import ModelLogEntry

from newsletters.access import visible_deliveries
from newsletters.enums import CampaignState, DeliveryState
from newsletters.models import Campaign, LetterSettings, NewsletterPage, Subscription
from newsletters.rules import TRANSITIONS, Action, CampaignRefused, may
from newsletters.sending.transports import Outcome, Result
from newsletters.sending.worker import Worker
from newsletters.services import campaigns, unsubscribe
from newsletters.services.deliveries import settle_unknown
from newsletters.services.lists import ensure_default_list
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.territories.models import Space, Territory
from tests.factories import make_member, make_news

from .letters.factories import block, pages
from .letters.factories import make_letter as make_draft
from .sending.factories import subscribe_people

pytestmark = pytest.mark.django_db


def make_letter(space: Space, *blocks: dict[str, Any]) -> NewsletterPage:
    """A letter with a page of the space in it, saved as a draft."""
    letter = make_draft(space, *(blocks or [pages(make_news(space))]))
    letter.save_revision()
    return letter


class Sent:
    """A transport that takes everything."""

    size = 50

    def __init__(self, result: Result = Result.ACCEPTED) -> None:
        self.result = result
        self.copies: list[tuple[str, str]] = []

    def send(self, letter: Any, copies: Any) -> Any:
        for copy in copies:
            filled = letter.fill(copy)
            self.copies.append((copy.address, filled.subject + filled.html + filled.text))
            yield Outcome(copy.delivery, self.result, "250")

    def close(self) -> None:
        return


@pytest.fixture
def editor(landes) -> User:
    return make_member(Role.EDITOR, landes)


@pytest.fixture
def sender(landes) -> User:
    return make_member(Role.SENDER, landes)


@pytest.fixture
def draft(landes_space, editor) -> Campaign:
    """A campaign of the Landes in preparation, to five people."""
    one = ensure_default_list(territory=landes_space.territory)
    subscribe_people(one, 5)
    return campaigns.create_campaign(letter=make_letter(landes_space), actor=editor, lists=[one])


def do(action: str, campaign: Campaign, actor: User, **fields: Any) -> Campaign:
    campaign.refresh_from_db()
    return getattr(campaigns, action)(campaign=campaign, actor=actor, version=campaign.version, **fields)


def refusal(action: str, campaign: Campaign, actor: User, **fields: Any) -> str:
    with pytest.raises(CampaignRefused) as refused:
        do(action, campaign, actor, **fields)
    return refused.value.code


def run(transport: Any) -> int:
    return Worker(transport).run(until=lambda: False)


def test_from_draft_to_the_mail(draft, sender, landes_space):
    scheduled = do("schedule", draft, sender)
    assert (scheduled.state, scheduled.frozen_revision) == (CampaignState.SCHEDULED, draft.letter.latest_revision)
    assert run(sent := Sent()) == 5
    draft.refresh_from_db()
    assert (draft.state, draft.recipients) == (CampaignState.FINISHED, 5)
    assert sorted(address for address, _ in sent.copies) == [f"p{number}@exemple.fr" for number in range(5)]
    assert all("http://testserver/l/" in body for _, body in sent.copies)
    logged = ModelLogEntry.objects.filter(object_id=draft.pk, action__startswith="newsletters.campaign.")
    assert [entry.action.rpartition(".")[2] for entry in logged.order_by("pk")] == [
        "create",
        "schedule",
        "start",
        "finish",
    ]


def test_what_is_sent_is_what_was_frozen(draft, sender, landes_space):
    tomorrow = timezone.now() + dt.timedelta(days=1)
    do("schedule", draft, sender, at=tomorrow)
    frozen = Campaign.objects.get(pk=draft.pk).html
    letter = draft.letter
    letter.title = letter.subject = "Tout autre chose"
    letter.save_revision()
    do("unschedule", draft, sender)
    do("schedule", draft, sender, at=tomorrow)
    again = Campaign.objects.get(pk=draft.pk)
    assert again.subject == "Tout autre chose"
    assert frozen != again.html


def test_above_the_threshold_a_second_person_agrees(draft, editor, sender, landes):
    LetterSettings.objects.create(territory=landes, approval_threshold=5)
    assert campaigns.needs_approval(draft)
    assert refusal("schedule", draft, sender) == "approval"
    assert refusal("approve", draft, sender) == "approval"
    do("request_approval", draft, editor)
    with pytest.raises(PermissionDenied):
        do("approve", draft, editor)
    do("approve", draft, sender)
    do("schedule", draft, sender)
    assert run(Sent()) == 5


def test_nobody_approves_what_they_asked_for_or_wrote(draft, sender, landes):
    LetterSettings.objects.create(territory=landes, approval_threshold=0)
    do("request_approval", draft, sender)
    assert refusal("approve", draft, sender) == "same_person"
    other = make_member(Role.SENDER, landes)
    do("send_back", draft, other, reason="Une coquille")
    draft.letter.save_revision(user=other)
    do("request_approval", draft, sender)
    assert refusal("approve", draft, other) == "same_person"
    do("approve", draft, make_member(Role.ADMIN_NATIONAL, Territory.objects.nation()))


def test_a_letter_changed_after_the_approval_is_approved_again(draft, editor, sender, landes):
    LetterSettings.objects.create(territory=landes, approval_threshold=1)
    do("request_approval", draft, editor)
    do("approve", draft, sender)
    draft.letter.save_revision()
    assert refusal("schedule", draft, sender) == "changed"
    do("request_approval", draft, editor)
    assert refusal("schedule", draft, sender) == "approval"


def test_changing_who_gets_it_forgets_the_approval(draft, editor, sender, landes):
    LetterSettings.objects.create(territory=landes, approval_threshold=1)
    do("request_approval", draft, editor)
    do("approve", draft, sender)
    do("change_campaign", draft, editor, per_hour=100)
    assert refusal("schedule", draft, sender) == "approval"


def test_the_second_of_two_people_is_told(draft, sender):
    seen = draft.version
    campaigns.schedule(campaign=draft, actor=sender, version=seen)
    with pytest.raises(CampaignRefused) as refused:
        campaigns.schedule(campaign=draft, actor=sender, version=seen)
    assert refused.value.code == "stale"
    assert run(sent := Sent()) == 5
    assert len(sent.copies) == 5


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"window_start": dt.time(9)}, "window_end"),
        ({"window_start": dt.time(18), "window_end": dt.time(9)}, "window_end"),
        ({"per_minute": 0}, "per_minute"),
        ({"error_percent": 101}, "error_percent"),
        ({"error_percent": 0}, "error_percent"),
    ],
)
def test_options_that_mean_nothing(draft, editor, options, field):
    with pytest.raises(CampaignRefused) as refused:
        do("change_campaign", draft, editor, **options)
    assert refused.value.field == field


@pytest.mark.parametrize("days", [-1, 400])
def test_a_moment_that_cannot_be(draft, sender, days):
    assert refusal("schedule", draft, sender, at=timezone.now() + dt.timedelta(days=days)) == "past"


def test_nobody_to_write_to(draft, sender):
    for each in Subscription.objects.order_by("pk"):
        unsubscribe(subscription=each)
    assert refusal("schedule", draft, sender) == "nobody"


def test_a_letter_with_an_error_does_not_leave(landes_space, editor, sender):
    one = ensure_default_list(territory=landes_space.territory)
    subscribe_people(one, 1)
    letter = make_letter(landes_space, block("text", "<p>{{ prenom }}</p>"))
    campaign = campaigns.create_campaign(letter=letter, actor=editor, lists=[one])
    assert refusal("schedule", campaign, sender) == "problems"


# --- Rights -----------------------------------------------------------------------------------------------------------
def test_an_editor_writes_and_does_not_send(draft, editor):
    with pytest.raises(PermissionDenied):
        do("schedule", draft, editor)
    do("change_campaign", draft, editor, per_day=10)
    do("cancel", draft, editor)


@pytest.mark.parametrize("action", ["schedule", "cancel", "request_approval", "change_campaign", "approve"])
def test_another_territory_can_do_nothing(draft, nouvelle_aquitaine, action):
    gers = Territory.objects.get(level="departement", code="32")
    for role in (Role.EDITOR, Role.SENDER):
        with pytest.raises(PermissionDenied):
            do(action, draft, make_member(role, gers))


def test_a_list_out_of_reach_is_refused(draft, editor, landes_space):
    national = ensure_default_list(territory=Territory.objects.nation())
    assert refusal("change_campaign", draft, editor, lists=[national]) == "lists"


def test_who_sends_must_send_for_each_list(draft, sender, landes):
    """Prepared by somebody national, with the national list: the sender of the Landes does not let it go."""
    boss = make_member(Role.ADMIN_NATIONAL, Territory.objects.nation())
    national = ensure_default_list(territory=Territory.objects.nation())
    do("change_campaign", draft, boss, lists=[*draft.lists.all(), national])
    with pytest.raises(PermissionDenied):
        do("schedule", draft, sender)
    do("schedule", draft, boss)


def test_only_the_national_team_stops_everything(sender):
    with pytest.raises(PermissionDenied):
        campaigns.stop_all_sending(actor=sender, reason="")


def test_copies_to_a_list_of_elsewhere_are_not_shown(draft, landes_space):
    """Prepared nationally for the Landes and for the country: the sender of the Landes reads the Landes' copies."""
    boss = make_member(Role.ADMIN_NATIONAL, Territory.objects.nation())
    national = ensure_default_list(territory=Territory.objects.nation())
    subscribe_people(national, 2, first=50)
    do("change_campaign", draft, boss, lists=[*draft.lists.all(), national])
    do("schedule", draft, boss)
    run(Sent())
    seen = visible_deliveries(make_member(Role.SENDER, landes_space.territory))
    assert set(seen.order_by("pk").values_list("list__territory__code", flat=True)) == {"40"}
    assert visible_deliveries(boss).count() == 7


# --- Copies whose fate is unknown -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("decision", "state"),
    [({"sent": True}, "accepted"), ({}, "failed"), ({"resend": True}, "waiting")],
)
def test_a_person_settles_an_uncertain_copy(draft, sender, decision, state):
    do("schedule", draft, sender)
    run(Sent(Result.UNKNOWN))
    draft.refresh_from_db()
    assert draft.state == CampaignState.FINISHED
    copy = draft.deliveries.order_by("pk").first()
    settle_unknown(delivery=copy, actor=sender, **decision)
    copy.refresh_from_db()
    assert copy.state == state
    with pytest.raises(CampaignRefused):
        settle_unknown(delivery=copy, actor=sender)
    run(again := Sent())
    assert len(again.copies) == (1 if decision.get("resend") else 0)


def test_an_editor_does_not_settle(draft, editor, sender):
    do("schedule", draft, sender)
    run(Sent(Result.UNKNOWN))
    with pytest.raises(PermissionDenied):
        settle_unknown(delivery=draft.deliveries.order_by("pk").first(), actor=editor)


# --- Any path ---------------------------------------------------------------------------------------------------------
def test_the_table_of_transitions():
    assert {action: sorted(states) for action, (states, _) in TRANSITIONS.items() if len(states) > 1} == {
        Action.CANCEL: ["draft", "paused", "running", "scheduled"]
    }
    for state in (CampaignState.CANCELLED,):
        assert not any(may(state, action) for action in Action)
    assert [action for action in Action if may(CampaignState.FINISHED, action)] == [Action.REOPEN]


class Paths(RuleBasedStateMachine):
    """People and workers do whatever they like: nobody is written to twice, and no state contradicts its rows."""

    space: Any = None
    people: dict[str, User] = {}

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []
        one = ensure_default_list(territory=self.space.territory)
        self.campaign = campaigns.create_campaign(
            letter=make_letter(self.space), actor=self.people["editor"], lists=[one]
        )

    @rule(
        action=st.sampled_from(
            ["request_approval", "approve", "send_back", "schedule", "unschedule", "pause", "resume", "cancel"]
        ),
        actor=st.sampled_from(["editor", "sender", "other", "boss"]),
        stale=st.booleans(),
    )
    def act(self, action: str, actor: str, stale: bool) -> None:
        before = Campaign.objects.get(pk=self.campaign.pk)
        version = before.version - stale
        try:
            getattr(campaigns, action)(campaign=before, actor=self.people[actor], version=version)
        except (CampaignRefused, PermissionDenied):
            after = Campaign.objects.get(pk=self.campaign.pk)
            assert (after.state, after.version, after.html) == (before.state, before.version, before.html)
        else:
            assert not stale

    @rule()
    def edit(self) -> None:
        self.campaign.letter.save_revision(user=self.people["editor"])

    @rule(result=st.sampled_from([Result.ACCEPTED, Result.RETRY, Result.UNKNOWN, Result.FAILED]))
    def work(self, result: Result) -> None:
        transport = Sent(result)
        run(transport)
        if result != Result.RETRY:
            self.sent += [address for address, _ in transport.copies]

    @invariant()
    def nobody_gets_two(self) -> None:
        assert len(self.sent) == len(set(self.sent))

    @invariant()
    def states_agree(self) -> None:
        one = Campaign.objects.get(pk=self.campaign.pk)
        rows = one.deliveries.order_by("pk")
        if one.state in (CampaignState.DRAFT, CampaignState.SCHEDULED):
            assert not rows.exists()
        if one.state == CampaignState.FINISHED:
            assert not rows.filter(state__in=[DeliveryState.WAITING, DeliveryState.SENDING]).exists()
        if one.approved_at:
            assert one.approved_by_id != one.requested_by_id
        assert one.version >= 1


def test_any_path(landes_space, editor, sender):
    Paths.space = landes_space
    subscribe_people(ensure_default_list(territory=landes_space.territory), 3)
    LetterSettings.objects.create(territory=landes_space.territory, approval_threshold=2)
    boss = make_member(Role.ADMIN_NATIONAL, Territory.objects.nation())
    gers = Territory.objects.get(level="departement", code="32")
    Paths.people = {"editor": editor, "sender": sender, "boss": boss, "other": make_member(Role.SENDER, gers)}
    run_state_machine_as_test(
        Paths,
        settings=settings(
            max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
