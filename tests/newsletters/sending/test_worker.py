"""From a launched campaign to what each person got, through the worker and a real SMTP server."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from newsletters.addresses import fingerprint
from newsletters.enums import CampaignState, DeliveryState, PauseReason, SkipReason, SuppressionReason
from newsletters.models import Campaign, Delivery, Subscriber, Subscription, Suppression
from newsletters.sending import claims, pace, settle, snapshot
from newsletters.sending.merge import CompiledLetter, Copy
from newsletters.sending.transports import Outcome, Result, TransportAwayError
from newsletters.sending.worker import Worker, has_work
from newsletters.services import suppress, unsubscribe
from newsletters.services.campaigns import allow_sending, stop_all_sending
from newsletters.services.lists import ensure_default_list
from portal.accounts.enums import Role
from portal.territories.models import Territory
from tests.factories import make_member

from .factories import make_campaign, subscribe_people
from .sinks import Sink, running, transport_to

pytestmark = pytest.mark.django_db


class Script:
    """A transport that answers as told: (address) → Result, or raises."""

    size = 10

    def __init__(self, answer: Any = lambda address: Result.ACCEPTED) -> None:
        self.answer = answer
        self.sent: list[str] = []

    def send(self, letter: CompiledLetter, copies: Sequence[Copy]) -> Iterator[Outcome]:
        for copy in copies:
            result = self.answer(copy.address)
            if isinstance(result, Exception):
                raise result
            self.sent.append(copy.address)
            yield Outcome(copy.delivery, result, "550 5.7.1" if result == Result.FAILED else "")

    def close(self) -> None:
        return


def run(transport: Any, moment: dt.datetime | None = None) -> int:
    """One worker, until nothing is left to send now."""
    return Worker(transport).run(until=lambda: False, now=lambda: moment or timezone.now())


def states(campaign: Campaign) -> Counter[str]:
    rows: QuerySet[Delivery] = campaign.deliveries.order_by("pk")
    return Counter(rows.values_list("state", flat=True))


def test_everybody_gets_it_once_and_the_campaign_ends(landes_space):
    campaign = make_campaign(landes_space, 7)
    sink = Sink()
    with running(sink) as port:
        assert run(transport_to(port)) == 7
        assert run(transport_to(port)) == 0
    campaign.refresh_from_db()
    assert (campaign.state, campaign.recipients) == (CampaignState.FINISHED, 7)
    assert campaign.finished_at is not None
    assert sink.received == {f"p{number}@exemple.fr": 1 for number in range(7)}
    assert states(campaign) == {"accepted": 7}
    assert not has_work(timezone.now())
    assert campaign.deliveries.exclude(code="250").count() == 0


def test_a_scheduled_campaign_waits_for_its_moment(landes_space):
    soon = timezone.now() + dt.timedelta(hours=2)
    campaign = make_campaign(landes_space, 2, state=CampaignState.SCHEDULED, scheduled_at=soon, started_at=None)
    script = Script()
    assert not has_work(timezone.now())
    assert run(script) == 0
    assert run(script, soon + dt.timedelta(seconds=1)) == 2
    campaign.refresh_from_db()
    assert campaign.started_at == soon + dt.timedelta(seconds=1)


def test_people_on_two_lists_get_it_once(landes_space):
    campaign = make_campaign(landes_space, 3)
    other = ensure_default_list(territory=Territory.objects.nation())
    campaign.lists.add(other)
    Subscription.objects.bulk_create(
        Subscription(list=other, subscriber=each, state="active", confirmed_at=timezone.now())
        for each in Subscriber.objects.order_by("pk")
    )
    subscribe_people(other, 2, first=10)
    run(script := Script())
    assert sorted(script.sent) == sorted(Subscriber.objects.order_by("pk").values_list("address", flat=True))
    assert len(script.sent) == 5


def test_the_snapshot_leaves_out_who_must_not_be_written_to(landes_space):
    campaign = make_campaign(landes_space, 6)
    people = list(Subscriber.objects.order_by("pk"))
    Suppression.objects.create(fingerprint=_print(people[0]), reason=SuppressionReason.MANUAL)
    Subscriber.objects.filter(pk=people[1].pk).update(paused_until=timezone.localdate() + dt.timedelta(days=3))
    Subscriber.objects.filter(pk=people[2].pk).update(unreachable_at=timezone.now())
    unsubscribe(subscription=Subscription.objects.get(subscriber=people[3]))
    assert snapshot.take(campaign.pk, timezone.now())
    assert sorted(campaign.deliveries.order_by("pk").values_list("address", flat=True)) == [
        people[4].address,
        people[5].address,
    ]


def _print(person: Subscriber) -> str:
    return fingerprint(person.address)


def test_what_changed_since_the_snapshot_is_seen_when_the_copy_is_taken(landes_space):
    campaign = make_campaign(landes_space, 6)
    snapshot.take(campaign.pk, timezone.now())
    people = list(Subscriber.objects.order_by("pk"))
    unsubscribe(subscription=Subscription.objects.get(subscriber=people[0]))
    suppress(address=people[1].address, reason=SuppressionReason.COMPLAINT)
    Subscriber.objects.filter(pk=people[2].pk).update(paused_until=timezone.localdate() + dt.timedelta(days=3))
    Subscriber.objects.filter(pk=people[3].pk).update(unreachable_at=timezone.now())
    people[4].delete()
    run(script := Script())
    assert script.sent == [people[5].address]
    skipped = campaign.deliveries.filter(state=DeliveryState.SKIPPED)
    assert Counter(skipped.order_by("pk").values_list("skip_reason", flat=True)) == {
        SkipReason.UNSUBSCRIBED: 1,
        SkipReason.SUPPRESSED: 1,
        SkipReason.PAUSED: 1,
        SkipReason.UNREACHABLE: 1,
        SkipReason.ERASED: 1,
    }


def test_a_list_emptied_during_the_send(landes_space):
    campaign = make_campaign(landes_space, 25)

    def answer(address: str) -> Result:
        if address == "p4@exemple.fr":
            for each in Subscription.objects.order_by("pk"):
                unsubscribe(subscription=each)
        return Result.ACCEPTED

    run(script := Script(answer))
    campaign.refresh_from_db()
    # What the batch had in hand leaves; of the rest, nobody.
    assert (len(script.sent), campaign.state) == (10, CampaignState.FINISHED)
    assert states(campaign) == {"accepted": 10, "skipped": 15}


def test_a_temporary_refusal_comes_later_and_later_then_is_given_up(landes_space):
    campaign = make_campaign(landes_space, 1)
    moment = timezone.now()
    for attempt in range(1, settle.MAX_ATTEMPTS + 1):
        script = Script(lambda address: Result.RETRY)
        moment += dt.timedelta(hours=5)
        run(script, moment)
        row = campaign.deliveries.get()
        assert (row.attempts, len(script.sent)) == (attempt, 1)
        if attempt < settle.MAX_ATTEMPTS:
            assert row.state == DeliveryState.WAITING
            assert row.due_at > moment + dt.timedelta(minutes=1)
    assert row.state == DeliveryState.FAILED
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.FINISHED


def test_an_address_that_does_not_exist_is_excluded_for_good(landes_space):
    campaign = make_campaign(landes_space, 2)
    sink = Sink({"p1@exemple.fr": "550 5.1.1 no such user"}.get)
    with running(sink) as port:
        run(transport_to(port))
    assert states(campaign) == {"accepted": 1, "failed": 1}
    assert Suppression.objects.get().reason == SuppressionReason.BOUNCE
    assert Subscription.objects.get(subscriber__address="p1@exemple.fr").state == "unsubscribed"


def test_a_relay_that_is_away_costs_nobody_a_try(landes_space):
    campaign = make_campaign(landes_space, 5)
    moment = timezone.now()
    for failures in range(1, settle.TRANSPORT_TRIES + 1):
        assert run(Script(lambda address: TransportAwayError("away")), moment) == 0
        campaign.refresh_from_db()
        assert campaign.transport_failures == failures
        assert states(campaign) == {"waiting": 5}
        moment += dt.timedelta(hours=1)
    assert (campaign.state, campaign.pause_reason) == (CampaignState.PAUSED, PauseReason.TRANSPORT)
    assert set(campaign.deliveries.order_by("pk").values_list("attempts", flat=True)) == {0}


def test_a_relay_that_comes_back_is_tried_again(landes_space):
    campaign = make_campaign(landes_space, 5)
    run(Script(lambda address: TransportAwayError("away")))
    assert not has_work(timezone.now())
    later = timezone.now() + dt.timedelta(minutes=1)
    assert has_work(later)
    assert run(Script(), later) == 5
    campaign.refresh_from_db()
    assert (campaign.transport_failures, campaign.retry_at) == (0, None)


def test_what_was_uncertain_is_never_sent_again(landes_space):
    campaign = make_campaign(landes_space, 3)
    doubtful = Script(lambda address: Result.UNKNOWN if address.startswith("p1@") else Result.ACCEPTED)
    run(doubtful)
    campaign.refresh_from_db()
    assert states(campaign) == {"accepted": 2, "unknown": 1}
    assert campaign.state == CampaignState.FINISHED
    run(again := Script(), timezone.now() + dt.timedelta(days=1))
    assert again.sent == []


def test_a_dead_process_leaves_its_batch_uncertain(landes_space):
    campaign = make_campaign(landes_space, 15)
    snapshot.take(campaign.pk, timezone.now())
    batch = claims.claim(campaign.pk, size=10, now=timezone.now())
    assert batch is not None
    run(script := Script(), timezone.now())
    assert len(script.sent) == 5, "what another process has in hand is not touched"
    later = timezone.now() + claims.LEASE + dt.timedelta(seconds=1)
    run(script, later)
    assert states(campaign) == {"accepted": 5, "unknown": 10}
    # It was not dead, only slow: what it knows is still good.
    settle.write(batch, [Outcome(batch.copies[0].delivery, Result.ACCEPTED, "250")], later)
    assert states(campaign) == {"accepted": 6, "waiting": 9}


def test_a_slow_process_that_comes_back_after_the_end_forgets_nobody(landes_space):
    campaign = make_campaign(landes_space, 4)
    snapshot.take(campaign.pk, timezone.now())
    batch = claims.claim(campaign.pk, size=10, now=timezone.now())
    assert batch is not None
    later = timezone.now() + claims.LEASE + dt.timedelta(seconds=1)
    run(Script(), later)
    campaign.refresh_from_db()
    assert (campaign.state, states(campaign)) == (CampaignState.FINISHED, {"unknown": 4})
    settle.write(batch, [Outcome(batch.copies[0].delivery, Result.ACCEPTED, "250")], later)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.finished_at) == (CampaignState.RUNNING, None)
    run(script := Script(), later)
    assert len(script.sent) == 3
    assert batch.copies[0].address not in script.sent
    campaign.refresh_from_db()
    assert (campaign.state, states(campaign)) == (CampaignState.FINISHED, {"accepted": 4})


def test_too_many_refusals_pause_the_campaign(landes_space):
    campaign = make_campaign(landes_space, 200, error_percent=20)
    run(script := Script(lambda address: Result.FAILED if "7" in address or "3@" in address else Result.ACCEPTED))
    campaign.refresh_from_db()
    assert (campaign.state, campaign.pause_reason) == (CampaignState.PAUSED, PauseReason.ERRORS)
    assert settle.ENOUGH <= len(script.sent) < 200
    assert "%" in campaign.pause_detail


def test_pausing_stops_before_the_next_batch(landes_space):
    campaign = make_campaign(landes_space, 30)

    def answer(address: str) -> Result:
        if address == "p12@exemple.fr":
            Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.PAUSED)
        return Result.ACCEPTED

    run(script := Script(answer))
    assert len(script.sent) == 20
    assert states(campaign) == {"accepted": 20, "waiting": 10}


def test_cancelling_marks_what_was_not_sent(landes_space):
    campaign = make_campaign(landes_space, 4)
    snapshot.take(campaign.pk, timezone.now())
    Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.CANCELLED)
    run(script := Script())
    assert script.sent == []
    assert states(campaign) == {"skipped": 4}


def test_the_emergency_stop_holds_everything(landes_space):
    campaign = make_campaign(landes_space, 4)
    boss = make_member(Role.ADMIN_NATIONAL, Territory.objects.nation())
    stop_all_sending(actor=boss, reason="Fuite")
    assert run(Script()) == 0
    allow_sending(actor=boss)
    assert run(Script()) == 4
    assert states(campaign) == {"accepted": 4}


def test_hours_and_days(landes_space):
    zone = {"time_zone": "Indian/Reunion", "window_start": dt.time(9), "window_end": dt.time(18), "weekdays_only": True}
    campaign = make_campaign(landes_space, 2, **zone)
    friday_evening = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)  # 19 h in La Réunion.
    assert run(Script(), friday_evening) == 0
    monday = pace.next_opening(campaign, friday_evening)
    assert monday == dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)
    Delivery.objects.order_by("pk").update(due_at=friday_evening)
    assert run(Script(), monday) == 2


def test_an_opening_in_the_hour_that_the_clocks_skip(landes_space):
    campaign = make_campaign(
        landes_space, 0, window_start=dt.time(2, 30), window_end=dt.time(4), time_zone="Europe/Paris"
    )
    before = dt.datetime(2027, 3, 28, 0, 30, tzinfo=dt.UTC)  # 1 h 30 in Paris; at two it is three.
    opening = pace.next_opening(campaign, before)
    assert before < opening <= dt.datetime(2027, 3, 28, 1, 30, tzinfo=dt.UTC)
    assert pace.is_open(campaign, opening)


def test_the_throttle_counts_what_left_within_its_span(landes_space):
    campaign = make_campaign(landes_space, 30, per_minute=12, per_hour=20)
    start = timezone.now()
    assert run(Script(), start) == 12
    assert run(Script(), start + dt.timedelta(seconds=30)) == 0
    assert run(Script(), start + dt.timedelta(seconds=70)) == 8
    assert run(Script(), start + dt.timedelta(seconds=150)) == 0
    assert run(Script(), start + dt.timedelta(seconds=3700)) == 10
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.FINISHED


@pytest.mark.parametrize("people", [10, 100])
def test_a_batch_takes_the_same_queries_whatever_its_size(landes_space, people, django_assert_num_queries):
    campaign = make_campaign(landes_space, people)
    snapshot.take(campaign.pk, timezone.now())
    with django_assert_num_queries(8):
        batch = claims.claim(campaign.pk, size=people, now=timezone.now())
    assert batch is not None
    outcomes = [Outcome(copy.delivery, Result.ACCEPTED, "250") for copy in batch.copies]
    with django_assert_num_queries(3):
        settle.write(batch, outcomes, timezone.now())


def test_a_snapshot_goes_on_where_it_was_killed(landes_space, monkeypatch):
    monkeypatch.setattr(snapshot, "CHUNK", 4)
    campaign = make_campaign(landes_space, 10)
    Campaign.objects.filter(pk=campaign.pk).update(
        snapshot_cursor=Subscriber.objects.order_by("pk").values_list("pk", flat=True)[3]
    )
    snapshot.take(campaign.pk, timezone.now())
    assert campaign.deliveries.count() == 6
    campaign.refresh_from_db()
    assert campaign.recipients == 6
