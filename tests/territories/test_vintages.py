"""Loading again, and loading another year: what is right stays, what is gone ends, nothing is deleted."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from portal.territories.models import PostalCode, Territory, TerritoryAlias, TerritoryImport, TerritoryLink
from portal.territories.reference.load import load_reference

from .files import Files

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def landes_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the Landes alone: quick to load."""
    files = Files(tmp_path_factory.mktemp("landes"))
    files.only_departement("40")
    return files.folder


def get(level: str, code: str) -> Territory:
    return Territory.objects.get(level=level, code=code)


def test_a_forced_load_heals_what_was_damaged(landes_files):
    load_reference(landes_files)
    landes, gers = get("departement", "40"), get("departement", "32")
    Territory.objects.filter(pk=landes.pk).update(name="Lande", time_zone="UTC")
    TerritoryLink.objects.filter(descendant=landes).exclude(ancestor=landes).delete()
    TerritoryLink.objects.create(ancestor=gers, descendant=landes)
    PostalCode.objects.filter(code="40000").delete()
    load_reference(landes_files, force=True)
    landes.refresh_from_db()
    assert (landes.name, landes.time_zone) == ("Landes", "Europe/Paris")
    above = TerritoryLink.objects.filter(descendant=landes).values_list("ancestor__name", flat=True)
    assert set(above) == {"France", "Nouvelle-Aquitaine", "Landes"}
    assert PostalCode.objects.filter(code="40000").exists()
    assert TerritoryImport.objects.latest("pk").updated == 1


def test_a_new_vintage_ends_territories_and_renames_without_deleting(tmp_path, landes_files, landes):
    load_reference(landes_files)
    files = Files(tmp_path, landes_files)
    files.vintage(2027)
    communes = files.read("communes.csv.gz")
    gone = next(row for row in communes if row[0] == "40001")
    communes.remove(gone)
    next(row for row in communes if row[0] == "40088")[1] = "Dax-les-Bains"
    communes.append(["40999", "Adour-Neuve", "40", "200030435", "", "7000", "", "40800"])
    files.write("communes.csv.gz", communes)
    files.write(
        "aliases.csv.gz",
        [*files.read("aliases.csv.gz"), ["commune-deleguee", "40001", "Aire-sur-l'Adour", "40999"]],
    )
    before = get("commune", "40001")
    dax = get("commune", "40088")
    assert load_reference(files.folder).fresh

    ended = get("commune", "40001")
    assert ended.pk == before.pk
    assert (ended.ended_on, ended.vintage) == (datetime.date(2027, 1, 1), 2026)
    assert not Territory.objects.current().filter(pk=ended.pk).exists()
    assert Territory.objects.inside(landes).filter(pk=ended.pk).exists(), "what is about it stays in the Landes"
    assert not PostalCode.objects.filter(commune=ended).exists()
    dax.refresh_from_db()
    assert (dax.name, dax.search_name, dax.slug, dax.vintage) == (
        "Dax-les-Bains",
        "dax les bains",
        "dax-les-bains",
        2027,
    )
    assert TerritoryAlias.objects.get(code="40001").commune.code == "40999"
    record = TerritoryImport.objects.latest("pk")
    # Dax; and the Landes, the région, the EPCI and the nation whose figures moved.
    assert (record.vintage, record.created, record.ended) == (2027, 1, 1)

    assert load_reference(landes_files).fresh, "and back again"
    ended.refresh_from_db()
    assert (ended.ended_on, ended.vintage) == (None, 2026)
    assert get("commune", "40999").ended_on == datetime.date(2026, 1, 1)
