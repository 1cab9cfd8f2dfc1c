"""The welcome of a list: once, when a subscription begins, whatever runs twice or dies; and the ledger beneath."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from newsletters import services
from newsletters.enums import MailState
from newsletters.models import PersonalMail, Subscription
from newsletters.people import ledger
from newsletters.tokens import confirmation_token
from tests.newsletters.factories import make_list, make_subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def welcoming(landes, landes_space):
    return make_list(
        landes,
        name="Lettre des médiateurs",
        sender_name="Hub des Landes",
        reply_to="hub@exemple.fr",
        welcome_enabled=True,
        welcome_subject="Bienvenue",
        welcome_text="Bonjour,\r\n\r\nMerci <de votre> confiance.",
    )


def join(welcoming, commit, address="marie@exemple.fr"):
    asked = services.subscribe(address=address, lists=[welcoming])
    with commit():
        services.confirm(token=confirmation_token(asked))


def test_a_subscription_that_begins_is_welcomed_once_in_the_lists_name(client, welcoming, commit, link):
    join(welcoming, commit)
    [message] = mail.outbox
    assert (message.subject, message.to) == ("Bienvenue", ["marie@exemple.fr"])
    assert message.from_email.startswith("Hub des Landes <")
    assert message.reply_to == ["hub@exemple.fr"]
    assert "Merci <de votre> confiance." in message.body
    assert "Merci &lt;de votre&gt; confiance." in message.alternatives[0][0]
    headers = message.extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    assert path in message.body
    assert path in message.alternatives[0][0]
    assert client.get(link(message, "preferences")).status_code == 200
    # The task twice, the schedule, leaving and coming back: no second one.
    for _ in range(2):
        assert ledger.send_due() == 0
    assert client.post(path).status_code == 200
    assert not Subscription.objects.active().exists()
    join(welcoming, commit)
    assert [each.subject for each in mail.outbox] == ["Bienvenue"]


def test_a_list_without_a_welcome_sends_none_and_one_opened_later_welcomes_newcomers_only(welcoming, commit):
    welcoming.welcome_enabled = False
    welcoming.save()
    join(welcoming, commit)
    welcoming.welcome_enabled = True
    welcoming.save()
    join(welcoming, commit)
    join(welcoming, commit, "nouvelle@exemple.fr")
    assert [message.to for message in mail.outbox] == [["nouvelle@exemple.fr"]]


@pytest.mark.parametrize("gone", ["left", "suppressed", "off", "archived"])
def test_who_is_gone_before_it_leaves_is_not_welcomed(welcoming, gone):
    person = make_subscriber(welcoming)
    held = Subscription.objects.get()
    services.welcome(subscriptions=[(held, welcoming)])
    if gone == "left":
        services.unsubscribe(subscription=held)
    elif gone == "suppressed":
        services.suppress(address=person.address, reason="complaint")
    else:
        setattr(welcoming, *{"off": ("welcome_enabled", False), "archived": ("archived_at", timezone.now())}[gone])
        welcoming.save()
    assert ledger.send_due() == 0
    assert PersonalMail.objects.get().state == MailState.SKIPPED
    assert mail.outbox == []


def test_a_process_that_died_while_sending_leaves_it_uncertain_and_it_is_never_sent_again(welcoming):
    make_subscriber(welcoming)
    services.welcome(subscriptions=[(Subscription.objects.get(), welcoming)])
    past = timezone.now() - timedelta(minutes=1)
    PersonalMail.objects.update(state=MailState.SENDING, leased_until=past)
    assert ledger.send_due() == 0
    assert PersonalMail.objects.get().state == MailState.UNSURE
    assert mail.outbox == []


def test_a_process_that_died_before_the_relay_had_it_loses_nothing(welcoming):
    make_subscriber(welcoming)
    services.welcome(subscriptions=[(Subscription.objects.get(), welcoming)])
    now = timezone.now()
    assert ledger._claim(PersonalMail.objects.get().pk, now) is not None
    assert ledger.send_due(now) == 0
    assert ledger.send_due(now + ledger.LEASE + timedelta(seconds=1)) == 1


def test_a_relay_that_is_away_loses_nothing_and_one_that_refuses_is_tried_later_then_given_up(welcoming, monkeypatch):
    import smtplib

    make_subscriber(welcoming)
    services.welcome(subscriptions=[(Subscription.objects.get(), welcoming)])
    answer = OSError("away")

    def refuse(self, messages):
        raise answer

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    now = timezone.now()
    for _ in range(20):
        assert ledger.send_due(now) == 0
        now += timedelta(hours=7)
    row = PersonalMail.objects.get()
    assert (row.state, row.attempts) == (MailState.WAITING, 0)
    answer = smtplib.SMTPRecipientsRefused({})
    for _ in range(20):
        ledger.send_due(now)
        now += timedelta(hours=7)
    assert PersonalMail.objects.get().state == MailState.GIVEN_UP


def test_an_import_welcomes_nobody_unless_it_asks(welcoming, commit):
    with commit():
        person = make_subscriber(welcoming)
    assert ledger.send_due() == 0
    with commit():
        assert services.welcome(subscriptions=[(held, welcoming) for held in person.subscriptions.all()]) == 1
        assert services.welcome(subscriptions=[(held, welcoming) for held in person.subscriptions.all()]) == 0
    assert len(mail.outbox) == 1
