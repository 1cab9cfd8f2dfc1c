"""Reference files that are wrong are refused, and the shipped ones are made as documented."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.territories.models import Territory, TerritoryImport
from portal.territories.reference.convert import convert
from portal.territories.reference.files import COLUMNS, DATA

from .files import Files

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def yonne(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good files of one département."""
    files = Files(tmp_path_factory.mktemp("yonne"))
    files.only_departement("89")
    return files.folder


@pytest.fixture
def files(yonne: Path, tmp_path: Path) -> Files:
    return Files(tmp_path, yonne)


def test_the_small_files_are_good(files):
    call_command("import_territories", files.folder, verbosity=0)
    assert Territory.objects.get(level="departement", code="89").name == "Yonne"
    assert Territory.objects.current().filter(level="commune").count() > 400


def change(file: str, line: int, column: str, value: str):
    """A change to one cell (line 1 is the header)."""

    def apply(files: Files) -> None:
        rows = files.read(file)
        rows[line - 1][COLUMNS[file].index(column)] = value
        files.write(file, rows)

    return apply


def duplicate(file: str, line: int):
    def apply(files: Files) -> None:
        rows = files.read(file)
        files.write(file, [*rows[:line], rows[line - 1], *rows[line:]])

    return apply


def truncated(file: str):
    def apply(files: Files) -> None:
        content = (files.folder / file).read_bytes()
        (files.folder / file).write_bytes(content[: len(content) // 2])

    return apply


def replaced(file: str, content: bytes):
    return lambda files: (files.folder / file).write_bytes(content)


BAD = {
    "truncated gzip": (truncated("communes.csv.gz"), r"communes\.csv\.gz, ligne \d+ : le fichier est tronqué"),
    "not gzip": (replaced("aliases.csv.gz", b"kind,code\n"), r"aliases\.csv\.gz, ligne 1 : .*gzip"),
    "empty": (replaced("aliases.csv.gz", gzip.compress(b"")), r"aliases\.csv\.gz, ligne 1 : le fichier est vide"),
    "not UTF-8": (replaced("aliases.csv.gz", gzip.compress(b"kind,\xff\n")), r"aliases\.csv\.gz.*UTF-8"),
    "other columns": (replaced("aliases.csv.gz", gzip.compress(b"a,b\n")), r"aliases\.csv\.gz, ligne 1 : colonnes"),
    "missing file": (lambda files: (files.folder / "communes.csv.gz").unlink(), r"communes\.csv\.gz : .*illisible"),
    "no vintage": (replaced("source.json", b"{}"), r"source\.json : .*millésime"),
    "odd vintage": (replaced("source.json", b'{"vintage": 3}'), r"source\.json : millésime impossible"),
    "unknown level": (
        change("territories.csv.gz", 30, "level", "canton"),
        r"territories\.csv\.gz, ligne 30 : échelon inconnu : « canton »",
    ),
    "unknown kind": (change("territories.csv.gz", 30, "kind", "CC"), r"territories\.csv\.gz, ligne 30 : nature"),
    "unknown region": (change("territories.csv.gz", 30, "region", "99"), r"territories\.csv\.gz, ligne 30 : région"),
    "duplicate code": (duplicate("communes.csv.gz", 50), r"communes\.csv\.gz, ligne 51 : code en double"),
    "duplicate group": (duplicate("territories.csv.gz", 130), r"territories\.csv\.gz, ligne 131 : code en double"),
    "duplicate alias": (duplicate("aliases.csv.gz", 7), r"aliases\.csv\.gz, ligne 8 : code en double"),
    "unknown département": (
        change("communes.csv.gz", 77, "departement", "20"),
        r"communes\.csv\.gz, ligne 77 : département inconnu",
    ),
    "unknown EPCI": (change("communes.csv.gz", 78, "epci", "123456789"), r"communes\.csv\.gz, ligne 78 : EPCI inconnu"),
    "bad number": (change("communes.csv.gz", 79, "population", "1 200"), r"communes\.csv\.gz, ligne 79 : population"),
    "negative": (change("communes.csv.gz", 80, "population", "-4"), r"communes\.csv\.gz, ligne 80 : population"),
    "huge number": (change("communes.csv.gz", 80, "population", "9" * 30), r"communes\.csv\.gz, ligne 80 : population"),
    "bad SIREN": (change("communes.csv.gz", 81, "siren", "12"), r"communes\.csv\.gz, ligne 81 : SIREN"),
    "bad postal code": (change("communes.csv.gz", 82, "postal_codes", "4000O"), r"ligne 82 : code postal mal formé"),
    "bad code": (change("communes.csv.gz", 83, "code", "400é0"), r"communes\.csv\.gz, ligne 83 : code mal formé"),
    "no name": (change("communes.csv.gz", 84, "name", " "), r"communes\.csv\.gz, ligne 84 : nom vide"),
    "unknown commune": (
        change("aliases.csv.gz", 5, "commune", "00000"),
        r"aliases\.csv\.gz, ligne 5 : commune inconnu",
    ),
    "unknown alias kind": (change("aliases.csv.gz", 6, "kind", "canton"), r"aliases\.csv\.gz, ligne 6 : nature"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_by_name_and_line_and_nothing_is_loaded(case, files):
    damage, message = BAD[case]
    files.vintage(2027)
    # A good change that must not get in.
    change("communes.csv.gz", 2, "name", "Renommée")(files)
    damage(files)
    imports = TerritoryImport.objects.count()
    with pytest.raises(CommandError, match=message):
        call_command("import_territories", files.folder, verbosity=0)
    assert TerritoryImport.objects.count() == imports
    assert not Territory.objects.filter(name="Renommée").exists()
    assert Territory.objects.filter(vintage=2027).count() == 0


def test_an_intercommunalite_without_member_is_refused(files):
    rows = files.read("communes.csv.gz")
    files.write("communes.csv.gz", [[*row[:3], "" if row[3] == "200067304" else row[3], *row[4:]] for row in rows])
    with pytest.raises(CommandError, match=r"territories\.csv\.gz, ligne \d+ : aucune commune membre de 200067304"):
        call_command("import_territories", files.folder, verbosity=0)


# --- Making the files -------------------------------------------------------------------------------------------------
@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A small package in the shape of the real one."""
    folder = tmp_path / "package"
    (folder / "data").mkdir(parents=True)
    data = {
        "regions": [{"code": "75", "nom": "Nouvelle-Aquitaine", "zone": "metro", "chefLieu": "33063"}],
        "departements": [{"code": "40", "region": "75", "nom": "Landes", "zone": "metro", "chefLieu": "40192"}],
        "epci": [
            {
                "code": "244000675",
                "nom": "CA du Grand Dax",
                "type": "CA",
                "populationMunicipale": 58036,
                "membres": [{"code": "40088"}],
            }
        ],
        "ept": [],
        "communes": [
            {
                "code": "40088",
                "nom": "Dax",
                "departement": "40",
                "region": "75",
                "zone": "metro",
                "type": "commune-actuelle",
                "population": 22109,
                "siren": "214000887",
                "codesPostaux": ["40100"],
            },
            {"code": "40777", "nom": "Vieux-Dax", "type": "commune-deleguee", "chefLieu": "40088", "departement": "40"},
        ],
    }
    for name, rows in data.items():
        (folder / "data" / f"{name}.json").write_text(json.dumps(rows))
    (folder / "package.json").write_text(
        json.dumps({"name": "@etalab/decoupage-administratif", "version": "6.0.0", "license": "MIT"})
    )
    return folder


def test_converting_gives_the_same_bytes_each_time(package, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    assert convert(package, first) == {"territories.csv.gz": 3, "communes.csv.gz": 1, "aliases.csv.gz": 1}
    convert(package, second)
    for name in (*COLUMNS, "source.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    assert json.loads((first / "source.json").read_text())["vintage"] == 2026
    text = gzip.decompress((first / "communes.csv.gz").read_bytes()).decode()
    assert text.splitlines()[1] == "40088,Dax,40,244000675,,22109,214000887,40100"


def test_converting_something_else_is_refused(tmp_path):
    with pytest.raises(CommandError, match="n'est pas le paquet attendu"):
        call_command("convert_cog", tmp_path)


def test_shipped_files_name_their_source():
    source = json.loads((DATA / "source.json").read_text())
    assert (source["package"], source["version"], source["vintage"]) == (
        "@etalab/decoupage-administratif",
        "6.0.0",
        2026,
    )
    assert "Licence Ouverte" in source["data_licence"]
    assert (DATA / "communes.csv.gz").stat().st_size < 700_000
