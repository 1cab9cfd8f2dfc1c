"""Making the shipped reference files from the npm package ``@etalab/decoupage-administratif``."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ..enums import AliasKind, Kind, Level
from .files import COLUMNS

# The package's major version follows the COG's year (its README has the table).
_FIRST_VERSION, _FIRST_VINTAGE = 1, 2021


def convert(package: Path, target: Path) -> dict[str, int]:
    """Write the reference files in ``target`` from an unpacked ``package``; returns the rows of each file.

    The same package always gives the same bytes: rows are sorted and the gzip header carries no time or name.
    Raises OSError, ValueError or KeyError where the package is not the one expected.
    """
    data = {
        name: json.loads((package / "data" / f"{name}.json").read_text("utf-8"))
        for name in ("regions", "departements", "epci", "ept", "communes")
    }
    about = json.loads((package / "package.json").read_text("utf-8"))
    major = int(about["version"].split(".")[0])
    rows = {
        "territories.csv.gz": _territories(data),
        "communes.csv.gz": _communes(data),
        "aliases.csv.gz": _aliases(data["communes"]),
    }
    target.mkdir(parents=True, exist_ok=True)
    for name, lines in rows.items():
        _write(target / name, COLUMNS[name], lines)
    counts = {name: len(lines) for name, lines in rows.items()}
    source = {
        "vintage": _FIRST_VINTAGE + major - _FIRST_VERSION,
        "package": about["name"],
        "version": about["version"],
        "data_licence": "Licence Ouverte 2.0 (Insee, DGCL, La Poste)",
        "code_licence": about["license"],
        "rows": counts,
    }
    (target / "source.json").write_text(json.dumps(source, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return counts


def _territories(data: dict[str, list[dict[str, Any]]]) -> list[Sequence[Any]]:
    rows: list[Sequence[Any]] = []
    for region in sorted(data["regions"], key=lambda row: row["code"]):
        rows.append((Level.REGION, region["code"], region["nom"], Kind(region["zone"]), "", "", ""))
    for departement in sorted(data["departements"], key=lambda row: row["code"]):
        rows.append(
            (
                Level.DEPARTEMENT,
                departement["code"],
                departement["nom"],
                Kind(departement["zone"]),
                departement["region"],
                "",
                "",
            )
        )
    for level, name in ((Level.EPCI, "epci"), (Level.EPT, "ept")):
        for group in sorted(data[name], key=lambda row: row["code"]):
            # An intercommunalité's code is its SIREN.
            rows.append(
                (
                    level,
                    group["code"],
                    group["nom"],
                    Kind(group["type"]),
                    "",
                    group["populationMunicipale"],
                    group["code"],
                )
            )
    return rows


def _communes(data: dict[str, list[dict[str, Any]]]) -> list[Sequence[Any]]:
    epci = {member["code"]: group["code"] for group in data["epci"] for member in group["membres"]}
    ept = {member["code"]: group["code"] for group in data["ept"] for member in group["membres"]}
    return [
        (
            commune["code"],
            commune["nom"],
            commune["departement"],
            epci.get(commune["code"], ""),
            ept.get(commune["code"], ""),
            commune.get("population", ""),
            commune.get("siren", ""),
            " ".join(sorted(commune.get("codesPostaux", []))),
        )
        for commune in sorted(data["communes"], key=lambda row: row["code"])
        if commune["type"] == Kind.COMMUNE
    ]


def _aliases(communes: list[dict[str, Any]]) -> Sequence[Sequence[Any]]:
    return sorted(
        # An arrondissement names its commune; the others name the chef-lieu of the commune they are now part of.
        (AliasKind(row["type"]), row["code"], row["nom"], row["commune"] if "commune" in row else row["chefLieu"])
        for row in communes
        if row["type"] in AliasKind.values
    )


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[str(value) for value in row] for row in rows])
    path.write_bytes(gzip.compress(text.getvalue().encode("utf-8"), compresslevel=9, mtime=0))
