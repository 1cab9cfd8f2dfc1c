"""Three years after the last contact: asked once, kept by an answer, else removed with the proof."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from newsletters import services
from newsletters.addresses import fingerprint
from newsletters.enums import MailState
from newsletters.models import ConsentEvent, PersonalMail, Subscriber, Subscription, Suppression
from newsletters.people import ledger
from tests.newsletters.factories import make_subscriber

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=3 * 365 + 10)


@pytest.fixture
def silent(landes_list):
    person = make_subscriber(landes_list, address="marie@exemple.fr", name="Marie")
    Subscriber.objects.update(last_contact_at=timezone.now() - LONG_AGO)
    return person


def ask():
    asked = services.ask_silent()
    ledger.send_due()
    return asked


def later(**delta):
    return timezone.now() + timedelta(**delta)


def test_the_question_is_asked_once_and_no_answer_removes_the_person_with_the_proof(silent, landes_list):
    make_subscriber(landes_list, address="recent@exemple.fr")
    assert [ask(), ask()] == [1, 0]
    [message] = mail.outbox
    assert message.to == ["marie@exemple.fr"]
    assert landes_list.name in message.body
    assert "Je reste" in message.alternatives[0][0]
    assert services.remove_silent(now=later(days=29)) == 0
    assert services.remove_silent(now=later(days=31)) == 1
    assert services.remove_silent(now=later(days=31)) == 0
    assert list(Subscriber.objects.values_list("address", flat=True)) == ["recent@exemple.fr"]
    mark = fingerprint("marie@exemple.fr")
    event = ConsentEvent.objects.get(fingerprint=mark)
    assert (event.subscriber, event.action, event.source) == (None, "withdrawn", "inactivity")
    # They may come back as they like.
    assert not Suppression.objects.filter(fingerprint=mark).exists()


@pytest.mark.parametrize("answer", ["button", "click", "preferences"])
def test_an_answer_keeps_them_for_three_more_years(client, silent, link, answer):
    ask()
    [message] = mail.outbox
    if answer == "button":
        path = link(message, "rester")
        assert client.get(path).status_code == 200
        silent.refresh_from_db()
        assert silent.asked_at is not None
        assert client.post(path).status_code == 200
    elif answer == "click":  # As the redirect of a followed link writes it.
        Subscriber.objects.update(last_contact_at=timezone.now())
    else:
        client.post(link(message, "preferences"), {"action": "mesure"})
        client.post(link(message, "preferences"), {"action": "reprendre"})
    assert services.remove_silent(now=later(days=60)) == 0
    assert ask() == 0
    assert services.ask_silent(now=later(days=3 * 365 + 2)) == 1


def test_a_relay_that_is_away_removes_nobody(silent):
    services.ask_silent()
    assert services.remove_silent(now=later(days=300)) == 0
    PersonalMail.objects.update(state=MailState.SENT, sent_at=later(days=300))
    assert services.remove_silent(now=later(days=329)) == 0
    assert services.remove_silent(now=later(days=331)) == 1


def test_who_left_everything_is_removed_without_a_question_and_no_import_brings_them_back(silent):
    services.unsubscribe(subscription=Subscription.objects.get())
    assert ask() == 0
    assert services.remove_silent() == 1
    assert mail.outbox == []
    assert Suppression.objects.get().fingerprint == fingerprint("marie@exemple.fr")


def test_a_question_that_has_lost_its_sense_is_not_sent(silent):
    services.ask_silent()
    services.stay(subscriber=silent)
    assert ledger.send_due() == 0
    assert PersonalMail.objects.get().state == MailState.SKIPPED


def test_batches_are_bounded(silent, landes_list, monkeypatch):
    monkeypatch.setattr("newsletters.services.contact.BATCH", 2)
    for _ in range(4):
        make_subscriber(landes_list)
    Subscriber.objects.update(last_contact_at=timezone.now() - LONG_AGO)
    assert [services.ask_silent() for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.parametrize("token", ["x", "%00", "x:y:z", "z" * 3000])
def test_a_forged_link_keeps_nobody(client, silent, token):
    assert client.post(f"/lettres/rester/{token}/").status_code == 410
    silent.refresh_from_db()
    assert silent.last_contact_at < timezone.now() - timedelta(days=1000)
