"""What a list's team does for one person: with a proof, inside its territories, and logged without the address."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from wagtail.models import ModelLogEntry

from newsletters import services
from newsletters.models import ConsentEvent, Subscriber, Subscription, Suppression
from newsletters.people.rules import PersonRefused
from pages.services import open_territory_space
from portal.territories.models import Territory
from tests.factories import make_member
from tests.newsletters.factories import make_list, make_subscriber

pytestmark = pytest.mark.django_db
ADD = "/admin/abonnes/ajouter/"
EXCLUDE = "/admin/exclusions/ajouter/"


@pytest.fixture
def vaucluse(landes_space):
    territory = Territory.objects.get(level="departement", code="84")
    open_territory_space(territory=territory)
    return territory


@pytest.fixture
def sender(client, landes, landes_space):
    user = make_member("sender", landes)
    client.force_login(user)
    return user


@pytest.fixture
def national(client, nation, landes_space):
    user = make_member("admin_national", nation)
    client.force_login(user)
    return user


def form(*lists, **fields):
    return {
        "adresse": " Marie@Exemple.fr",
        "listes": [one.pk for one in lists],
        "fondement": "form",
        "preuve": "Formulaire papier du forum de Dax, 12 mars 2026",
        "nom": "Marie",
    } | fields


def text(response):
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def test_a_person_is_added_with_the_proof_and_no_message_asks_them(client, sender, landes_list, commit, mailoutbox):
    with commit():
        assert client.post(ADD, form(landes_list, type_organisation="hub", territoire="40")).status_code == 302
    person = Subscriber.objects.get()
    assert (person.address, person.name, person.organisation_kind) == ("marie@exemple.fr", "Marie", "hub")
    assert Subscription.objects.active().get().list == landes_list
    event = ConsentEvent.objects.get()
    assert (event.action, event.source, event.actor) == ("given", "admin", sender)
    assert "forum de Dax" in event.evidence
    assert "Consentement donné dans un formulaire" in event.evidence
    entry = ModelLogEntry.objects.get(action="newsletters.subscriber.add")
    assert (entry.user, entry.label) == (sender, landes_list.name)
    assert "marie" not in str(entry.data).lower()
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"adresse": "deux@signes@exemple.fr"}, "un seul signe @"),
        ({"adresse": ""}, "Saisissez une adresse"),
        ({"listes": []}, "au moins une liste"),
        ({"fondement": ""}, "Choisissez."),
        ({"fondement": "envie"}, "envie"),
        ({"preuve": ""}, "Dites où, quand et comment"),
        ({"preuve": "oui"}, "10"),
        ({"territoire": "Nulle part"}, "Aucun territoire"),
    ],
)
def test_without_a_proof_or_an_address_nobody_is_added(client, sender, landes_list, fields, sentence):
    answer = client.post(ADD, form(landes_list) | fields)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert "Marie" in answer.content.decode()
    assert not Subscriber.objects.exists()


def test_who_left_or_is_excluded_is_not_added(client, sender, landes_list):
    person = make_subscriber(landes_list, address="marie@exemple.fr")
    services.unsubscribe(subscription=person.subscriptions.get())
    assert "elle seule peut s’y réabonner" in text(client.post(ADD, form(landes_list)))
    services.erase(subscriber=person)
    assert "exclue des envois" in text(client.post(ADD, form(landes_list)))
    assert not Subscription.objects.active().exists()


def test_what_a_person_said_of_themselves_stays(client, sender, landes_list):
    person = make_subscriber(address="marie@exemple.fr", name="Marie Dupont")
    client.post(ADD, form(landes_list, nom="Autre nom", organisation="Hub"))
    person.refresh_from_db()
    assert (person.name, person.organisation) == ("Marie Dupont", "Hub")


def test_another_territorys_list_is_neither_offered_nor_taken(client, sender, landes, landes_list, vaucluse):
    theirs = make_list(vaucluse, name="Interne du Vaucluse")
    assert theirs.name not in client.get(ADD).content.decode()
    assert client.post(ADD, form(landes_list, theirs)).status_code == 422
    assert not Subscriber.objects.exists()
    with pytest.raises(PermissionDenied):
        services.add_person(actor=sender, address="a@exemple.fr", lists=[theirs], evidence="une preuve assez longue")
    client.force_login(make_member("editor", landes))
    assert client.get(ADD).status_code in (302, 403)
    assert client.post(ADD, form(landes_list)).status_code in (302, 403)


def test_a_subscription_is_ended_once_by_who_manages_its_list(client, sender, landes, landes_list, vaucluse):
    theirs = make_list(vaucluse)
    person = make_subscriber(landes_list, theirs, address="marie@exemple.fr")
    mine, other = (Subscription.objects.get(list=one) for one in (landes_list, theirs))
    path = f"/admin/abonnements/{mine.pk}/terminer/"
    assert "ne recevra plus" in text(client.get(path))
    mine.refresh_from_db()
    assert mine.state == "active"
    for _ in range(2):
        assert client.post(path).status_code == 302
    assert ConsentEvent.objects.get().source == "admin"
    assert ModelLogEntry.objects.filter(action="newsletters.subscriber.end").count() == 1
    for method in (client.get, client.post):
        assert method(f"/admin/abonnements/{other.pk}/terminer/").status_code == 404
    other.refresh_from_db()
    assert other.state == "active"
    inspected = client.get(f"/admin/newsletters/subscriber/inspect/{person.pk}/")
    assert landes_list.name in text(inspected)
    assert theirs.name not in inspected.content.decode()
    client.force_login(make_member("editor", landes))
    assert client.post(path).status_code in (302, 403)


def test_an_address_is_excluded_and_the_exclusion_lifted_by_the_national_team_alone(
    client, national, landes, landes_list
):
    make_subscriber(landes_list, address="marie@exemple.fr")
    assert client.post(EXCLUDE, {"adresse": "marie@exemple.fr", "note": "À sa demande"}).status_code == 302
    row = Suppression.objects.get()
    assert (row.reason, row.note) == ("manual", "À sa demande")
    assert not Subscription.objects.active().exists()
    lift = f"/admin/exclusions/{row.pk}/lever/"
    client.force_login(make_member("sender", landes))
    for path in (EXCLUDE, lift):
        assert client.get(path).status_code in (302, 403)
        assert client.post(path, {"adresse": "a@exemple.fr", "note": "x"}).status_code in (302, 403)
    assert Suppression.objects.count() == 1
    client.force_login(national)
    assert client.get(lift).status_code == 200
    assert client.post(lift).status_code == 302
    assert not Suppression.objects.exists()
    # Ended subscriptions do not come back by themselves.
    assert not Subscription.objects.active().exists()
    actions = ModelLogEntry.objects.filter(action__startswith="newsletters.suppression").order_by("pk")
    assert [(entry.action, entry.user) for entry in actions] == [
        ("newsletters.suppression.add", national),
        ("newsletters.suppression.lift", national),
    ]
    assert not any("marie" in entry.label for entry in actions)


@pytest.mark.parametrize("reason", ["bounce", "complaint", "erasure"])
def test_what_the_team_did_not_decide_it_does_not_lift(client, national, reason):
    row = services.suppress(address="marie@exemple.fr", reason=reason)
    assert "ne se lève pas" in text(client.get(f"/admin/exclusions/{row.pk}/lever/"))
    client.post(f"/admin/exclusions/{row.pk}/lever/")
    assert Suppression.objects.get().reason == reason
    with pytest.raises(PersonRefused):
        services.lift(suppression=row, actor=national)


@pytest.mark.parametrize(("before", "after", "kept"), [
    ("complaint", "manual", "complaint"), ("bounce", "erasure", "bounce"), ("erasure", "manual", "manual"),
    ("manual", "bounce", "bounce"), ("manual", "erasure", "manual"),
])  # fmt: skip
def test_a_reason_never_takes_the_place_of_a_stronger_one(db, before, after, kept):
    for reason in (before, after):
        services.suppress(address="marie@exemple.fr", reason=reason)
    assert Suppression.objects.get().reason == kept
