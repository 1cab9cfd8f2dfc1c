"""What providers tell of copies, in their own shapes, through Anymail's own parsers."""

from __future__ import annotations

import base64
import itertools
import json

import pytest
from django.core.checks import run_checks
from django.urls import reverse
from django.utils import timezone

from newsletters.enums import DeliveryState, SubscriptionState
from newsletters.models import Delivery, DeliveryEvent, Subscription, Suppression
from newsletters.sending import tokens
from newsletters.sending.tokens import Purpose
from tests.newsletters.fake_provider import anymail_settings
from tests.newsletters.sending.factories import make_campaign

from .payloads import AT, SHAPES, brevo, mailgun, mailjet, postmark

pytestmark = pytest.mark.django_db
SECRET = "prestataire:un-secret-assez-long"
ALL = list(SHAPES)


@pytest.fixture
def copies(landes_space):
    """Three copies that a provider took."""
    campaign = make_campaign(landes_space)
    rows = []
    for number, one in enumerate(Subscription.objects.order_by("pk").select_related("subscriber", "list")):
        rows.append(
            Delivery.objects.create(
                campaign=campaign,
                list=one.list,
                subscription=one,
                subscriber=one.subscriber,
                address=one.subscriber.address,
                message_id=f"<m{number}@portail.exemple.fr>",
                provider_id=f"1000{number}",
                state=DeliveryState.ACCEPTED,
                due_at=timezone.now(),
                sent_at=timezone.now(),
            )
        )
    return rows


@pytest.fixture
def post(client, settings):
    def post(name, body, *, secret=SECRET, provider=None, raw=False):
        settings.EMAIL_PROVIDER = provider or name
        settings.ANYMAIL = anymail_settings(9, WEBHOOK_SECRET=SECRET)
        headers = {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()} if secret else {}
        data = body if raw else json.dumps(body)
        return client.post(reverse("provider-events", args=[name]), data, "application/json", headers=headers)

    return post


def token_of(delivery):
    return tokens.make(Purpose.EVENT, delivery.subscription_id, delivery.pk)


def body_of(name, kind, delivery, **fields):
    values = {"address": delivery.address, "token": token_of(delivery), "number": delivery.provider_id}
    return SHAPES[name](kind, **values | fields)


def state(delivery):
    delivery.refresh_from_db()
    return delivery.state


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("delivered", DeliveryState.DELIVERED),
        ("deferred", DeliveryState.ACCEPTED),
        ("hard", DeliveryState.BOUNCED),
        ("soft", DeliveryState.BOUNCED),
        ("complained", DeliveryState.DELIVERED),
        ("unsubscribed", DeliveryState.DELIVERED),
    ],
)
def test_what_is_told_is_written_once(post, copies, name, kind, expected):
    one, other = copies[0], copies[1]
    body = body_of(name, kind, one)
    assert [post(name, body).status_code for _ in range(3)] == [200, 200, 200]
    assert state(one) == expected
    assert state(other) == DeliveryState.ACCEPTED
    event = DeliveryEvent.objects.get()
    assert (event.delivery_id, event.source) == (one.pk, name)
    assert "@" not in event.detail
    assert event.at.timestamp() == AT
    left = Subscription.objects.get(pk=one.subscription_id).state != SubscriptionState.ACTIVE
    assert left == (kind in ("hard", "complained", "unsubscribed"))
    assert Suppression.objects.count() == (1 if kind in ("hard", "complained") else 0)
    assert Subscription.objects.get(pk=other.subscription_id).state == SubscriptionState.ACTIVE


@pytest.mark.parametrize("name", ALL)
def test_the_order_does_not_matter(post, landes_space, copies, name):
    kinds = ("delivered", "deferred", "soft", "delivered")
    ends = set()
    for number, order in enumerate(itertools.permutations(range(3))):
        one = copies[number % 3]
        DeliveryEvent.objects.all().delete()
        Delivery.objects.filter(pk=one.pk).update(state=DeliveryState.ACCEPTED)
        for place in order:
            assert post(name, body_of(name, kinds[place], one, at=AT + place)).status_code == 200
        assert DeliveryEvent.objects.count() == 3
        ends.add(state(one))
    assert ends == {DeliveryState.BOUNCED}


@pytest.mark.parametrize("name", ALL)
def test_an_uncertain_copy_is_settled(post, copies, name):
    one = copies[0]
    Delivery.objects.filter(pk=one.pk).update(state=DeliveryState.UNKNOWN, provider_id="", sent_at=None)
    # The number is the provider's own, that we never learnt.
    assert post(name, body_of(name, "delivered", one, number="999999")).status_code == 200
    assert state(one) == DeliveryState.DELIVERED


@pytest.mark.parametrize("name", ["brevo", "mailjet", "postmark"])
def test_without_a_token_the_number_and_the_address_name_the_copy(post, copies, name):
    one, other = copies[0], copies[1]
    post(name, body_of(name, "delivered", one, token=None, address=other.address))
    assert not DeliveryEvent.objects.exists()
    post(name, body_of(name, "delivered", one, token=None))
    assert state(one) == DeliveryState.DELIVERED


def test_mailgun_names_the_copy_by_our_own_message_id(post, copies):
    post("mailgun", body_of("mailgun", "delivered", copies[2], token=None, number=copies[2].message_id))
    assert state(copies[2]) == DeliveryState.DELIVERED


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("secret", ["", "prestataire:faux", "autre:un-secret-assez-long", ":"])
def test_who_does_not_know_the_secret_is_not_heard(post, copies, name, secret):
    assert post(name, body_of(name, "hard", copies[0]), secret=secret).status_code == 403
    assert not DeliveryEvent.objects.exists()
    assert not Suppression.objects.exists()


def test_a_forged_signature_of_mailgun_is_not_heard(post, copies):
    body = body_of("mailgun", "hard", copies[0])
    body["signature"]["signature"] = "0" * 64
    assert post("mailgun", body).status_code == 403
    body["signature"] = "x"
    assert post("mailgun", body).status_code in (400, 403)
    assert not DeliveryEvent.objects.exists()


@pytest.mark.parametrize("name", ALL)
def test_what_is_not_ours_changes_nothing(post, copies, name):
    one = copies[0]
    waiting = copies[1]
    Delivery.objects.filter(pk=waiting.pk).update(state=DeliveryState.WAITING, sent_at=None)
    forged = token_of(one)[:-4] + "AAAA"
    click = tokens.make(Purpose.CLICK, one.subscription_id, one.pk)
    gone = tokens.make(Purpose.EVENT, 1, 10**9)
    bodies = [body_of(name, "hard", one, token=token) for token in (forged, click, gone, "x", "é\x00", "\ud800")]
    bodies += [body_of(name, "hard", one, token=None, number="inconnu")]
    bodies += [body_of(name, "hard", waiting)]
    assert [post(name, body).status_code for body in bodies] == [200] * len(bodies)
    assert not DeliveryEvent.objects.exists()
    assert not Suppression.objects.exists()
    assert state(one) == DeliveryState.ACCEPTED
    assert state(waiting) == DeliveryState.WAITING


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("kind", ["opened", "clicked"])
def test_openings_and_clicks_only_of_who_agreed(post, copies, name, kind):
    post(name, body_of(name, kind, copies[0]))
    assert not DeliveryEvent.objects.exists()
    person = copies[1].subscriber
    person.tracking = True
    person.save(update_fields=["tracking"])
    post(name, body_of(name, kind, copies[1]))
    assert DeliveryEvent.objects.get().kind == kind


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "raw", ["", "{", "null", "[]", "3", '"x"', "{}", "[[[[", "[null]", "\x00", "{" * 5000, '{"event": ["x"]}', "\xff"]
)
def test_what_cannot_be_read_is_refused_or_nothing(post, copies, name, raw):
    response = post(name, raw.encode("latin-1"), raw=True)
    assert response.status_code in (200, 400, 403)
    assert not DeliveryEvent.objects.exists()


@pytest.mark.parametrize("at", [10**15, -(10**15), AT * 100, AT * 2])
def test_a_wrong_moment_is_no_error(post, copies, at):
    body = [body_of("mailjet", "delivered", copies[0])[0] | {"time": at}]
    assert post("mailjet", body).status_code in (200, 400)
    assert all(event.at <= timezone.now() for event in DeliveryEvent.objects.all())


def test_many_events_in_one_message(post, copies):
    body = [mailjet("delivered", one.address, token_of(one), one.provider_id)[0] for one in copies]
    assert post("mailjet", body * 2).status_code == 200
    assert {state(one) for one in copies} == {DeliveryState.DELIVERED}
    assert DeliveryEvent.objects.count() == 3
    assert post("mailjet", body * 800).status_code == 413


def test_another_provider_a_closed_door_and_too_much(post, client, copies, settings):
    body = body_of("brevo", "hard", copies[0])
    assert post("brevo", body, provider="mailjet").status_code == 404
    assert post("brevo", body, provider="none").status_code == 404
    assert post("scaleway", body).status_code == 404  # Anymail reads no events of it.
    assert post("brevo", "x" * (1024 * 1024 + 1), raw=True).status_code == 413
    settings.EMAIL_PROVIDER = ""
    assert client.get(reverse("provider-events", args=["brevo"])).status_code == 404
    settings.EMAIL_PROVIDER = "brevo"
    assert client.get(reverse("provider-events", args=["brevo"])).status_code == 405
    assert client.head(reverse("provider-events", args=["brevo"])).status_code == 200
    settings.ANYMAIL = anymail_settings(9, WEBHOOK_SECRET="")
    url = reverse("provider-events", args=["brevo"])
    assert client.post(url, json.dumps(body), "application/json").status_code == 404
    assert not DeliveryEvent.objects.exists()


def test_guessing_is_slowed_down(post, copies, monkeypatch):
    monkeypatch.setattr("newsletters.bounces.webhooks.FAILURES_AN_HOUR", 3)
    body = body_of("brevo", "hard", copies[0])
    assert [post("brevo", body, secret="a:b").status_code for _ in range(5)] == [403, 403, 403, 429, 429]
    assert post("brevo", body).status_code == 200
    monkeypatch.setattr("newsletters.bounces.webhooks.A_MINUTE", 3)
    assert post("brevo", body).status_code == 429


@pytest.mark.parametrize(
    ("name", "body", "hard"),
    [
        ("mailgun", lambda a, t: mailgun("soft", a, t, "1"), False),
        ("mailjet", lambda a, t: mailjet("hard", a, t, "1")[0] | {"error_related_to": "content"}, False),
        ("postmark", lambda a, t: postmark("soft", a, t, "1"), False),
        ("postmark", lambda a, t: postmark("rejected", a, t, "1"), False),
        ("brevo", lambda a, t: brevo("rejected", a, t, "1"), False),
        ("brevo", lambda a, t: brevo("soft", a, t, "1"), False),
        ("brevo", lambda a, t: brevo("hard", a, t, "1") | {"event": "invalid_email"}, True),
    ],
)
def test_only_an_address_that_does_not_exist_is_excluded(post, copies, name, body, hard):
    made = body(copies[0].address, token_of(copies[0]))
    assert post(name, made).status_code == 200
    assert DeliveryEvent.objects.count() == 1
    assert Suppression.objects.exists() == hard


def test_settings_are_checked(settings):
    def told():
        return [each.id for each in run_checks() if str(each.id).startswith("newsletters.")]

    settings.EMAIL_PROVIDER, settings.ANYMAIL = "brevo", {}
    assert told() == ["newsletters.W001"]
    settings.ANYMAIL = {"WEBHOOK_SECRET": "court:x"}
    assert told() == ["newsletters.W002"]
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    assert told() == []
    settings.EMAIL_PROVIDER, settings.ANYMAIL = "mailgun", {"MAILGUN_WEBHOOK_SIGNING_KEY": "x"}
    assert told() == []
    settings.EMAIL_PROVIDER = "pigeon"
    assert told() == ["newsletters.E001"]
