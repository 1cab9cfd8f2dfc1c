"""What everybody may read: of public types only, more than five dossiers only, nothing that can be computed."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dossiers.enums import State
from dossiers.figures.public import PARTS, TOTAL, PublicRow, compute, public_figures
from dossiers.models import Dossier, DossierType
from tests.dossiers.factories import Party, make_party, make_type

from .factories import place, plant_many

PAGE, FILE = "/chiffres/", "/chiffres/dossiers.csv"


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


@pytest.fixture
def type_(party: Party) -> DossierType:
    return make_type(code="ouvert", title="Type ouvert", public_figures=True)


def shown(address: str = PAGE) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def lines() -> list[dict[str, str]]:
    response = Client().get(FILE)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def row(key: str, code: str = "ouvert") -> PublicRow:
    found = public_figures().type(code)
    assert found is not None
    rows = [found.nation, *found.regions, *found.departements]
    return next(each for each in rows if each.place is not None and each.place.key == key)


def test_six_is_published_and_five_is_not(party: Party, type_: DossierType) -> None:
    plant_many(party, 6, State.DEPOSITED, type_, "departement-40")
    plant_many(party, 5, State.DEPOSITED, type_, "departement-84")
    plant_many(party, 40, State.DEPOSITED, type_, "departement-32")
    assert row("departement-84").deposited is None
    assert row("departement-40").deposited is None  # Else five would be what is left of the country.
    assert row("departement-32").deposited == 40
    assert row("nation-FR").deposited == 51
    caches["default"].clear()
    plant_many(party, 1, State.DEPOSITED, type_, "departement-84")
    assert [row(key).deposited for key in ("departement-40", "departement-84", "nation-FR")] == [6, 6, 52]
    text = shown()
    assert 'aria-label="Vaucluse (84) : 6 dossiers"' in text
    assert "n.&nbsp;p." in text
    # The legend says nothing of less than six.
    assert "</svg>6 à 10 dossiers</li>" in text
    assert "</svg>1 à" not in text


def test_five_in_all_are_nothing(party: Party, type_: DossierType) -> None:
    plant_many(party, 5, State.ACCEPTED, type_, "departement-40", took=33)
    text = shown()
    assert "Trop peu de dossiers ont été déposés pour que leur nombre soit publié." in text
    assert "33" not in text.split("<main", 1)[1].split("</main", 1)[0]
    assert {cell for line in lines() for name, cell in line.items() if "és" in name or "jours" in name} == {"n. p."}


@pytest.mark.parametrize(("decided", "median"), [(5, None), (6, 10)])
def test_delays_are_of_more_than_five(party: Party, type_: DossierType, decided: int, median: int | None) -> None:
    plant_many(party, 20, State.DEPOSITED, type_, "departement-40")
    plant_many(party, decided, State.REFUSED, type_, "departement-40", took=10.4)
    found = row("departement-40")
    assert (found.median, found.p90, found.own_median, found.own_p90) == (median,) * 4
    # The other states are nobody's: what is left of the total would be the refused ones.
    assert (found.deposited, found.turned_down) == (20 + decided, None if decided == 5 else 6)
    assert found.open == (None if decided == 5 else 20)


def test_no_part_can_be_computed_from_the_others(party: Party, type_: DossierType) -> None:
    """Whatever is masked in a line is more than five together, or nothing at all; by columns as well."""
    for number, state, key in (
        *((30, State.DEPOSITED, "departement-40"), (4, State.ACCEPTED, "departement-40")),
        *((12, State.REFUSED, "departement-47"), (9, State.DEPOSITED, "departement-47")),
        *((3, State.WITHDRAWN, "departement-32"), (25, State.INSTRUCTION, "departement-32")),
        *((2, State.ACCEPTED, "region-75"), (7, State.ACCEPTED, "departement-84"), (1, State.DROPPED, "nation-FR")),
    ):
        plant_many(party, number, state, type_, key)
    true = {
        each.key: {
            TOTAL: rows.count(),
            "open": rows.filter(state__in=["depose", "en_instruction", "a_completer"]).count(),
            "accepted": rows.filter(state="accepte").count(),
            "turned_down": rows.filter(state__in=["refuse", "sans_suite"]).count(),
            "withdrawn": rows.filter(state="retire").count(),
        }
        for each, rows in (
            (each, Dossier.objects.filter(territory__ancestor_links__ancestor=each))
            for each in map(place, ("nation-FR", "region-75", "region-76", "departement-40", "departement-32"))
        )
    }
    for key, numbers in true.items():
        found = row(key)
        told = {name: getattr(found, name) for name in (TOTAL, *PARTS)}
        assert all(value is None or value == numbers[name] > 5 or value == 0 for name, value in told.items()), key
        if told[TOTAL] is not None:
            left = sum(numbers[name] for name in PARTS if told[name] is None)
            assert left == 0 or left > 5
    for name in (TOTAL, *PARTS):
        nation = getattr(row("nation-FR"), name)
        regions = public_figures().types[0].regions
        if nation is not None:
            left = nation - sum(getattr(each, name) or 0 for each in regions)
            assert left == 0 or left > 5, name
    assert row("departement-40").accepted is None


def test_only_of_public_types(party: Party, type_: DossierType) -> None:
    closed = make_type(code="ferme", title="Type zébulon")
    plant_many(party, 50, State.DEPOSITED, closed, "departement-40", title="zébulon")
    plant_many(party, 8, State.DEPOSITED, type_, "departement-40", title="zébulon")
    assert row("nation-FR").deposited == 8
    assert "zébulon" not in shown() + str(lines())
    assert Client().get(f"{PAGE}?type=ferme").status_code == 404
    assert Client().get(f"{PAGE}?type=%00").status_code == 404
    # No longer public: at once, whatever was kept.
    DossierType.objects.update(public_figures=False)
    assert "Aucun type de dossier n’a de chiffres publics" in shown()
    assert lines() == []


def test_drafts_and_the_bin_are_not_counted(party: Party, type_: DossierType) -> None:
    plant_many(party, 6, State.DEPOSITED, type_, "departement-40")
    binned = plant_many(party, 3, State.WITHDRAWN, type_, "departement-40")
    Dossier.objects.filter(pk__in=[each.pk for each in binned]).update(binned_at=timezone.now())
    assert row("nation-FR").deposited == 6


def test_it_is_computed_once_a_day(
    party: Party, type_: DossierType, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deposit does not show before the next day: nobody learns of it by looking twice."""
    plant_many(party, 6, State.DEPOSITED, type_, "departement-40")
    with django_assert_num_queries(8):
        public_figures()
    plant_many(party, 1, State.DEPOSITED, type_, "departement-40")
    with django_assert_num_queries(1):
        assert row("nation-FR").deposited == 6
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *args: tomorrow)
    assert row("nation-FR").deposited == 7


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_follow_what_there_is(
    party: Party, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    types = [make_type(public_figures=True) for _ in range(number)]
    for each in types:
        plant_many(party, 6, State.ACCEPTED, each, "departement-40")
        plant_many(party, 7, State.ACCEPTED, each, "region-76")
    with django_assert_num_queries(7):
        found = compute(types, timezone.localdate())
    assert [each.nation.deposited for each in found.types] == [13] * number


def test_open_data(party: Party, type_: DossierType) -> None:
    plant_many(party, 7, State.ACCEPTED, type_, "departement-40", took=12)
    plant_many(party, 6, State.DEPOSITED, type_, "region-75")
    found = {(line["Échelon"], line["Code"] or line["Code de la région"]): line for line in lines()}
    landes = found["Département", "40"]
    assert (landes["Type"], landes["Territoire"], landes["Code de la région"]) == ("ouvert", "Landes", "75")
    assert (landes["Déposés"], landes["Acceptés"], landes["Délai total médian (jours)"]) == ("7", "7", "12")
    assert found["Région entière", "75"]["Territoire"] == "Nouvelle-Aquitaine, sans département"
    assert found["Région", "75"]["Déposés"] == "13"
    # Every département has its line, whether it has something or not.
    assert found["Département", "47"]["Déposés"] == "n. p."
    response = Client().get(FILE)
    assert response["Content-Disposition"] == 'attachment; filename="chiffres-des-dossiers.csv"'


def test_the_page_cache_keeps_them(party: Party, type_: DossierType, settings: Any) -> None:
    settings.PAGE_CACHE_SECONDS = 600
    plant_many(party, 6, State.DEPOSITED, type_, "departement-40")
    for address in (PAGE, f"{PAGE}?type=ouvert", FILE):
        assert Client().get(address).status_code == 200
        assert Client().get(address)["X-Cache"] == "hit"


def test_nothing_is_written_inline(party: Party, type_: DossierType) -> None:
    plant_many(party, 6, State.DEPOSITED, type_, "departement-40")
    main = shown().split("<main", 1)[1].split("</main", 1)[0]
    assert "style=" not in main
    assert "<script" not in main
    assert settings.PAGE_CACHE_SECONDS is not None
