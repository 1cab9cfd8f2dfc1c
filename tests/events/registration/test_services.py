"""Seats, the waiting list, approval: what becomes of a registration, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from events.enums import EventMailKind, RegistrationState
from events.models import EventMail, Occurrence, Registration, Seating
from events.registration import services
from events.registration.rules import RegistrationRefused
from events.registration.services import AlreadyRegistered

from ..factories import a_date, day_in, make_event, publish, reload

pytestmark = pytest.mark.django_db
_numbers = iter(range(1, 10_000))


def an_occurrence(space, *dates, **fields) -> Occurrence:
    page = make_event(space, *dates, **({"registration": "internal"} | fields))
    return page.occurrences.order_by("starts_at").first()


def register(occurrence, **fields) -> Registration:
    number = next(_numbers)
    fields = {"name": f"Personne {number}", "email": f"p{number}@exemple.fr", "attending": "on_site"} | fields
    return services.register(occurrence=occurrence, actor=None, **fields)


def states(occurrence) -> list[str]:
    return list(Registration.objects.filter(occurrence=occurrence).order_by("number").values_list("state", flat=True))


def mails(registration) -> list[str]:
    return list(EventMail.objects.filter(registration=registration).order_by("pk").values_list("kind", flat=True))


def refusal(act) -> str:
    with pytest.raises(RegistrationRefused) as caught:
        act()
    return caught.value.code


def test_seats_then_the_line(landes_space):
    occurrence = an_occurrence(landes_space, capacity=2)
    made = [register(occurrence) for _ in range(4)]
    assert states(occurrence) == ["confirmed", "confirmed", "waiting", "waiting"]
    seating = Seating.objects.get(pk=occurrence.pk)
    assert (seating.taken, seating.taken_online, seating.waiting) == (2, 0, 2)
    assert [mails(one) for one in made[1:3]] == [["confirmed"], ["waiting"]]


def test_a_seat_given_back_goes_to_the_first_in_line_for_a_time(landes_space):
    occurrence = an_occurrence(landes_space, capacity=1, offer_hours=24)
    first, second, third = (register(occurrence) for _ in range(3))
    now = timezone.now()
    services.withdraw(registration=first, actor=None, now=now)
    assert states(occurrence) == ["cancelled", "offered", "waiting"]
    second.refresh_from_db()
    assert second.offer_expires_at == now + timedelta(hours=24)
    assert mails(second) == ["waiting", "offer"]
    # A newcomer does not pass before those who wait.
    assert register(occurrence).state == "waiting"
    services.accept_offer(registration=second)
    assert states(occurrence) == ["cancelled", "confirmed", "waiting", "waiting"]
    assert mails(third) == ["waiting"]


def test_an_offer_that_expires_goes_to_the_next(landes_space):
    occurrence = an_occurrence(landes_space, capacity=1)
    first, second, third = (register(occurrence) for _ in range(3))
    services.withdraw(registration=first, actor=None)
    later = timezone.now() + timedelta(hours=25)
    assert refusal(lambda: services.accept_offer(registration=second, now=later)) == "expired"
    assert services.expire_offers(now=later) == 1
    assert states(occurrence) == ["cancelled", "expired", "offered"]
    assert services.expire_offers(now=later) == 0
    assert mails(second) == ["waiting", "offer", "offer_expired"]
    assert Seating.objects.get(pk=occurrence.pk).taken == 1
    services.decline_offer(registration=third)
    assert states(occurrence) == ["cancelled", "expired", "cancelled"]
    assert Seating.objects.get(pk=occurrence.pk).taken == 0


def test_an_offer_never_outlasts_the_start(landes_space):
    occurrence = an_occurrence(landes_space, a_date(day_in(1)), capacity=1, offer_hours=72)
    first, second = register(occurrence), register(occurrence)
    services.withdraw(registration=first, actor=None)
    second.refresh_from_db()
    assert second.offer_expires_at == occurrence.starts_at


def test_more_seats_are_offered_at_once_and_fewer_remove_nobody(landes_space):
    occurrence = an_occurrence(landes_space, capacity=2)
    for _ in range(5):
        register(occurrence)
    page = reload(occurrence.page)
    page.capacity = 4
    publish(page)
    assert states(occurrence) == ["confirmed", "confirmed", "offered", "offered", "waiting"]
    page = reload(page)
    page.capacity = 1
    publish(page)
    assert states(occurrence) == ["confirmed", "confirmed", "offered", "offered", "waiting"]
    some = Registration.objects.filter(occurrence=occurrence, state="confirmed").order_by("number")
    services.withdraw(registration=some[0], actor=None)
    assert states(occurrence)[-1] == "waiting", "no seat is free below the registered"
    assert refusal(lambda: services.register(
        occurrence=occurrence, actor=None, name="x", email=some[0].email, attending="on_site"
    )) == "already"  # fmt: skip


def test_seats_on_the_spot_and_online_are_two(landes_space):
    occurrence = an_occurrence(landes_space, mode="hybride", capacity=1, capacity_online=1)
    here, there = register(occurrence), register(occurrence, attending="online")
    assert states(occurrence) == ["confirmed", "confirmed"]
    assert register(occurrence).state == "waiting"
    refused = lambda: services.change(registration=here, actor=None, name="A", attending="online")  # noqa: E731
    assert refusal(refused) == "full"
    services.withdraw(registration=there, actor=None)
    services.change(registration=here, actor=None, name="A", attending="online")
    assert states(occurrence) == ["confirmed", "cancelled", "offered"], "the seat left goes to who waits for it"
    seating = Seating.objects.get(pk=occurrence.pk)
    assert (seating.taken, seating.taken_online, seating.waiting) == (1, 1, 0)


def test_approval_holds_a_seat(landes_space):
    occurrence = an_occurrence(landes_space, capacity=1, approval=True)
    first, second = register(occurrence), register(occurrence)
    assert states(occurrence) == ["pending", "waiting"]
    services.refuse(registration=first, actor=None, reason="Réservé aux Landes.")
    assert states(occurrence) == ["refused", "offered"]
    services.accept_offer(registration=second)
    assert states(occurrence) == ["refused", "pending"]
    services.approve(registration=second, actor=None)
    assert states(occurrence) == ["refused", "confirmed"]
    assert mails(first) == ["pending", "refused"]
    assert refusal(lambda: services.refuse(registration=second, actor=None, reason=" ")) == "reason"


@pytest.mark.parametrize(
    ("fields", "date", "code"),
    [
        ({"registration": "none"}, a_date(), "elsewhere"),
        ({"registration_opens_at": timezone.now() + timedelta(days=1)}, a_date(), "not_yet"),
        ({"registration_closes_hours": 24 * 11}, a_date(), "closed"),
        ({}, a_date(day_in(-1)), "past"),
        ({"status": "annule", "status_reason": "x"}, a_date(), "called_off"),
        ({"status": "reporte"}, a_date(), "called_off"),
        ({"capacity": 0, "waiting_list": False}, a_date(), "full"),
        ({"mode": "en_ligne", "join_url": "https://visio.exemple.fr/x"}, a_date(), "attending"),
    ],
)
def test_refused(landes_space, fields, date, code):
    occurrence = an_occurrence(landes_space, date, **fields)
    assert refusal(lambda: register(occurrence)) == code
    assert not Registration.objects.exists()


def test_a_draft_takes_nobody(landes_space):
    occurrence = an_occurrence(landes_space)
    occurrence.page.unpublish()
    assert refusal(lambda: register(occurrence)) == "closed"


def test_once_an_address_but_again_after_leaving(landes_space):
    occurrence = an_occurrence(landes_space)
    first = register(occurrence, email="Une.Personne@exemple.fr")
    with pytest.raises(AlreadyRegistered) as caught:
        register(occurrence, email="une.personne@EXEMPLE.fr ")
    assert caught.value.registration == first
    services.withdraw(registration=first, actor=None)
    services.withdraw(registration=first, actor=None)
    assert mails(first) == ["confirmed", "withdrawn"]
    assert register(occurrence, email="une.personne@exemple.fr").state == "confirmed"


def test_nothing_is_offered_once_called_off_or_begun(landes_space):
    occurrence = an_occurrence(landes_space, capacity=1)
    first, second = register(occurrence), register(occurrence)
    page = reload(occurrence.page)
    page.status, page.status_reason = "annule", "Salle fermée."
    publish(page)
    assert services.promote(occurrence=occurrence) == 0
    assert EventMailKind.OCCURRENCE_CANCELLED in mails(first)
    assert EventMailKind.OCCURRENCE_CANCELLED in mails(second)
    begun = occurrence.starts_at + timedelta(minutes=1)
    assert refusal(lambda: services.withdraw(registration=first, actor=None, now=begun)) == "past"


def test_an_organiser_adds_somebody_after_the_closing_or_beyond(landes_space):
    occurrence = an_occurrence(landes_space, capacity=1, approval=True, registration_closes_hours=24 * 11)
    kind = {"actor": None, "name": "A", "attending": "on_site", "by_organiser": True}
    assert services.register(occurrence=occurrence, email="a@exemple.fr", **kind).state == "confirmed"
    assert services.register(occurrence=occurrence, email="b@exemple.fr", **kind).state == "waiting"
    assert services.register(occurrence=occurrence, email="c@exemple.fr", beyond=True, **kind).state == "confirmed"
    assert Seating.objects.get(pk=occurrence.pk).taken == 2


def test_attendance(landes_space):
    occurrence = an_occurrence(landes_space, capacity=1)
    first, second = register(occurrence), register(occurrence)
    assert refusal(lambda: services.set_attended(registration=first, actor=None, attended=True)) == "early"
    eve = occurrence.starts_at - timedelta(hours=20)
    services.set_attended(registration=first, actor=None, attended=True, now=eve)
    first.refresh_from_db()
    assert (first.attended, first.checked_at) == (True, eve)
    assert refusal(lambda: services.set_attended(registration=second, actor=None, attended=True, now=eve)) == "state"


def test_what_ended_does_not_begin_again(landes_space):
    occurrence = an_occurrence(landes_space, capacity=1)
    first = register(occurrence)
    services.refuse(registration=first, actor=None, reason="Non.")
    for act in (services.accept_offer, lambda registration: services.approve(registration=registration, actor=None)):
        with pytest.raises(RegistrationRefused):
            act(registration=first)
    assert states(occurrence) == [RegistrationState.REFUSED]
