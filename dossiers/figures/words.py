"""Figures as people read them, and the tables that are downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from portal.territories.models import Territory

from ..money import euros
from .roadmaps import CoverageRow
from .selectors import Delay, Measures, Month, PlaceRow, TypeRow

NARROW = "\u202f"
NONE = "–"


def whole(number: int) -> str:
    """« 12 345 »."""
    return f"{number:,}".replace(",", NARROW)


def decimal(number: float | None, places: int = 1) -> str:
    """« 1 234,5 », without a last zero; a dash for None."""
    if number is None:
        return NONE
    text = f"{number:,.{places}f}".replace(",", NARROW).replace(".", ",")
    return text.removesuffix("," + "0" * places) if places else text


def share(part: float | None) -> str:
    """« 12,5 % » of a part from 0 to 1."""
    return NONE if part is None else f"{decimal(100 * part)}\u00a0%"


def days(number: float | None) -> str:
    """« 12,5 jours », « 1 jour »."""
    if number is None:
        return NONE
    return f"{decimal(number)}\u00a0jour{'s' if round(number, 1) >= 2 else ''}"


def money(amount: Decimal | None) -> str:
    return NONE if amount is None else euros(amount)


#: Name of the column of a download, what is in it.
COLUMNS: tuple[tuple[str, Any], ...] = (
    ("Déposés", lambda m: m.deposited),
    ("À prendre en instruction", lambda m: m.to_take),
    ("En instruction", lambda m: m.instructed),
    ("En attente de compléments", lambda m: m.incomplete),
    ("Acceptés", lambda m: m.accepted),
    ("Refusés", lambda m: m.refused),
    ("Classés sans suite", lambda m: m.dropped),
    ("Retirés", lambda m: m.withdrawn),
    ("Décidés hors délai", lambda m: m.decided_late),
    ("Part hors délai (%)", lambda m: _percent(m.share_late)),
    ("En retard aujourd’hui", lambda m: m.late),
    ("Délai total médian (jours)", lambda m: _days(m.total, "median")),
    ("Délai total, 9 dossiers sur 10 (jours)", lambda m: _days(m.total, "p90")),
    ("Délai hors compléments médian (jours)", lambda m: _days(m.own, "median")),
    ("Délai hors compléments, 9 dossiers sur 10 (jours)", lambda m: _days(m.own, "p90")),
    ("Demandes de compléments", lambda m: m.requests),
    ("Demandes de compléments par dossier", lambda m: _rounded(m.requests_each, 2)),
    ("Dossiers à qui des compléments ont été demandés", lambda m: m.completed),
    ("Montant demandé (€)", lambda m: _euros(m.requested)),
    ("Montant accordé (€)", lambda m: _euros(m.granted)),
)


def _rounded(number: float | None, places: int) -> Any:
    return "" if number is None else round(number, places)


def _percent(part: float | None) -> Any:
    return "" if part is None else round(100 * part, 1)


def _days(delay: Delay | None, name: str) -> Any:
    return "" if delay is None else round(getattr(delay, name), 1)


def _euros(amount: Decimal | None) -> Any:
    """As a number: sheets and open data add them up."""
    return "" if amount is None else float(amount)


def cells(measures: Measures) -> list[Any]:
    return [read(measures) for _, read in COLUMNS]


HEADS = [name for name, _ in COLUMNS]


def place_cells(territory: Territory | None, level_label: str) -> list[str]:
    if territory is None:
        return [level_label, "", "Au-delà de cet échelon"]
    return [territory.level_label, territory.code, territory.name]


def place_table(rows: Sequence[PlaceRow], whole_name: str, total: Measures) -> tuple[list[str], list[list[Any]]]:
    """Head and lines, the whole last."""
    lines = [[*place_cells(row.territory, ""), *cells(row.measures)] for row in rows]
    return ["Échelon", "Code", "Territoire", *HEADS], [*lines, ["Total", "", whole_name, *cells(total)]]


def type_table(rows: Sequence[TypeRow], total: Measures) -> tuple[list[str], list[list[Any]]]:
    lines = [[row.type.code, row.type.title, *cells(row.measures)] for row in rows]
    return ["Identifiant", "Type", *HEADS], [*lines, ["", "Total", *cells(total)]]


def month_table(months: Sequence[Month]) -> tuple[list[str], list[list[Any]]]:
    return ["Mois", "Déposés", "Décidés"], [[f"{each.first:%Y-%m}", each.deposited, each.decided] for each in months]


def envelope_table(rows: Sequence[Any]) -> tuple[list[str], list[list[Any]]]:
    """Of :class:`~dossiers.models.Envelope`."""
    heads = ["Année", "Type", "Échelon", "Code", "Territoire", "Plafond (€)", "Accordé (€)", "Reste (€)"]
    return heads, [
        [
            each.year,
            each.type.title,
            *place_cells(each.territory, ""),
            float(each.ceiling),
            float(each.committed),
            float(each.left),
        ]
        for each in rows
    ]


def coverage_table(rows: Sequence[CoverageRow]) -> tuple[list[str], list[list[Any]]]:
    heads = ["Région", "Code", "Département", "Gouvernances acceptées", "Feuilles de route acceptées"]
    heads += ["Communes", "Communes couvertes", "Population", "Population couverte", "Part couverte (%)"]
    return heads, [
        [
            row.territory.region.name if row.territory.region is not None else "",
            row.territory.code,
            row.territory.name,
            row.governances,
            row.roadmaps,
            row.communes,
            row.covered,
            row.population,
            row.covered_population,
            _percent(row.share),
        ]
        for row in rows
    ]
