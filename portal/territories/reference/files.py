"""Reading the shipped reference files: gzipped CSV, checked line by line.

Three files and a note, in one folder:

``territories.csv.gz``
    level, code, name, kind, region, population, siren: régions, départements, EPCI and EPT.
``communes.csv.gz``
    code, name, departement, epci, ept, population, siren, postal_codes (separated by a space).
``aliases.csv.gz``
    kind, code, name, commune: communes déléguées and associées, arrondissements municipaux.
``source.json``
    vintage (year), package, version, licences, and the number of rows of each file.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..enums import EPCI_KINDS, AliasKind, Kind, Level

DATA = Path(__file__).resolve().parent.parent / "data"
COLUMNS = {
    "territories.csv.gz": ["level", "code", "name", "kind", "region", "population", "siren"],
    "communes.csv.gz": ["code", "name", "departement", "epci", "ept", "population", "siren", "postal_codes"],
    "aliases.csv.gz": ["kind", "code", "name", "commune"],
}
_KINDS = {
    Level.REGION: (Kind.METRO, Kind.DROM, Kind.COM),
    Level.DEPARTEMENT: (Kind.METRO, Kind.DROM, Kind.COM),
    Level.EPCI: EPCI_KINDS,
    Level.EPT: (Kind.EPT,),
}
_LARGEST_POPULATION = 100_000_000


class BadReference(Exception):  # noqa: N818
    """A reference file that cannot be used. The message names the file and the line."""

    def __init__(self, file: str, line: int | None, message: str) -> None:
        super().__init__(f"{file}{f', ligne {line}' if line else ''} : {message}")


@dataclass(frozen=True, slots=True)
class TerritoryRow:
    """A région, a département (``region`` is its région's code), an EPCI or an EPT."""

    line: int
    level: str
    code: str
    name: str
    kind: str
    region: str
    population: int | None
    siren: str


@dataclass(frozen=True, slots=True)
class CommuneRow:
    line: int
    code: str
    name: str
    departement: str
    epci: str
    ept: str
    population: int | None
    siren: str
    postal_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AliasRow:
    line: int
    kind: str
    code: str
    name: str
    commune: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Every row of the files, checked: codes are unique, references lead somewhere, numbers are numbers."""

    vintage: int
    territories: list[TerritoryRow]
    communes: list[CommuneRow]
    aliases: list[AliasRow]


def folder_digest(folder: Path) -> str:
    """SHA-256 over the four files, in hexadecimal: what tells one load from another."""
    digest = hashlib.sha256()
    for name in (*COLUMNS, "source.json"):
        try:
            digest.update(hashlib.sha256((folder / name).read_bytes()).digest())
        except OSError as error:
            raise BadReference(name, None, f"fichier illisible dans {folder} ({error.strerror}).") from error
    return digest.hexdigest()


def read_reference(folder: Path) -> Reference:
    """The files of ``folder``. Raises :class:`BadReference` on the first thing that is wrong."""
    vintage = _read_vintage(folder)
    territories = _read_territories(folder)
    by_level = {
        level: {row.code for row in territories if row.level == level}
        for level in (Level.REGION, Level.DEPARTEMENT, Level.EPCI, Level.EPT)
    }
    for row in territories:
        if row.level == Level.DEPARTEMENT and row.region not in by_level[Level.REGION]:
            raise BadReference("territories.csv.gz", row.line, f"région inconnue : « {row.region} ».")
    communes = _read_communes(folder, by_level)
    _check_members(territories, communes)
    return Reference(vintage, territories, communes, _read_aliases(folder, {row.code for row in communes}))


def _read_vintage(folder: Path) -> int:
    try:
        vintage = json.loads((folder / "source.json").read_text("utf-8"))["vintage"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadReference("source.json", None, "le millésime (« vintage ») n'y est pas lisible.") from error
    if not isinstance(vintage, int) or not 1943 <= vintage <= 2200:
        raise BadReference("source.json", None, f"millésime impossible : {vintage!r}.")
    return vintage


def _rows(folder: Path, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, row) of a file whose header is exactly the one expected."""
    columns = COLUMNS[name]
    line = 0
    try:
        with gzip.open(folder / name, "rb") as raw:
            reader = csv.reader(io.TextIOWrapper(raw, "utf-8", newline=""), strict=True)
            for values in reader:
                line = reader.line_num
                if line == 1:
                    if values != columns:
                        raise BadReference(name, 1, f"colonnes attendues : {', '.join(columns)}.")
                    continue
                if len(values) != len(columns):
                    raise BadReference(name, line, f"{len(values)} colonnes au lieu de {len(columns)}.")
                yield line, dict(zip(columns, values, strict=True))
    except EOFError as error:
        raise BadReference(name, line + 1, "le fichier est tronqué.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise BadReference(name, line + 1, "ce n'est pas un fichier gzip valable.") from error
    except UnicodeDecodeError as error:
        raise BadReference(name, line + 1, "le texte n'est pas en UTF-8.") from error
    except csv.Error as error:
        raise BadReference(name, line + 1, f"CSV mal formé ({error}).") from error
    except OSError as error:
        raise BadReference(name, None, f"fichier illisible ({error.strerror}).") from error
    if line == 0:
        raise BadReference(name, 1, "le fichier est vide.")


class _Checker:
    """Checks of one line, each raising with the file and the line."""

    def __init__(self, file: str, line: int, row: dict[str, str]) -> None:
        self.file, self.line, self.row = file, line, row

    def fail(self, message: str) -> BadReference:
        return BadReference(self.file, self.line, message)

    def name(self) -> str:
        name = self.row["name"]
        if not name.strip() or len(name) > 200 or "\x00" in name:
            raise self.fail(f"nom vide ou trop long : « {name[:60]} ».")
        return name

    def code(self, *lengths: int) -> str:
        code = self.row["code"]
        if len(code) not in lengths or not (code.isascii() and code.isalnum()):
            raise self.fail(f"code mal formé : « {code[:20]} ».")
        return code

    def population(self) -> int | None:
        text = self.row["population"]
        if text == "":
            return None
        if not (text.isascii() and text.isdigit()) or int(text[:12]) > _LARGEST_POPULATION:
            raise self.fail(f"population mal formée : « {text[:20]} ».")
        return int(text)

    def siren(self) -> str:
        siren = self.row["siren"]
        if siren and (len(siren) != 9 or not (siren.isascii() and siren.isdigit())):
            raise self.fail(f"SIREN mal formé : « {siren[:20]} ».")
        return siren

    def reference(self, column: str, known: set[str], what: str, *, required: bool = True) -> str:
        code = self.row[column]
        if (code or required) and code not in known:
            raise self.fail(f"{what} inconnu(e) : « {code[:20]} ».")
        return code


def _read_territories(folder: Path) -> list[TerritoryRow]:
    file = "territories.csv.gz"
    rows: list[TerritoryRow] = []
    seen: set[tuple[str, str]] = set()
    for line, row in _rows(folder, file):
        check = _Checker(file, line, row)
        level = row["level"]
        if level not in _KINDS:
            raise check.fail(f"échelon inconnu : « {level[:20]} ».")
        if row["kind"] not in _KINDS[Level(level)]:
            raise check.fail(f"nature inconnue pour cet échelon : « {row['kind'][:20]} ».")
        code = check.code(9) if level in (Level.EPCI, Level.EPT) else check.code(2, 3)
        if (level, code) in seen:
            raise check.fail(f"code en double : {level} {code}.")
        seen.add((level, code))
        rows.append(
            TerritoryRow(line, level, code, check.name(), row["kind"], row["region"], check.population(), check.siren())
        )
    return rows


def _read_communes(folder: Path, by_level: dict[Level, set[str]]) -> list[CommuneRow]:
    file = "communes.csv.gz"
    rows: list[CommuneRow] = []
    seen: set[str] = set()
    for line, row in _rows(folder, file):
        check = _Checker(file, line, row)
        code = check.code(5)
        if code in seen:
            raise check.fail(f"code en double : {code}.")
        seen.add(code)
        postal_codes = tuple(row["postal_codes"].split())
        if any(len(postal) != 5 or not (postal.isascii() and postal.isdigit()) for postal in postal_codes):
            raise check.fail(f"code postal mal formé : « {row['postal_codes'][:40]} ».")
        if len(set(postal_codes)) != len(postal_codes):
            raise check.fail(f"code postal en double : « {row['postal_codes'][:40]} ».")
        rows.append(
            CommuneRow(
                line,
                code,
                check.name(),
                check.reference("departement", by_level[Level.DEPARTEMENT], "département"),
                check.reference("epci", by_level[Level.EPCI], "EPCI", required=False),
                check.reference("ept", by_level[Level.EPT], "EPT", required=False),
                check.population(),
                check.siren(),
                postal_codes,
            )
        )
    return rows


def _check_members(territories: list[TerritoryRow], communes: list[CommuneRow]) -> None:
    """An EPCI or EPT has members: its départements come from them."""
    used = {row.epci for row in communes} | {row.ept for row in communes}
    for row in territories:
        if row.level in (Level.EPCI, Level.EPT) and row.code not in used:
            raise BadReference("territories.csv.gz", row.line, f"aucune commune membre de {row.code}.")


def _read_aliases(folder: Path, communes: set[str]) -> list[AliasRow]:
    file = "aliases.csv.gz"
    rows: list[AliasRow] = []
    seen: set[tuple[str, str]] = set()
    for line, row in _rows(folder, file):
        check = _Checker(file, line, row)
        if row["kind"] not in AliasKind.values:
            raise check.fail(f"nature inconnue : « {row['kind'][:30]} ».")
        code = check.code(5)
        if (row["kind"], code) in seen:
            raise check.fail(f"code en double : {row['kind']} {code}.")
        seen.add((row["kind"], code))
        rows.append(AliasRow(line, row["kind"], code, check.name(), check.reference("commune", communes, "commune")))
    return rows
