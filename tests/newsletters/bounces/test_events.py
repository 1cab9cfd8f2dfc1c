"""What is heard of a copy: once, in any order, and never of somebody else's."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from typing import Any

import pytest
from django.utils import timezone

from newsletters.bounces.services import find_delivery, note_event
from newsletters.enums import DeliveryState, EventKind, Source, SuppressionReason
from newsletters.models import Campaign, ConsentEvent, Delivery, Subscriber, Subscription, Suppression
from newsletters.sending import snapshot
from newsletters.sending.tokens import Purpose, make_local

from ..sending.factories import make_campaign

pytestmark = pytest.mark.django_db
_keys = itertools.count()


@pytest.fixture
def campaign(landes_space) -> Campaign:
    one = make_campaign(landes_space, 3)
    snapshot.take(one.pk, timezone.now())
    one.deliveries.update(state=DeliveryState.ACCEPTED, sent_at=timezone.now(), code="250")
    return one


@pytest.fixture
def copy(campaign) -> Delivery:
    return campaign.deliveries.order_by("pk").first()


def note(copy: Delivery, kind: str, **fields: Any) -> bool:
    fields = {"source": "essai", "key": str(next(_keys)), "at": timezone.now()} | fields
    return note_event(delivery=copy, kind=kind, **fields)


def state(copy: Delivery) -> str:
    copy.refresh_from_db()
    return copy.state


def test_told_twice_is_told_once(copy):
    assert note(copy, EventKind.HARD_BOUNCE, key="a", code="550 5.1.1")
    assert not note(copy, EventKind.HARD_BOUNCE, key="a")
    assert note(copy, EventKind.HARD_BOUNCE, key="a", source="autre")
    assert copy.events.count() == 2
    assert Suppression.objects.count() == 1
    assert ConsentEvent.objects.filter(action="withdrawn").count() == 1


@pytest.mark.parametrize(
    "kinds", list(itertools.permutations([EventKind.ACCEPTED, EventKind.DELIVERED, EventKind.SOFT_BOUNCE]))
)
def test_any_order_ends_in_the_same_state(copy, kinds):
    for kind in kinds:
        note(copy, kind)
    assert state(copy) == DeliveryState.BOUNCED


@pytest.mark.parametrize(
    ("kinds", "after"),
    [
        ([EventKind.REJECTED, EventKind.ACCEPTED, EventKind.DELIVERED], DeliveryState.FAILED),
        ([EventKind.REJECTED, EventKind.DEFERRED], DeliveryState.FAILED),
        ([EventKind.REJECTED, EventKind.SOFT_BOUNCE], DeliveryState.BOUNCED),
        ([EventKind.REJECTED, EventKind.HARD_BOUNCE, EventKind.ACCEPTED], DeliveryState.BOUNCED),
    ],
)
def test_a_refusal_is_not_hidden_by_what_comes_late(copy, kinds, after):
    ends = set()
    for order in itertools.permutations(kinds):
        copy.events.all().delete()
        Delivery.objects.filter(pk=copy.pk).update(state=DeliveryState.ACCEPTED)
        for kind in order:
            note(copy, kind)
        ends.add(state(copy))
    assert ends == {after}


@pytest.mark.parametrize("before", [DeliveryState.UNKNOWN, DeliveryState.SENDING, DeliveryState.FAILED])
@pytest.mark.parametrize(
    ("kind", "after"),
    [
        (EventKind.DELIVERED, DeliveryState.DELIVERED),
        (EventKind.ACCEPTED, DeliveryState.ACCEPTED),
        (EventKind.HARD_BOUNCE, DeliveryState.BOUNCED),
        (EventKind.REJECTED, DeliveryState.FAILED),
    ],
)
def test_an_event_settles_what_was_uncertain(copy, before, kind, after):
    Delivery.objects.filter(pk=copy.pk).update(state=before, sent_at=None)
    note(copy, kind)
    assert state(copy) == after


@pytest.mark.parametrize("before", [DeliveryState.WAITING, DeliveryState.SKIPPED])
def test_a_copy_that_was_not_sent_has_no_news(copy, before):
    Delivery.objects.filter(pk=copy.pk).update(state=before)
    assert not note(copy, EventKind.HARD_BOUNCE)
    assert state(copy) == before
    assert not Suppression.objects.exists()


def test_a_complaint_excludes_and_is_proven(copy):
    note(copy, EventKind.COMPLAINED)
    assert state(copy) == DeliveryState.DELIVERED
    assert copy.complained_at is not None
    assert Suppression.objects.get().reason == SuppressionReason.COMPLAINT
    assert Subscription.objects.get(subscriber=copy.subscriber).state == "unsubscribed"
    assert ConsentEvent.objects.get(action="withdrawn").source in Source.values


def test_one_copy_says_nothing_of_the_others(copy, campaign):
    note(copy, EventKind.HARD_BOUNCE)
    others = campaign.deliveries.exclude(pk=copy.pk).order_by("pk")
    assert set(others.values_list("state", flat=True)) == {DeliveryState.ACCEPTED}
    assert Subscription.objects.active().count() == 2


def test_three_soft_returns_of_the_last_five(copy, landes_space):
    person = copy.subscriber
    for number in range(5):
        made = Delivery.objects.create(
            campaign=make_again(copy.campaign),
            list=copy.list,
            subscriber=person,
            address=copy.address,
            message_id=f"<{number}@x>",
            state=DeliveryState.ACCEPTED,
            due_at=timezone.now(),
            sent_at=timezone.now() + dt.timedelta(days=number + 1),
        )
        if number in (0, 2, 4):
            person.refresh_from_db()
            assert person.unreachable_at is None
            note(made, EventKind.SOFT_BOUNCE)
    person.refresh_from_db()
    assert person.unreachable_at is not None
    note(made, EventKind.DELIVERED)
    person.refresh_from_db()
    assert person.unreachable_at is None


def make_again(campaign: Campaign) -> Campaign:
    one = Campaign.objects.get(pk=campaign.pk)
    one.pk, one.uuid, one._state.adding = None, uuid.uuid4(), True
    one.save()
    return one


def test_old_returns_count_no_more(copy):
    person = copy.subscriber
    for number in range(8):
        made = Delivery.objects.create(
            campaign=make_again(copy.campaign),
            list=copy.list,
            subscriber=person,
            address=copy.address,
            message_id=f"<{number}@x>",
            state=DeliveryState.ACCEPTED,
            due_at=timezone.now(),
            sent_at=timezone.now() + dt.timedelta(days=number + 1),
        )
        if number in (0, 1, 7):
            note(made, EventKind.SOFT_BOUNCE)
    person.refresh_from_db()
    assert person.unreachable_at is None


def test_a_person_who_changed_address_keeps_the_new_one(copy):
    Subscriber.objects.filter(pk=copy.subscriber_id).update(address="nouvelle@exemple.fr")
    note(copy, EventKind.HARD_BOUNCE)
    assert Subscription.objects.get(subscriber=copy.subscriber_id).state == "active"


def test_a_copy_is_found_by_what_is_signed_or_ours(copy):
    token = make_local(Purpose.BOUNCE, copy.subscription_id, copy.pk)
    assert find_delivery(bounce_token=token.upper()) == copy
    assert find_delivery(message_id=copy.message_id) == copy
    assert find_delivery(message_id=copy.message_id.strip("<>")) == copy
    forged = ("b" if token[0] == "a" else "a") + token[1:]
    assert find_delivery(bounce_token=forged, message_id=copy.message_id) is None
    assert find_delivery(bounce_token=make_local(Purpose.UNSUBSCRIBE, copy.subscription_id, copy.pk)) is None
    assert find_delivery(message_id="<autre@exemple.fr>") is None
    assert find_delivery(provider_id="") is None
    assert find_delivery() is None
