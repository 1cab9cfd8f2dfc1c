"""The page of preferences: what a letter's link opens, what asks for a link sent lately, and what neither does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from newsletters.models import ConsentEvent, MailingList, PersonalMail, Subscriber, Subscription
from newsletters.people.tokens import fresh_token
from newsletters.sending import tokens
from newsletters.services import suppress
from pages.services import open_territory_space
from portal.territories.models import Territory
from tests.factories import make_user
from tests.newsletters.factories import make_list, make_subscriber

pytestmark = pytest.mark.django_db
ASK = "/lettres/preferences/"


@pytest.fixture
def marie(landes_list):
    return make_subscriber(landes_list, address="marie@exemple.fr", name="Marie")


def from_letter(person):
    """The address of the page as a letter gives it."""
    held = Subscription.objects.filter(subscriber=person).order_by("pk").first()
    return f"{ASK}{tokens.make(tokens.Purpose.PREFERENCES, held.pk, 0)}/"


def fresh(person):
    return f"{ASK}{fresh_token(person)}/"


def text(response):
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def events(person, **fields):
    rows = ConsentEvent.objects.filter(subscriber=person, **fields).order_by("pk")
    return list(rows.values_list("list", "purpose", "action", "source"))


@pytest.mark.parametrize("address", [from_letter, fresh])
def test_a_person_leaves_a_list_by_unticking_it_and_a_look_changes_nothing(client, marie, landes_list, address):
    path = address(marie)
    page = client.get(path)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    assert BeautifulSoup(page.content, "html.parser").find(id=f"liste-{landes_list.slug}").has_attr("checked")
    assert not ConsentEvent.objects.exists()
    for _ in range(2):
        assert client.post(path, {"action": "listes", "montree": [landes_list.slug]}).status_code == 200
    assert not Subscription.objects.active().exists()
    assert events(marie) == [(landes_list.pk, "letter", "withdrawn", "centre")]


def test_the_lists_offered_are_those_of_ones_territories_and_around_never_private_ones(client, marie, landes, vaucluse):
    make_list(landes, name="Interne des Landes", visibility="private")
    mine = make_list(landes, name="Interne où je suis", visibility="private")
    make_list(landes, name="Ancienne", archived_at=timezone.now())
    Subscription.objects.create(list=mine, subscriber=marie, state="active", confirmed_at=timezone.now())
    shown = text(client.get(from_letter(marie)))
    region = MailingList.objects.get(territory__level="region", territory__code="75")
    for one in (mine, region, MailingList.objects.get(territory__level="nation")):
        assert one.name in shown
    for hidden in ("Interne des Landes", "Ancienne", "Vaucluse"):
        assert hidden not in shown


@pytest.fixture
def vaucluse(landes_space):
    territory = Territory.objects.get(level="departement", code="84")
    open_territory_space(territory=territory)
    return territory


def test_joining_asks_for_a_confirmation_from_a_letter_and_is_done_by_a_link_sent_lately(client, marie, commit, link):
    region = MailingList.objects.get(territory__level="region", territory__code="75")
    data = {"action": "listes", "montree": [region.slug], "liste": [region.slug]}
    with commit():
        answer = client.post(from_letter(marie), data)
    assert "confirmez par le message" in text(answer)
    assert not Subscription.objects.active().filter(list=region).exists()
    assert link(mail.outbox[0], "confirmer")
    client.post(fresh(marie), data)
    assert Subscription.objects.active().filter(list=region, subscriber=marie).exists()
    assert events(marie, list=region) == [
        (region.pk, "letter", "requested", "centre"),
        (region.pk, "letter", "given", "centre"),
    ]


def test_what_is_not_offered_cannot_be_joined_and_what_was_not_shown_is_not_left(client, marie, landes, landes_list):
    private = make_list(landes, name="Interne", visibility="private")
    answer = client.post(fresh(marie), {"action": "listes", "montree": [private.slug], "liste": [private.slug]})
    assert answer.status_code == 422
    assert "n’existe pas ou n’est plus proposée" in text(answer)
    assert not Subscription.objects.filter(list=private).exists()
    client.post(fresh(marie), {"action": "listes"})
    assert Subscription.objects.active().get().list == landes_list


def test_an_excluded_address_joins_nothing(client, marie, landes_list):
    suppress(address=marie.address, reason="complaint")
    answer = client.post(fresh(marie), {"action": "listes", "montree": [landes_list.slug], "liste": [landes_list.slug]})
    assert answer.status_code == 422
    assert not Subscription.objects.active().exists()


def test_a_pause_has_an_end_and_can_be_shortened(client, marie):
    today = timezone.localdate()
    for wrong in ("", "demain", today, today - timedelta(days=1), today + timedelta(days=400)):
        answer = client.post(from_letter(marie), {"action": "pause", "jusqu_au": str(wrong)})
        assert answer.status_code == 422, wrong
        assert "fr-message--error" in answer.content.decode()
    day = today + timedelta(days=30)
    assert "en pause" in text(client.post(from_letter(marie), {"action": "pause", "jusqu_au": str(day)}))
    marie.refresh_from_db()
    assert marie.paused_until == day
    assert "Reprendre maintenant" in text(client.get(from_letter(marie)))
    client.post(from_letter(marie), {"action": "reprendre"})
    marie.refresh_from_db()
    assert marie.paused_until is None
    assert not ConsentEvent.objects.exists()


def test_being_measured_is_off_and_each_change_of_it_is_proven_once(client, marie):
    assert marie.tracking is False
    for _ in range(2):
        client.post(from_letter(marie), {"action": "mesure", "mesure": "oui"})
    for _ in range(2):
        client.post(from_letter(marie), {"action": "mesure"})
    assert events(marie) == [(None, "tracking", "given", "centre"), (None, "tracking", "withdrawn", "centre")]
    given = ConsentEvent.objects.get(action="given")
    assert given.text_version == "mesure-2026-1"
    marie.refresh_from_db()
    assert marie.tracking is False


def test_data_and_erasure_ask_for_a_link_sent_to_the_address(client, marie, commit, link):
    path = from_letter(marie)
    for end in ("donnees/", "donnees.json", "effacer/"):
        assert client.get(path + end).status_code == 410
    assert client.post(f"{path}effacer/", {"confirme": "oui"}).status_code == 410
    assert client.post(path, {"action": "adresse", "nouvelle": "voleur@exemple.fr"}).status_code == 422
    assert Subscriber.objects.filter(pk=marie.pk).exists()
    assert mail.outbox == []
    with commit():
        client.post(path, {"action": "lien"})
    [message] = mail.outbox
    assert message.to == ["marie@exemple.fr"]
    page = link(message, "preferences")
    assert "Marie" in text(client.get(f"{page}donnees/"))
    file = client.get(f"{page}donnees.json")
    assert file.json()["lettres"]["adresse"] == "marie@exemple.fr"
    assert "attachment" in file["Content-Disposition"]


def test_the_answer_is_the_same_for_every_address_and_an_address_hears_three_times_an_hour(client, marie, commit):
    answers = set()
    for address in ("marie@exemple.fr", "inconnue@exemple.fr"):
        for _ in range(5):
            with commit():
                answer = client.post(ASK, {"adresse": address})
            answers.add((answer.status_code, answer.url, answer.content))
    assert len(answers) == 1
    assert [message.to for message in mail.outbox] == [["marie@exemple.fr"]] * 3
    assert not Subscriber.objects.filter(address="inconnue@exemple.fr").exists()


@pytest.mark.parametrize(
    "address", ["", "pas une adresse", "a@b@exemple.fr", "x" * 2000, "a@exemple.fr\r\nBcc: b@c.fr"]
)
def test_a_bad_address_is_said_beside_its_field(client, landes_list, address):
    answer = client.post(ASK, {"adresse": address})
    assert answer.status_code == 422
    assert "fr-message--error" in answer.content.decode()
    assert not PersonalMail.objects.exists()


def test_forged_old_and_foreign_links_lead_nowhere(client, marie, landes_list, monkeypatch):
    good = fresh_token(marie)
    held = Subscription.objects.get()
    forged = [
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        tokens.make(tokens.Purpose.UNSUBSCRIBE, held.pk, 0),
        tokens.make(tokens.Purpose.PREFERENCES, held.pk + 999, 0),
        "x",
        "x:y",
        "%00",
        "z" * 3000,
    ]
    for token in forged:
        for method in (client.get, client.post):
            assert method(f"{ASK}{token}/").status_code == 410, token
    later = timezone.now() + timedelta(days=2, minutes=1)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    assert client.get(f"{ASK}{good}/").status_code == 410
    assert client.get(from_letter(marie)).status_code == 200


def test_the_link_of_a_trial_says_so_and_acts_on_nobody(client, marie):
    path = f"{ASK}{tokens.make(tokens.Purpose.PREFERENCES, 0, 0)}/"
    for answer in (client.get(path), client.post(path, {"action": "mesure", "mesure": "oui"})):
        assert answer.status_code == 200
        assert "message d’essai" in text(answer)
    assert client.get(f"{path}effacer/").status_code == 200
    assert not Subscriber.objects.filter(tracking=True).exists()


def test_a_post_needs_its_form_token(marie):
    bare = Client(enforce_csrf_checks=True)
    assert bare.post(from_letter(marie), {"action": "mesure", "mesure": "oui"}).status_code == 403


def test_who_is_signed_in_is_led_to_the_preferences_of_their_proven_addresses_only(client, marie):
    assert client.get("/lettres/mes-lettres/").status_code == 302
    user = make_user(email="marie@exemple.fr")
    client.force_login(user)
    assert "Aucune de vos adresses confirmées" in text(client.get("/lettres/mes-lettres/"))
    address = EmailAddress.objects.create(user=user, email="Marie@exemple.fr", verified=True, primary=True)
    answer = client.get("/lettres/mes-lettres/")
    assert answer.status_code == 302
    assert "marie@exemple.fr" in text(client.get(answer.url))
    second = make_subscriber(address="autre@exemple.fr")
    EmailAddress.objects.create(user=user, email=second.address, verified=False)
    assert client.get("/lettres/mes-lettres/").status_code == 302
    EmailAddress.objects.filter(user=user).exclude(pk=address.pk).update(verified=True)
    assert second.address in text(client.get("/lettres/mes-lettres/"))


def test_the_page_costs_the_same_with_one_list_or_three(client, marie, landes, django_assert_num_queries):
    path = from_letter(marie)
    client.get(path)
    for count in (1, 3):
        with django_assert_num_queries(7):
            assert client.get(path).status_code == 200
        for number in range(count):
            one = make_list(landes, name=f"Lettre {count}-{number}")
            Subscription.objects.create(list=one, subscriber=marie, state="active", confirmed_at=timezone.now())


def test_an_unknown_act_changes_nothing(client, marie, landes_list):
    assert client.post(from_letter(marie), {"action": "tout"}).status_code == 422
    assert client.post(from_letter(marie)).status_code == 422
    assert Subscription.objects.active().count() == 1
    assert escape(landes_list.name) in client.get(from_letter(marie)).content.decode()
