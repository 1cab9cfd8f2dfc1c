"""The counts of the catalogue's facets, all in one query (docs/resources.md).

The values of one facet widen the selection, so its counts are taken without its own filter, under all the others. Each
facet is one grouped SELECT; they are joined by UNION ALL.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, QuerySet, Value
from django.db.models.functions import Cast, Concat

from portal.core.choices import Choice
from portal.core.enums import ThemeFamily
from portal.territories.enums import Level
from portal.territories.models import Space

from . import enums
from .forms import CatalogueForm
from .text import NBSP

TERRITORIES_SHOWN = 15
# The levels offered in the catalogue of a space, by the level of the space.
LEVELS_BELOW: dict[str, tuple[str, ...]] = {
    Level.NATION: (Level.REGION, Level.DEPARTEMENT),
    Level.REGION: (Level.DEPARTEMENT,),
    Level.DEPARTEMENT: (Level.EPCI, Level.COMMUNE),
}


@dataclass(frozen=True)
class FacetValue:
    """A value with the number of resources it would give; ``group`` is the heading it stands under, if any."""

    value: str
    label: str
    count: int
    selected: bool
    group: str = ""


@dataclass
class Facet:
    name: str
    label: str
    values: list[FacetValue] = field(default_factory=list)

    @property
    def selected(self) -> list[FacetValue]:
        return [value for value in self.values if value.selected]

    @property
    def is_single(self) -> bool:
        """Whether one value at most may be chosen."""
        return self.name == "territoire"

    @property
    def groups(self) -> list[tuple[str, list[Choice]]]:
        """The values as choices by heading, in order; one heading ``""`` where there is none."""
        grouped: dict[str, list[Choice]] = {}
        for value in self.values:
            label = f"{value.label}{NBSP}({value.count})"
            choice = Choice(f"f-{self.name}-{value.value}", value.value, label, value.selected)
            grouped.setdefault(value.group, []).append(choice)
        return list(grouped.items())


def _text(expression: Any) -> Cast:
    return Cast(expression, CharField())


def _column(path: str) -> Callable[[QuerySet[Any], Space | None], QuerySet[Any]]:
    def rows(items: QuerySet[Any], space: Space | None) -> QuerySet[Any]:
        return items.exclude(**{path: ""}).values(value=_text(path), label=Value(""), extra=Value(""))

    return rows


def _joined(path: str) -> Callable[[QuerySet[Any], Space | None], QuerySet[Any]]:
    def rows(items: QuerySet[Any], space: Space | None) -> QuerySet[Any]:
        return items.filter(**{f"{path}__isnull": False}).values(value=_text(path), label=Value(""), extra=Value(""))

    return rows


def _theme_rows(items: QuerySet[Any], space: Space | None) -> QuerySet[Any]:
    return items.filter(themes__isnull=False).values(
        value=_text("themes__slug"),
        label=_text("themes__name"),
        extra=Concat(_text("themes__family"), Value(":"), _text("themes__order")),
    )


def _territory_rows(items: QuerySet[Any], space: Space | None) -> QuerySet[Any]:
    levels = LEVELS_BELOW.get(space.territory.level if space else Level.NATION, (Level.COMMUNE,))
    above = "fact__territory__ancestor_links__ancestor"
    return items.filter(**{f"{above}__level__in": levels}).values(
        value=Concat(_text(f"{above}__level"), Value("-"), _text(f"{above}__code")),
        label=_text(f"{above}__name"),
        extra=_text(f"{above}__level"),
    )


_ROWS: dict[str, Callable[[QuerySet[Any], Space | None], QuerySet[Any]]] = {
    "type": _column("type"),
    "theme": _theme_rows,
    "categorie": _column("category"),
    "beneficiaire": _joined("beneficiaries"),
    "niveau": _column("level"),
    "territoire": _territory_rows,
    "format": _joined("files__format"),
    "licence": _column("licence"),
}
_LABELS: dict[str, dict[str, str]] = {
    "type": dict(enums.ResourceType.choices),
    "categorie": dict(enums.TrainingCategory.choices),
    "beneficiaire": dict(enums.BeneficiaryCode.choices),
    "niveau": dict(enums.ResourceLevel.choices),
    "format": dict(enums.FileFormat.choices),
    "licence": dict(enums.Licence.choices),
}


TOTAL = "total"


def count_facets(form: CatalogueForm, items: QuerySet[Any]) -> tuple[list[Facet], int]:
    """Every facet of ``items`` (unfiltered) with its counts, in the order of the page; and how many are selected.

    One query.
    """
    parts = [
        rows(form.filter_without(items, name).order_by(), form.space)
        .annotate(facet=Value(name), number=Count("pk", distinct=True))
        .values_list("facet", "value", "label", "extra", "number")
        for name, rows in _ROWS.items()
    ]
    selected = form.filter_without(items, TOTAL).order_by()
    empty = Cast(Value(""), CharField())
    parts.append(
        selected.values(value=empty, label=empty, extra=empty)
        .annotate(facet=Value(TOTAL), number=Count("pk"))
        .values_list("facet", "value", "label", "extra", "number")
    )
    counted: dict[str, list[tuple[str, str, str, int]]] = {name: [] for name in (*_ROWS, TOTAL)}
    for name, value, label, extra, number in parts[0].union(*parts[1:], all=True):
        counted[name].append((value, label, extra, number))
    total = sum(number for *_, number in counted.pop(TOTAL))
    return [_facet(form, name, rows) for name, rows in counted.items()], total


def _facet(form: CatalogueForm, name: str, rows: list[tuple[str, str, str, int]]) -> Facet:
    facet = Facet(name, str(form.fields[name].label))
    chosen = _chosen(form, name)
    if name == "theme":
        facet.values = _themes(rows, chosen)
    elif name == "territoire":
        facet.values = _territories(rows, chosen)
    else:
        counts = {value: number for value, _, _, number in rows}
        facet.values = [
            FacetValue(value, label, counts.get(value, 0), value in chosen)
            for value, label in _LABELS[name].items()
            if value in counts or value in chosen
        ]
    return facet


def _chosen(form: CatalogueForm, name: str) -> dict[str, str]:
    """The values in force of a facet, with their labels."""
    value = form.active.get(name)
    if not value:
        return {}
    if name == "theme":
        return {theme.slug: theme.name for theme in value}
    if name == "territoire":
        return {value.key: value.label}
    return {str(one): _LABELS[name][one] for one in value}


def _themes(rows: list[tuple[str, str, str, int]], chosen: dict[str, str]) -> list[FacetValue]:
    families = dict(ThemeFamily.choices)

    def position(row: tuple[str, str, str, int]) -> tuple[int, int, str]:
        family, _, order = row[2].partition(":")
        return ThemeFamily.values.index(family), int(order), row[1]

    values = [
        FacetValue(value, label, number, value in chosen, str(families[extra.partition(":")[0]]))
        for value, label, extra, number in sorted(rows, key=position)
    ]
    found = {value.value for value in values}
    return values + [FacetValue(slug, name, 0, True) for slug, name in chosen.items() if slug not in found]


def _territories(rows: list[tuple[str, str, str, int]], chosen: dict[str, str]) -> list[FacetValue]:
    """The territories with most resources, by level then name; the chosen one always."""
    most = sorted(rows, key=lambda row: (row[0] not in chosen, -row[3], row[1]))[:TERRITORIES_SHOWN]
    levels = dict(Level.choices)
    values = [
        FacetValue(value, label, number, value in chosen, str(levels[extra]))
        for value, label, extra, number in sorted(most, key=lambda row: (Level(row[2]).rank, row[1]))
    ]
    found = {value.value for value in values}
    return values + [FacetValue(key, label, 0, True) for key, label in chosen.items() if key not in found]
