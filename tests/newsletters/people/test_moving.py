"""A new address: nothing before its holder confirms, the proof follows, and two people known become one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from newsletters.addresses import fingerprint
from newsletters.models import AddressChange, ConsentEvent, Delivery, Subscriber, Subscription
from newsletters.people.tokens import fresh_token
from newsletters.services import set_tracking, subscribe, suppress
from newsletters.tokens import confirmation_token
from tests.newsletters.factories import make_list, make_subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def marie(landes_list):
    return make_subscriber(landes_list, address="marie@exemple.fr", name="Marie")


@pytest.fixture
def ask(client, commit):
    def ask(person, address):
        with commit():
            return client.post(
                f"/lettres/preferences/{fresh_token(person)}/", {"action": "adresse", "nouvelle": address}
            )

    return ask


def log(address):
    rows = ConsentEvent.objects.filter(fingerprint=fingerprint(address)).order_by("pk")
    return list(rows.values_list("purpose", "action", "source"))


def test_the_new_address_is_written_to_and_counts_once_confirmed(client, ask, marie, link):
    set_tracking(subscriber=marie, on=True)
    assert ask(marie, " Marie.Nouvelle@exemple.fr").status_code == 200
    [message] = mail.outbox
    assert message.to == ["marie.nouvelle@exemple.fr"]
    assert "marie@exemple.fr" not in message.body
    path = link(message, "adresse")
    assert "marie.nouvelle@exemple.fr" in client.get(path).content.decode()
    marie.refresh_from_db()
    assert marie.address == "marie@exemple.fr"
    assert client.post(path).status_code == 200
    marie.refresh_from_db()
    assert marie.address == "marie.nouvelle@exemple.fr"
    assert Subscription.objects.active().get().subscriber == marie
    assert log("marie@exemple.fr")[-2:] == [("letter", "withdrawn", "centre"), ("tracking", "withdrawn", "centre")]
    assert log("marie.nouvelle@exemple.fr") == [("letter", "given", "link"), ("tracking", "given", "link")]
    assert client.post(path).status_code == 410


def test_the_answer_is_the_same_whoever_holds_the_new_address(ask, marie, landes_list):
    make_subscriber(landes_list, address="connue@exemple.fr")
    suppress(address="exclue@exemple.fr", reason="complaint")
    pages = {ask(marie, f"{name}@exemple.fr").status_code for name in ("connue", "exclue", "inconnue")}
    assert pages == {200}
    assert {message.to[0] for message in mail.outbox} == {"connue@exemple.fr", "inconnue@exemple.fr"}
    # However often, and by whomever.
    for _ in range(5):
        ask(marie, "inconnue@exemple.fr")
    assert sum(message.to == ["inconnue@exemple.fr"] for message in mail.outbox) == 3


@pytest.mark.parametrize("address", ["", "marie@exemple.fr", "MARIE@Exemple.fr", "deux@signes@exemple.fr"])
def test_an_address_that_is_none_or_the_same_is_refused_beside_its_field(ask, marie, address):
    answer = ask(marie, address)
    assert answer.status_code == 422
    assert "fr-message--error" in answer.content.decode()
    assert not AddressChange.objects.exists()


def test_an_expired_or_excluded_change_is_refused(client, ask, marie, link):
    ask(marie, "nouvelle@exemple.fr")
    path = link(mail.outbox[0], "adresse")
    AddressChange.objects.update(created_at=timezone.now() - timedelta(days=3, minutes=1))
    assert client.post(path).status_code == 410
    ask(marie, "autre@exemple.fr")
    suppress(address="autre@exemple.fr", reason="bounce")
    assert client.post(link(mail.outbox[1], "adresse")).status_code == 410
    marie.refresh_from_db()
    assert marie.address == "marie@exemple.fr"


def test_two_known_addresses_become_one_person_and_what_was_left_stays_left(
    client, ask, marie, landes, landes_list, link
):
    kept, left = make_list(landes, name="À garder"), make_list(landes, name="Quittée")
    Subscription.objects.bulk_create(
        Subscription(list=one, subscriber=marie, state="active", confirmed_at=timezone.now()) for one in (kept, left)
    )
    set_tracking(subscriber=marie, on=True)
    known = make_subscriber(landes_list, left, address="connue@exemple.fr", name="")
    Subscription.objects.filter(subscriber=known, list=left).update(state="unsubscribed")
    ask(marie, "connue@exemple.fr")
    client.post(link(mail.outbox[0], "adresse"))
    person = Subscriber.objects.get()
    assert (person.pk, person.address, person.name, person.tracking) == (known.pk, "connue@exemple.fr", "Marie", False)
    assert set(Subscription.objects.active().values_list("list", flat=True)) == {landes_list.pk, kept.pk}
    assert Subscription.objects.get(list=left).state == "unsubscribed"
    assert [row[1] for row in log("marie@exemple.fr")] == ["given", "withdrawn", "withdrawn", "withdrawn", "withdrawn"]
    assert log("connue@exemple.fr") == [("letter", "given", "link")]


def test_old_links_lose_what_they_opened_but_the_letters_one_still_leaves(client, ask, marie, link, landes_list):
    old = fresh_token(marie)
    with_old = subscribe(address=marie.address, lists=[landes_list])
    ask(marie, "nouvelle@exemple.fr")
    client.post(link(mail.outbox[-1], "adresse"))
    assert client.get(f"/lettres/preferences/{old}/").status_code == 410
    assert client.post(f"/lettres/confirmer/{confirmation_token(with_old)}/").status_code == 410


def test_copies_not_sent_yet_follow(client, ask, marie, link, landes_space):
    from tests.newsletters.campaigns.factories import make_campaign, make_copy

    held = Subscription.objects.get()
    copy = make_copy(make_campaign(landes_space, lists=[held.list]), subscription=held)
    Delivery.objects.update(state="waiting")
    ask(marie, "nouvelle@exemple.fr")
    client.post(link(mail.outbox[-1], "adresse"))
    copy.refresh_from_db()
    assert copy.address == "nouvelle@exemple.fr"
