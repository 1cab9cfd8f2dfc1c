"""The list of an instructing service: whose dossiers, which filters, how many queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dossiers.enums import State
from dossiers.models import Dossier, Label
from portal.accounts.models import User
from portal.territories.models import Territory
from tests.dossiers.factories import Party, make_dossier, make_party, make_type
from tests.factories import make_member, make_user

LIST = "/instruction/"
#: Eight are of the chrome and the session.
QUERIES = 19


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def titles(response: Any) -> set[str]:
    assert response.status_code == 200
    return {each.title for each in response.context["items"]}


def elsewhere(party: Party, **fields: Any) -> Dossier:
    gers = Territory.objects.get(level="departement", code="32")
    return make_dossier(party, territory=gers, **fields)


def test_one_sees_the_dossiers_of_ones_services_only(party: Party) -> None:
    make_dossier(party, values={"nom": "Des Landes"})
    elsewhere(party, values={"nom": "Du Gers"})
    make_dossier(party, State.DRAFT, values={"nom": "Brouillon"})
    region = make_member("instructor", party.territory.region)
    assert titles(as_(party.instructor).get(LIST)) == {"Des Landes"}
    assert titles(as_(party.elsewhere).get(LIST)) == {"Du Gers"}
    assert titles(as_(region).get(LIST)) == {"Des Landes"}
    assert titles(as_(party.national).get(LIST)) == {"Des Landes", "Du Gers"}


def test_who_does_not_instruct_gets_404(party: Party) -> None:
    for user in (party.depositor, party.reader, party.advisor, make_user()):
        assert as_(user).get(LIST).status_code == 404
    assert Client().get(LIST).status_code == 302


@pytest.mark.parametrize("number", [1, 3])
def test_queries_are_constant(party: Party, number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for rank in range(number):
        dossier = make_dossier(party, State.INSTRUCTION, make_type())
        dossier.labels.add(Label.objects.create(territory=party.territory, name=f"Urgent {rank}"))
    client = as_(party.instructor)
    client.get(LIST)
    with django_assert_num_queries(QUERIES):
        response = client.get(LIST)
    assert len(response.context["items"]) == number


def test_filters(party: Party) -> None:
    urgent = Label.objects.create(territory=party.territory, name="Urgent")
    first = make_dossier(party, values={"nom": "Première"})
    second = make_dossier(party, State.INSTRUCTION, values={"nom": "Deuxième"})
    second.labels.add(urgent)
    third = make_dossier(party, State.ACCEPTED, values={"nom": "Troisième"})
    Dossier.objects.filter(pk=second.pk).update(due_at=timezone.now() - timedelta(days=1))
    Dossier.objects.filter(pk=third.pk).update(deposited_at=timezone.now() - timedelta(days=400))
    client = as_(party.instructor)
    day = timezone.localdate() - timedelta(days=30)
    cases: dict[str, set[str]] = {
        "": {"Première", "Deuxième", "Troisième"},
        "etat=depose": {"Première"},
        "etat=ouverts": {"Première", "Deuxième"},
        "etat=clos": {"Troisième"},
        f"type={first.type.code}": {"Première"},
        "confie=moi": {"Deuxième", "Troisième"},
        "confie=personne": {"Première"},
        f"confie={party.validator.pk}": set(),
        f"etiquette={urgent.pk}": {"Deuxième"},
        "retard=1": {"Deuxième"},
        f"depuis={day.isoformat()}": {"Première", "Deuxième"},
        f"jusqua={day.isoformat()}": {"Troisième"},
        "territoire=departement-40": {"Première", "Deuxième", "Troisième"},
        "etat=ouverts&confie=moi": {"Deuxième"},
    }
    for query, expected in cases.items():
        assert titles(client.get(f"{LIST}?{query}")) == expected, query


def test_a_territory_is_filtered_by_région_département_and_intercommunalité(party: Party) -> None:
    gers = Territory.objects.get(level="departement", code="32")
    around = Territory.objects.filter(level="epci", departement=party.territory)
    dax = around.exclude(pk__in=Territory.objects.inside(gers).values("pk")).order_by("code")[0]
    make_dossier(party, values={"nom": "Intercommunal"}, territory=dax)
    make_dossier(party, values={"nom": "Départemental"})
    elsewhere(party, values={"nom": "Du Gers"})
    client = as_(party.national)
    region = party.territory.region
    assert region is not None
    assert titles(client.get(f"{LIST}?territoire={region.key}")) == {"Intercommunal", "Départemental"}
    assert titles(client.get(f"{LIST}?territoire=departement-40&epci={dax.key}")) == {"Intercommunal"}
    assert titles(client.get(f"{LIST}?territoire=departement-32")) == {"Du Gers"}
    # An intercommunalité of elsewhere is not one of the choices: it is said, and left out.
    response = as_(party.instructor).get(f"{LIST}?epci=epci-200000000")
    assert "Un filtre n’a pas été compris" in response.content.decode()
    assert titles(response) == {"Intercommunal", "Départemental"}


@pytest.mark.parametrize(
    "query",
    [
        "etat=nimporte&type=x&confie=zz&etiquette=9999999999999999999999&territoire=%00&epci=epci-%27",
        "depuis=hier&jusqua=0001-01-01&retard=peut-etre&tri=-pk",
        "depuis=9999-12-31&jusqua=9999-12-31&q=" + "a" * 5000,
        "q=%00&confie=-1&etiquette=-1",
        "depuis=0001-01-01&q=%25_%5C%22%27",
        "etat=depose&etat=accepte&q=%F0%9F%98%80",
    ],
)
def test_what_is_not_understood_is_left_out(party: Party, query: str) -> None:
    make_dossier(party)
    assert as_(party.instructor).get(f"{LIST}?{query}").status_code == 200


def test_pages_that_do_not_exist(party: Party) -> None:
    client = as_(party.instructor)
    for page in ("0", "-1", "abc", "2", "999999999999"):
        assert client.get(f"{LIST}?page={page}").status_code == 404


def test_counters_are_of_the_desk_whatever_the_filters(party: Party) -> None:
    make_dossier(party)
    make_dossier(party)
    late = make_dossier(party, State.INSTRUCTION)
    Dossier.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=1))
    make_dossier(party, State.REFUSED)
    elsewhere(party)
    response = as_(party.instructor).get(f"{LIST}?etat=accepte")
    assert titles(response) == set()
    assert "Aucun dossier ne répond à ces filtres." in response.content.decode()
    counted = response.context["counters"]
    assert counted.states == {State.DEPOSITED: 2, State.INSTRUCTION: 1, State.REFUSED: 1}
    assert (counted.late, counted.mine, counted.nobody, counted.open) == (1, 1, 2, 3)


def test_an_empty_desk_says_so(party: Party) -> None:
    assert "Aucun dossier n’est encore déposé" in as_(party.instructor).get(LIST).content.decode()


def test_ones_own_organisation_is_not_instructed(party: Party) -> None:
    """Whoever deposits for an organisation does not instruct its dossiers: the list says what the screen does."""
    dossier = make_dossier(party)
    both = make_member("instructor", party.territory)
    both.memberships.create(role="depositor", organisation=party.organisation)
    client = as_(both)
    assert titles(client.get(LIST)) == set()
    assert client.get(f"/instruction/{dossier.pk}/").status_code == 404
