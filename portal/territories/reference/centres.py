"""Centres of communes: read from a file that whoever runs the portal downloads, and loaded.

Two shapes are read: the JSON of ``https://geo.api.gouv.fr/communes?fields=code,centre`` (a list of objects whose
``centre`` is a GeoJSON Point) and a CSV with columns ``code``, ``latitude``, ``longitude``, separated by commas or
semicolons. Coordinates are WGS 84 degrees.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from portal.core.page_cache import invalidate_pages

from ..enums import Level
from ..models import Centre, Territory


class BadCentres(ValueError):  # noqa: N818 - a refusal
    """The file is not what is expected; the message says where."""


def read_centres(path: Path) -> dict[str, tuple[float, float]]:
    """INSEE code → (latitude, longitude). Raises :class:`BadCentres` at the first row that is wrong."""
    try:
        text = path.read_text("utf-8-sig")
        rows = _from_json(text) if text.lstrip()[:1] in ("[", "{") else _from_csv(text)
        found = {}
        for place, (code, latitude, longitude) in enumerate(rows, 1):
            at = (float(latitude), float(longitude))
            if not (-90 <= at[0] <= 90 and -180 <= at[1] <= 180):
                raise BadCentres(f"Ligne {place} : coordonnées hors du monde.")
            found[code.strip().upper()] = at
    except (
        OSError,
        UnicodeDecodeError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        csv.Error,
    ) as error:
        raise error if isinstance(error, BadCentres) else BadCentres(f"Fichier illisible : {error!r}") from error
    return found


def _from_json(text: str) -> Iterator[tuple[str, Any, Any]]:
    rows = json.loads(text)
    for row in rows if isinstance(rows, list) else rows["features"]:
        if row.get("centre"):
            longitude, latitude = row["centre"]["coordinates"][:2]
            yield str(row["code"]), latitude, longitude


def _from_csv(text: str) -> Iterator[tuple[str, str, str]]:
    lines = text.splitlines()
    separator = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    for row in csv.DictReader(lines, delimiter=separator):
        yield row["code"], row["latitude"].replace(",", "."), row["longitude"].replace(",", ".")


@transaction.atomic
def load_centres(centres: dict[str, tuple[float, float]]) -> tuple[int, int]:
    """Give the communes of these codes their centre; returns how many were loaded, and how many codes are unknown."""
    communes = dict(Territory.objects.filter(level=Level.COMMUNE).order_by().values_list("code", "pk"))
    rows = [
        Centre(commune_id=communes[code], latitude=at[0], longitude=at[1])
        for code, at in centres.items()
        if code in communes
    ]
    Centre.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["commune"], update_fields=["latitude", "longitude"]
    )
    invalidate_pages()
    return len(rows), len(centres) - len(rows)
