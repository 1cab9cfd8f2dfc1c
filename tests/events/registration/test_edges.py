"""What happens at the edges: a form sent twice, a seat gone meanwhile, a date called off, a run that lasts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse
from django.utils import timezone

from events.enums import EventMailKind
from events.models import EventMail, Occurrence, Registration
from events.registration import mailing, mails, services
from events.registration.rules import RegistrationRefused
from events.registration.tokens import make_token

from ..factories import make_event, make_registration, publish, reload

pytestmark = pytest.mark.django_db
BODY = {"name": "Camille Exemple", "email": "camille@exemple.fr", "organisation": "", "needs": ""}


def one(space, **fields) -> Occurrence:
    return make_event(space, **({"registration": "internal"} | fields)).occurrences.get()


def post(client, occurrence, **fields):
    return client.post(reverse("registration", args=[occurrence.uid]), BODY | fields)


def outcome(answer) -> tuple[int, str]:
    return answer.status_code, answer.get("Location", "").rpartition("?")[2]


@pytest.mark.parametrize("fields", [{"waiting_list": False}, {}, {"capacity": 9}, {"capacity": 9, "approval": True}])
def test_a_registered_address_is_answered_as_any_other(client, landes_space, fields):
    occurrence = one(landes_space, **({"capacity": 1} | fields))
    make_registration(occurrence, email="camille@exemple.fr")
    known, unknown = post(client, occurrence), post(client, occurrence, email="autre@exemple.fr")
    assert outcome(known) == outcome(unknown)
    mailing.send_due()
    assert ["camille@exemple.fr"] in [letter.to for letter in mail.outbox], "the link is sent again all the same"


@pytest.mark.parametrize("waiting_list", [True, False])
def test_a_form_sent_twice_for_the_last_seat_says_the_same_twice(client, landes_space, waiting_list):
    occurrence = one(landes_space, capacity=1, waiting_list=waiting_list)
    form = client.get(reverse("registration", args=[occurrence.uid])).content.decode()
    key = re.search(r'name="form_key" value="([0-9a-f-]{36})"', form)[1]
    answers = [outcome(post(client, occurrence, form_key=key)) for _ in range(2)]
    assert answers == [(302, "etat=confirmed")] * 2
    assert EventMail.objects.count() == 1
    # Sent again once its registration ended, it makes another.
    services.withdraw(registration=Registration.objects.get(), actor=None)
    assert outcome(post(client, occurrence, form_key=key)) == (302, "etat=confirmed")
    assert sorted(Registration.objects.values_list("state", flat=True)) == ["cancelled", "confirmed"]


def test_a_damaged_key_of_a_form_costs_nothing(client, landes_space):
    assert outcome(post(client, one(landes_space), form_key="x")) == (302, "etat=confirmed")


def test_who_lost_the_last_seat_meanwhile_is_told_so(client, landes_space, monkeypatch):
    occurrence = one(landes_space, capacity=1)
    register = services.register

    def raced(**kwargs):
        if not Registration.objects.exists():
            register(**(kwargs | {"email": "rapide@exemple.fr"}))
        return register(**kwargs)

    monkeypatch.setattr(services, "register", raced)
    assert outcome(post(client, occurrence)) == (302, "etat=waiting")


@pytest.mark.parametrize(("waiting_list", "said"), [(True, (302, "etat=waiting")), (False, (409, ""))])
def test_complete_is_the_organisers_word_whatever_seats_are_left(client, landes_space, waiting_list, said):
    occurrence = one(landes_space, capacity=5, waiting_list=waiting_list, status="complet")
    assert outcome(post(client, occurrence)) == said


@pytest.mark.parametrize("state", ["offered", "pending"])
def test_nobody_is_confirmed_for_what_is_called_off(client, landes_space, state):
    occurrence = one(landes_space, capacity=1)
    found = make_registration(occurrence, state)
    Occurrence.objects.update(status="annule")
    act = services.accept_offer if state == "offered" else services.approve
    with pytest.raises(RegistrationRefused) as caught:
        act(registration=found, actor=None)
    assert caught.value.code == "called_off"
    assert (
        "Accepter la place" not in client.get(reverse("registration-manage", args=[make_token(found)])).content.decode()
    )
    found.refresh_from_db()
    assert found.state == state


def test_an_offer_that_ends_on_what_is_called_off_is_not_said_to_go_to_another(landes_space):
    found = make_registration(one(landes_space), "offered", offer_expires_at=timezone.now() - timedelta(minutes=1))
    Occurrence.objects.update(status="annule")
    assert services.expire_offers() == 1
    mailing.send_due()
    assert mail.outbox == []
    assert EventMail.objects.get(registration=found).state == "skipped"


def test_a_late_yes_gives_the_seat_to_the_next_at_once(client, landes_space):
    occurrence = one(landes_space, capacity=1)
    late = make_registration(occurrence, "offered", offer_expires_at=timezone.now() - timedelta(hours=3))
    following = make_registration(occurrence, "waiting")
    answer = client.post(reverse("registration-manage", args=[make_token(late)]), {"action": "accepter"})
    assert answer.status_code == 409
    late.refresh_from_db()
    following.refresh_from_db()
    assert (late.state, following.state) == ("expired", "offered")


class Slow(BaseEmailBackend):
    """A relay that takes six minutes for the first mail; while it has the second, another process runs."""

    taken: list[str] = []

    def send_messages(self, messages):
        self.taken.extend(message.to[0] for message in messages)
        if len(self.taken) == 2:
            mailing.send_due()
        return len(messages)


@pytest.mark.parametrize("kind", [EventMailKind.CONFIRMED, EventMailKind.DAY_BEFORE])
def test_a_run_longer_than_a_lease_sends_once(landes_space, settings, monkeypatch, kind):
    occurrence = one(landes_space)
    settings.EMAIL_BACKEND = f"{__name__}.Slow"
    monkeypatch.setattr(Slow, "taken", [])
    for _ in range(2):
        mailing.queue(make_registration(occurrence), kind, moment=occurrence.starts_at.isoformat())
    began = timezone.now()
    # A second a mail besides: the clock of whoever comes meanwhile is later than that of the claim.
    clock = lambda: began + timedelta(minutes=6 if Slow.taken else 0, seconds=len(Slow.taken))  # noqa: E731
    monkeypatch.setattr(timezone, "now", clock)
    mailing.send_due()
    assert len(Slow.taken) == len(set(Slow.taken)) == 2
    assert list(EventMail.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "sent"]


def test_a_mail_that_cannot_be_written_keeps_no_other_waiting(landes_space, monkeypatch):
    occurrence = one(landes_space)
    bad, good = make_registration(occurrence), make_registration(occurrence)
    request_bytes = mails.request_bytes

    def broken(registration):
        if registration.pk == bad.pk:
            raise RuntimeError
        return request_bytes(registration)

    monkeypatch.setattr(mails, "request_bytes", broken)
    for registration in (bad, good):
        mailing.queue(registration, EventMailKind.CONFIRMED)
    assert mailing.send_due() == 1
    assert [letter.to for letter in mail.outbox] == [[good.email]]
    row = EventMail.objects.get(registration=bad)
    assert (row.state, row.attempts, row.claim) == ("waiting", 1, None)
    assert row.due_at > timezone.now(), "tried again later"


def test_said_complet_no_seat_goes_to_the_line_until_it_is_not(landes_space):
    """Without limit, with the organiser's « complet »: a release offers nothing; « programmé » again, everyone is."""
    page = make_event(landes_space, registration="internal", status="complet")
    occurrence = page.occurrences.get()
    here, waiting = make_registration(occurrence), make_registration(occurrence, "waiting")
    services.withdraw(registration=here, actor=None)
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    page = reload(page)
    page.status = "programme"
    publish(page)
    waiting.refresh_from_db()
    assert waiting.state == "offered"
