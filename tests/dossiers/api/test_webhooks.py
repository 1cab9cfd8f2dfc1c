"""Webhooks: what they are told, signed; tried again; never to a private network."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from dossiers.api import webhooks
from dossiers.models import Webhook, WebhookDelivery
from dossiers.rules import DossierRefused
from portal.accounts.models import Membership, User
from portal.territories.models import Territory
from tests.accounts.proofs import prove
from tests.dossiers.factories import Party, act, make_dossier, make_party

from .sink import Sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def party() -> Party:
    return make_party()


@pytest.fixture
def sink(settings: Any):
    with Sink() as running:
        settings.IMPORT_TEST_SERVERS = [running.netloc]
        yield running


def hook(party: Party, sink: Sink, **options: Any) -> tuple[Webhook, str]:
    return webhooks.create_webhook(actor=party.instructor, url=sink.url, territory=party.territory, **options)


def sign_in(client: Client, user: User) -> None:
    client.force_login(user)
    prove(client, user)


def test_every_change_of_state_is_told_signed_and_nothing_of_the_form(party: Party, sink: Sink):
    webhook, secret = hook(party, sink)
    dossier = make_dossier(party, "en_instruction", values={"nom": "Un secret"})
    assert webhooks.send_due() == 2
    told = [json.loads(each.body) for each in sink.received]
    assert [each["type"] for each in told] == ["dossier.deposer", "dossier.prendre"]
    assert told[1]["data"]["dossier"] == str(dossier.pk)
    for each in sink.received:
        assert b"secret" not in each.body
        content = f"{each.headers['webhook-id']}.{each.headers['webhook-timestamp']}.".encode() + each.body
        key = base64.b64decode(secret.removeprefix("whsec_"))
        mac = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        assert each.headers["webhook-signature"] == f"v1,{mac}"
    assert webhooks.send_due() == 0
    webhook.refresh_from_db()
    assert webhook.failures == 0


def test_only_of_ones_own_territories_and_chosen_kinds(party: Party, sink: Sink):
    gers = Territory.objects.get(level="departement", code="32")
    webhooks.create_webhook(actor=party.elsewhere, url=sink.url, territory=gers)
    hook(party, sink, kinds=["prendre"])
    make_dossier(party, "en_instruction")
    webhooks.send_due()
    assert [json.loads(each.body)["type"] for each in sink.received] == ["dossier.prendre"]


def test_it_is_tried_again_later_and_later_with_the_same_name(party: Party, sink: Sink):
    hook(party, sink)
    make_dossier(party)
    sink.answers = [500, 302, 200]
    for _ in range(3):
        webhooks.send_due()
        assert webhooks.send_due() == 0  # Not before its delay.
        WebhookDelivery.objects.update(due_at=timezone.now())
    delivery = WebhookDelivery.objects.get()
    assert (delivery.attempts, delivery.status, delivery.delivered_at is not None) == (3, 200, True)
    assert len({each.headers["webhook-id"] for each in sink.received}) == 1
    # A redirect is an answer that is not « received », and is followed nowhere.
    assert [each.path for each in sink.received] == ["/crochet"] * 3


def test_a_worker_that_died_is_followed_by_another(party: Party, sink: Sink):
    hook(party, sink)
    make_dossier(party)
    assert len(webhooks._claim()) == 1  # And dies.
    assert webhooks.send_due() == 0
    WebhookDelivery.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))
    assert webhooks.send_due() == 1


def test_what_never_gets_through_is_given_up_then_the_webhook_stopped(party: Party, sink: Sink):
    webhook, _ = hook(party, sink)
    sink.answers = [410] * webhooks.MAX_FAILURES
    for _ in range(webhooks.MAX_FAILURES):
        make_dossier(party)
    webhooks.send_due()
    webhook.refresh_from_db()
    assert webhook.disabled_at is not None
    assert not WebhookDelivery.objects.filter(given_up_at=None).exists()


def test_nothing_more_leaves_once_its_owner_lost_the_right(party: Party, sink: Sink):
    hook(party, sink)
    make_dossier(party)
    Membership.objects.filter(user=party.instructor).delete()
    assert webhooks.send_due() == 0
    assert sink.received == []


@pytest.mark.parametrize(
    "url",
    [
        "http://exemple.fr/",
        "https://u:p@exemple.fr/",
        "https://exemple.fr:8443/",
        "file:///etc/passwd",
        "gopher://exemple.fr/",
        "https:///x",
        "javascript:alert(1)",
        "",
        "https://exemple.fr/\r\nHost: x",
    ],
)
def test_addresses_of_another_form_are_refused(party: Party, url: str):
    with pytest.raises(DossierRefused) as refused:
        webhooks.create_webhook(actor=party.instructor, url=url, territory=party.territory)
    assert (refused.value.code, refused.value.field) == ("url", "url")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://10.0.0.1/",
        "https://0x7f000001/",
        "https://2130706433/",
    ],
)
def test_no_private_network_is_reached(party: Party, url: str):
    webhook, _ = webhooks.create_webhook(actor=party.instructor, url=url, territory=party.territory)
    make_dossier(party)
    assert webhooks.send_due() == 0
    delivery = WebhookDelivery.objects.get(webhook=webhook)
    assert (delivery.status, delivery.attempts) == (None, 1)
    assert "privé" in delivery.error or "introuvable" in delivery.error


def test_a_name_that_changes_its_mind_is_asked_once(party: Party, monkeypatch):
    """DNS rebinding: a public address when asked, then a private one. It is asked once a try, and that one is used."""
    import socket

    asked = []

    def rebinding(host, port, *args, **kwargs):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1" if len(asked) > 1 else "192.0.2.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    webhooks.create_webhook(actor=party.instructor, url="https://rebond.exemple/", territory=party.territory)
    make_dossier(party)
    assert webhooks.send_due() == 0
    assert len(asked) == 1


def test_only_who_instructs_there_makes_one_and_only_its_owner_changes_it(party: Party, sink: Sink):
    for actor in (party.depositor, party.elsewhere):
        with pytest.raises(PermissionDenied):
            webhooks.create_webhook(actor=actor, url=sink.url, territory=party.territory)
    webhook, _ = hook(party, sink)
    for change in (webhooks.delete_webhook, lambda **given: webhooks.set_enabled(**given, enabled=False)):
        with pytest.raises(PermissionDenied):
            change(webhook=webhook, actor=party.validator)


def test_the_screen_shows_secrets_once_and_only_ones_own(client, party: Party):
    sign_in(client, party.instructor)
    made = client.post("/instruction/cles/creer/", {"name": "Suivi", "scopes": "dossiers:read", "period": "30"})
    secret = made.context["secret"]
    assert secret.startswith("pin_")
    page = client.get("/instruction/cles/").content.decode()
    assert "Suivi" in page
    assert secret not in page
    other = client.post(
        "/instruction/cles/webhooks/creer/",
        {"webhook-url": "https://exemple.fr/x", "webhook-territory": party.territory.pk},
    )
    assert other.context["secret"].startswith("whsec_")
    webhook = Webhook.objects.get()
    act("prendre", make_dossier(party), party.instructor)
    assert "Pris en instruction" in client.get(f"/instruction/cles/webhooks/{webhook.pk}/").content.decode()
    sign_in(client, party.validator)
    assert "Suivi" not in client.get("/instruction/cles/").content.decode()
    assert client.get(f"/instruction/cles/webhooks/{webhook.pk}/").status_code == 404
    assert client.post(f"/instruction/cles/webhooks/{webhook.pk}/changer/", {"action": "delete"}).status_code == 404
    assert Webhook.objects.exists()


def test_a_form_with_faults_says_them_beside_the_field(client, party: Party):
    sign_in(client, party.instructor)
    answer = client.post("/instruction/cles/creer/", {"name": "", "period": "9999"})
    assert answer.status_code == 422
    assert set(answer.context["key_form"].errors) == {"name", "scopes", "period"}
    answer = client.post(
        "/instruction/cles/webhooks/creer/", {"webhook-url": "http://x.fr", "webhook-territory": party.territory.pk}
    )
    assert answer.context["webhook_form"].errors["url"] == ["L’adresse doit commencer par https://."]
