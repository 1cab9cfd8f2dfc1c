"""Gouvernances, roadmaps and applications, against what is planted. Population of the tests' communes: Landes 59 831
(Mont-de-Marsan 31 592, Dax 22 109, Aire 6 130), Gers 1 300, Lot-et-Garonne 32 801."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dossiers.enums import Kind, State
from dossiers.figures.roadmaps import ApplicationRow, CoverageRow, applications, coverage_of, departements_of
from dossiers.instruction.selectors import desk_of
from dossiers.models import Dossier
from portal.accounts.models import User
from tests.dossiers.factories import Party, make_dossier, make_organisation, make_party, make_type
from tests.dossiers.territory.factories import choices, field, make_roadmap_type, roadmap
from tests.factories import make_member

from .factories import everywhere, place

SCREEN, FILE = "/instruction/chiffres/feuilles-de-route/", "/instruction/chiffres/telecharger/"


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


def rows(user: User) -> dict[str, CoverageRow]:
    desk = desk_of(User.objects.get(pk=user.pk))
    return {row.territory.code: row for row in coverage_of(departements_of(desk)).rows}


def test_coverage_of_population(party: Party) -> None:
    type_ = make_roadmap_type()
    roadmap(party, type_, "epci-244000808", state=State.ACCEPTED)
    roadmap(party, type_, "epci-244000675", state=State.DEPOSITED)  # Not accepted: not counted.
    landes = rows(party.instructor)["40"]
    assert (landes.roadmaps, landes.covered, landes.communes) == (1, 1, 3)
    assert (landes.covered_population, landes.population) == (31_592, 59_831)
    assert landes.share == pytest.approx(31_592 / 59_831)
    assert not landes.is_whole


def test_an_intercommunalité_over_two_départements_covers_each_its_communes(party: Party) -> None:
    roadmap(party, make_roadmap_type(), "epci-200030435", state=State.ACCEPTED)
    found = rows(party.national)
    assert (found["40"].covered_population, found["32"].covered_population) == (6_130, 1_300)
    # It is a roadmap of the Landes; the Gers is covered by it all the same, and whole: its one commune.
    assert (found["40"].roadmaps, found["32"].roadmaps, found["32"].is_whole) == (1, 0, True)
    assert set(rows(party.elsewhere)) == {"32"}
    assert rows(party.elsewhere)["32"].covered == 1


def test_a_départementale_covers_all(party: Party) -> None:
    type_ = make_roadmap_type()
    roadmap(party, type_, "departement-40", state=State.ACCEPTED)
    roadmap(party, type_, "epci-244000808", state=State.ACCEPTED)
    desk = desk_of(User.objects.get(pk=party.national.pk))
    found = coverage_of(departements_of(desk))
    assert (found.departements, found.with_roadmap, found.whole) == (5, 1, 1)
    assert found.covered_population == 59_831
    assert found.share_roadmap == pytest.approx(0.2)


def test_governances_and_the_bin(party: Party) -> None:
    type_ = make_type(kind=Kind.GOVERNANCE)
    make_dossier(party, State.ACCEPTED, type_)
    make_dossier(party, State.REFUSED, type_)
    gone = make_dossier(party, State.ACCEPTED, type_)
    Dossier.objects.filter(pk=gone.pk).update(binned_at=timezone.now())
    make_dossier(everywhere(party), State.ACCEPTED, type_, territory=place("departement-84"))
    assert rows(party.instructor)["40"].governances == 1
    assert [code for code, row in rows(party.national).items() if row.governances] == ["40", "84"]
    region = make_member("instructor", party.territory.region)
    assert set(rows(region)) == {"40", "47"}


def test_applications_by_kind_and_wish(party: Party) -> None:
    wish = field("souhait", "choix", "Souhait", role="portage", options=choices("porter", "participer", "suggere"))
    first = make_type([wish], kind=Kind.APPLICATION)
    # Another version, another key, and a type that does not ask.
    second = make_type([wish | {"key": "portage-ou-non"}], kind=Kind.APPLICATION)
    silent = make_type(kind=Kind.APPLICATION)
    commune = make_organisation(party.territory, "commune")
    other = everywhere(party)
    for type_, key, said in ((first, "souhait", "porter"), (second, "portage-ou-non", "porter")):
        make_dossier(party, State.DEPOSITED, type_, values={key: said})
    make_dossier(party, State.DEPOSITED, first, values={"souhait": "suggere"})
    make_dossier(party, State.WITHDRAWN, first, values={"souhait": "porter"})
    make_dossier(other, State.DEPOSITED, first, values={"souhait": "porter"}, territory=place("departement-32"))
    Dossier.objects.filter(pk=make_dossier(party, State.DEPOSITED, silent).pk).update(organisation=commune)
    desk = desk_of(User.objects.get(pk=party.instructor.pk))
    assert applications(desk) == [
        ApplicationRow("Intercommunalité", carry=2, take_part=0, suggested=1, unknown=0),
        ApplicationRow("Commune", carry=0, take_part=0, suggested=0, unknown=1),
    ]


def test_the_screen(party: Party) -> None:
    roadmap(party, make_roadmap_type(), "epci-244000808", state=State.ACCEPTED)
    make_dossier(party, State.DEPOSITED, make_type(kind=Kind.APPLICATION))
    client = Client()
    assert client.get(SCREEN).status_code == 302
    client.force_login(party.depositor)
    assert client.get(SCREEN).status_code == 404
    client.force_login(make_member("instructor", party.territory.region))
    text = client.get(SCREEN).content.decode()
    assert "<strong>1 sur 2</strong>" in text
    assert "34,1\u00a0%" in text  # 31 592 of 92 632.
    assert 'aria-label="Landes (40) : 53 % de la population"' in text
    assert 'href="/dossiers/couverture/departement-40/"' in text
    assert '<th scope="row">Intercommunalité</th>' in text
    lines = client.get(f"{FILE}?tableau=feuilles-de-route").content.decode().splitlines()
    assert lines[1] == "Nouvelle-Aquitaine;40;Landes;0;1;3;1;59831;31592;52.8"


@pytest.mark.parametrize("number", [1, 3])
def test_queries_are_constant(party: Party, number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    type_ = make_type(kind=Kind.GOVERNANCE)
    for _ in range(number):
        make_dossier(party, State.ACCEPTED, type_)
        make_dossier(party, State.DEPOSITED, make_type(kind=Kind.APPLICATION))
    client = Client()
    client.force_login(party.instructor)
    client.get(SCREEN)
    with django_assert_num_queries(16):
        client.get(SCREEN)
