"""The journey of a subscriber: asking, confirming from the mail, leaving; and every way to misuse it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.db.models import F
from django.utils import timezone
from django.utils.html import escape

from newsletters import services
from newsletters.enums import ConsentAction, SubscriptionState
from newsletters.models import ConsentEvent, MailingList, Subscriber, Subscription, SubscriptionRequest, Suppression
from newsletters.models.consent import AppendOnlyError
from newsletters.services.subscriptions import TWICE
from newsletters.tokens import confirmation_token, unsubscription_token

FORM = "/lettres/abonnement/"
THANKS = "/lettres/abonnement/merci/"


@pytest.fixture
def landes_list(landes_space, landes):
    return MailingList.objects.get(territory=landes)


@pytest.fixture
def ask(client, commit):
    """Post the form; returns the response. Callbacks on commit run, so the mail is in ``mail.outbox``."""

    def ask(address="marie@exemple.fr", *lists, **fields):
        slugs = [one if isinstance(one, str) else one.slug for one in lists]
        with commit():
            return client.post(FORM, {"adresse": address, "liste": slugs, "accord": "on"} | fields)

    return ask


def link(message, name="confirmer"):
    """The path of the first link of that kind in a message's text."""
    return re.search(rf"https?://[^/\s]+(/lettres/{name}/\S+)", message.body).group(1)


def test_nothing_is_subscribed_before_the_owner_of_the_address_confirms(client, ask, landes_list):
    response = ask(" Marie@Exemple.FR ", landes_list, nom="Marie D.")
    assert (response.status_code, response.url) == (302, THANKS)
    subscription = Subscription.objects.get()
    assert subscription.state == SubscriptionState.PENDING
    assert subscription.subscriber.address == "marie@exemple.fr"
    assert subscription.subscriber.name == ""
    [message] = mail.outbox
    assert message.to == ["marie@exemple.fr"]
    assert "Marie D." not in message.body
    path = link(message)
    assert path in message.alternatives[0][0]

    # Software that reads mail follows links: looking changes nothing.
    assert escape(landes_list.name) in client.get(path).content.decode()
    subscription.refresh_from_db()
    assert subscription.state == SubscriptionState.PENDING

    assert client.post(path).status_code == 200
    subscription.refresh_from_db()
    assert subscription.state == SubscriptionState.ACTIVE
    assert Subscriber.objects.get().name == "Marie D."
    actions = ConsentEvent.objects.order_by("pk").values_list("action", "text_version", "source", "list")
    assert list(actions) == [
        (ConsentAction.REQUESTED, "lettre-2026-2", "form", landes_list.pk),
        (ConsentAction.GIVEN, "lettre-2026-2", "link", landes_list.pk),
    ]


def test_a_confirmation_link_serves_once(client, ask, landes_list):
    ask("marie@exemple.fr", landes_list)
    path = link(mail.outbox[0])
    client.post(path)
    for method in (client.get, client.post):
        response = method(path)
        assert response.status_code == 410
        assert "a déjà servi" in response.content.decode()
    assert ConsentEvent.objects.filter(action=ConsentAction.GIVEN).count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_forged_links_are_refused_and_change_nothing(client, ask, landes_list, method):
    ask("marie@exemple.fr", landes_list)
    request = SubscriptionRequest.objects.get()
    subscription = Subscription.objects.select_related("subscriber").get()
    good = confirmation_token(request)
    forged = [
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        signing.dumps(request.pk.hex, salt="newsletters.unsubscribe"),
        signing.dumps(request.pk.hex, key="another key", salt="newsletters.confirm"),
        unsubscription_token(subscription),
        request.pk.hex,
        "x" * 5000,
        "%00",
    ]
    for token in forged:
        assert getattr(client, method)(f"/lettres/confirmer/{token}/").status_code == 410, token
    assert client.get(f"/lettres/desabonnement/{good}/").status_code == 410
    subscription.refresh_from_db()
    assert subscription.state == SubscriptionState.PENDING


def test_an_expired_link_is_refused(client, ask, landes_list):
    ask("marie@exemple.fr", landes_list)
    SubscriptionRequest.objects.update(created_at=timezone.now() - timedelta(days=3, minutes=1))
    response = client.post(link(mail.outbox[0]))
    assert response.status_code == 410
    assert "a expiré" in response.content.decode()
    assert not Subscription.objects.active().exists()


def test_known_and_unknown_addresses_get_the_same_answer(client, ask, landes_list):
    ask("connue@exemple.fr", landes_list)
    client.post(link(mail.outbox[0]))
    known, unknown = ask("connue@exemple.fr", landes_list), ask("inconnue@exemple.fr", landes_list)
    assert (known.status_code, known.url, known.content) == (unknown.status_code, unknown.url, unknown.content)
    told, asked = mail.outbox[1:]
    assert told.subject == "Vous êtes abonné"
    assert "confirmer/" not in told.body
    assert asked.subject == "Confirmez votre abonnement"
    assert Subscription.objects.get(subscriber__address="connue@exemple.fr").state == SubscriptionState.ACTIVE


def test_who_types_anothers_address_changes_nothing_of_theirs(client, ask, landes_list):
    ask("marie@exemple.fr", landes_list, nom="Marie")
    client.post(link(mail.outbox[0]))
    ask("marie@exemple.fr", landes_list, nom="Achetez ici", organisation="http://pourriel.invalid")
    person = Subscriber.objects.get()
    assert (person.name, person.organisation) == ("Marie", "")
    assert "pourriel" not in mail.outbox[-1].body + mail.outbox[-1].alternatives[0][0]


def test_an_address_hears_from_us_three_times_an_hour_at_most(ask, landes_list):
    answers = {(ask("marie@exemple.fr", landes_list, nom=f"Marie {number}").status_code) for number in range(5)}
    assert answers == {302}
    assert len(mail.outbox) == 3


def test_the_same_form_sent_again_at_once_is_one_request(ask, landes_list):
    for _ in range(3):
        assert ask("marie@exemple.fr", landes_list, nom="Marie").status_code == 302
    assert (SubscriptionRequest.objects.count(), len(mail.outbox)) == (1, 1)
    assert ConsentEvent.objects.count() == 1
    # Later it is another one: the first message may have been lost.
    SubscriptionRequest.objects.update(created_at=timezone.now() - TWICE)
    ask("marie@exemple.fr", landes_list, nom="Marie")
    assert (SubscriptionRequest.objects.count(), len(mail.outbox)) == (2, 2)


def test_the_message_is_sent_again_on_demand_within_the_limits(client, ask, commit, landes_list):
    def again():
        with commit():
            response = client.post(THANKS)
        assert (response.status_code, response.url) == (302, f"{THANKS}?renvoi=1")
        SubscriptionRequest.objects.update(created_at=F("created_at") - TWICE)

    again()
    assert mail.outbox == []
    ask("marie@exemple.fr", landes_list, nom="Marie")
    assert "Renvoyer le message" in client.get(THANKS).content.decode()
    SubscriptionRequest.objects.update(created_at=F("created_at") - TWICE)
    for _ in range(5):
        again()
    assert len(mail.outbox) == 3
    assert ConsentEvent.objects.count() == 1
    # Any of the messages confirms, with what was said at first; nothing is sent again afterwards.
    client.post(link(mail.outbox[-1]))
    assert Subscriber.objects.get().name == "Marie"
    assert Subscription.objects.active().count() == 1


def test_a_forged_cookie_sends_nothing(client, ask, commit, landes_list):
    ask("marie@exemple.fr", landes_list)
    SubscriptionRequest.objects.update(created_at=F("created_at") - TWICE)
    client.cookies["lettres-demande"] = SubscriptionRequest.objects.get().pk.hex
    with commit():
        client.post(THANKS)
    assert len(mail.outbox) == 1


def test_one_connection_asks_twenty_times_an_hour_at_most(client, ask, landes_list):
    for number in range(20):
        assert ask(f"personne{number}@exemple.fr", landes_list).status_code == 302
    response = ask("encore@exemple.fr", landes_list, nom="Camille")
    assert response.status_code == 429
    assert "Camille" in response.content.decode()
    assert not Subscriber.objects.filter(address="encore@exemple.fr").exists()


def test_a_robot_that_fills_the_trap_is_thanked_and_ignored(ask, landes_list):
    assert ask("robot@exemple.fr", landes_list, site_web="http://x.invalid").url == THANKS
    assert not Subscriber.objects.exists()
    assert mail.outbox == []


def test_leaving_shows_then_acts_and_minds_no_repetition(client, ask, landes_list):
    ask("marie@exemple.fr", landes_list)
    client.post(link(mail.outbox[0]))
    ask("marie@exemple.fr", landes_list)
    path = link(mail.outbox[-1], "desabonnement")
    assert "Me désabonner" in client.get(path).content.decode()
    subscription = Subscription.objects.get()
    assert subscription.state == SubscriptionState.ACTIVE
    for _ in range(2):
        assert client.post(path).status_code == 200
    subscription.refresh_from_db()
    assert subscription.state == SubscriptionState.UNSUBSCRIBED
    assert ConsentEvent.objects.filter(action=ConsentAction.WITHDRAWN).count() == 1


def test_leaving_needs_neither_cookie_nor_token_of_a_form(ask, landes_list, client):
    from django.test import Client

    ask("marie@exemple.fr", landes_list)
    client.post(link(mail.outbox[0]))
    path = f"/lettres/desabonnement/{unsubscription_token(Subscription.objects.get())}/"
    bare = Client(enforce_csrf_checks=True)
    assert bare.post(path).status_code == 200
    assert not Subscription.objects.active().exists()
    assert bare.post(FORM, {"adresse": "a@exemple.fr"}).status_code == 403


def test_a_confirmation_on_its_way_does_not_bring_back_who_left(client, ask, landes_list):
    ask("marie@exemple.fr", landes_list)
    pending = link(mail.outbox[-1])
    services.unsubscribe(subscription=Subscription.objects.get())
    assert client.post(pending).status_code == 410
    assert Subscription.objects.get().state == SubscriptionState.UNSUBSCRIBED


def test_who_left_may_come_back_by_confirming_again_even_where_one_opt_in_is_enough(client, ask, landes_list):
    landes_list.opt_in = "single"
    landes_list.save()
    ask("marie@exemple.fr", landes_list)
    assert Subscription.objects.get().state == SubscriptionState.ACTIVE
    services.unsubscribe(subscription=Subscription.objects.get())
    ask("marie@exemple.fr", landes_list)
    assert Subscription.objects.get().state == SubscriptionState.UNSUBSCRIBED
    client.post(link(mail.outbox[-1]))
    assert Subscription.objects.get().state == SubscriptionState.ACTIVE


@pytest.mark.parametrize("reason", ["bounce", "complaint", "manual", "erasure"])
def test_an_excluded_address_is_not_written_to_unless_its_owner_had_asked_to_be_erased(
    client, ask, landes_list, reason
):
    services.suppress(address="Marie@exemple.fr", reason=reason)
    assert ask("marie@exemple.fr", landes_list).url == THANKS
    if reason != "erasure":
        assert mail.outbox == []
        return
    client.post(link(mail.outbox[0]))
    assert Subscription.objects.active().count() == 1
    assert not Suppression.objects.exists()


def test_an_unproven_address_is_forgotten_after_a_month(ask, client, landes_list):
    ask("jamais@exemple.fr", landes_list)
    ask("marie@exemple.fr", landes_list)
    client.post(link(mail.outbox[-1]))
    old = timezone.now() - timedelta(days=31)
    for model in (SubscriptionRequest, Subscription, Subscriber):
        model.objects.update(created_at=old)
    assert services.forget_stale_requests() == 1
    assert list(Subscriber.objects.values_list("address", flat=True)) == ["marie@exemple.fr"]
    # The log keeps its proof without the address.
    assert ConsentEvent.objects.filter(subscriber=None, action=ConsentAction.REQUESTED).count() == 1


def test_the_consent_log_is_only_added_to(ask, landes_list):
    ask("marie@exemple.fr", landes_list)
    event = ConsentEvent.objects.get()
    for change in (
        event.save,
        event.delete,
        ConsentEvent.objects.all().delete,
        lambda: ConsentEvent.objects.update(action="given"),
    ):
        with pytest.raises(AppendOnlyError):
            change()


def test_a_private_or_archived_list_cannot_be_subscribed_to(ask, landes_list, landes):
    private = MailingList.objects.create(
        territory=landes, name="Interne des coordinateurs", slug="interne", visibility="private"
    )
    archived = MailingList.objects.create(
        territory=landes, name="Ancienne lettre", slug="ancienne", archived_at=timezone.now()
    )
    for one in (private, archived, "inconnue", "'; --", "\x00"):
        response = ask("marie@exemple.fr", landes_list, one)
        assert response.status_code == 422
        assert "n’existe pas ou n’est plus proposée" in response.content.decode()
        assert "Interne des coordinateurs" not in response.content.decode()
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"adresse": ""}, "Saisissez une adresse e-mail."),
        ({"adresse": "marie@exemple.fr\r\nBcc: tous@exemple.fr"}, "retour à la ligne"),
        ({"adresse": "marie d@exemple.fr"}, "ne contient pas d’espace"),
        ({"adresse": '"marie d"@exemple.fr'}, "espace"),
        ({"adresse": '"marie"@exemple.fr'}, "entre guillemets"),
        ({"adresse": "marie@a@exemple.fr"}, "un seul signe @"),
        ({"adresse": "m" * 308 + "@exemple.fr"}, "trop longue"),
        ({"adresse": "m" * 2000}, "trop longue"),
        ({"adresse": "marie@exemple"}, "nom de domaine"),
        ({"adresse": "marie@127.0.0.1"}, "nom de domaine"),
        ({"liste": []}, "Choisissez au moins une lettre."),
        ({"liste": [f"l{n}" for n in range(30)]}, "20 lettres au plus"),
        ({"accord": ""}, "cochez cette case"),
        ({"nom": "n" * 151}, "150"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(client, landes_list, fields, sentence):
    typed = {"adresse": "marie@exemple.fr", "liste": [landes_list.slug], "accord": "on", "organisation": "Hub à part"}
    response = client.post(FORM, typed | fields)
    content = response.content.decode()
    assert response.status_code == 422
    assert sentence in content
    assert "Hub à part" in content
    assert "Erreur" in content.split("</title>")[0]
    assert not Subscriber.objects.exists()


def test_the_space_page_is_cached_and_the_form_is_not(client, landes_list, settings):
    settings.PAGE_CACHE_SECONDS = 600
    page = "/territoires/nouvelle-aquitaine/landes/lettres/"
    assert client.get(page).get("X-Cache") is None
    assert client.get(page)["X-Cache"] == "hit"
    for _ in range(2):
        assert client.get(FORM).get("X-Cache") is None
    assert "no-store" in client.get(FORM)["Cache-Control"]
