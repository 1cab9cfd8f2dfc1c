"""The catalogue's facets with their counts, counted on an index in memory (docs/resources.md).

The values of one facet widen the selection, so its counts are taken without its own filter, under all the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import QuerySet

from portal.core.choices import Choice
from portal.core.enums import ThemeFamily
from portal.core.filters import all_themes
from portal.core.models import Theme
from portal.territories.enums import Level
from portal.territories.models import Space

from . import enums
from .catalogue_index import CatalogueIndex, current_index
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


_LABELS: dict[str, dict[str, str]] = {
    "type": dict(enums.ResourceType.choices),
    "categorie": dict(enums.TrainingCategory.choices),
    "beneficiaire": dict(enums.BeneficiaryCode.choices),
    "niveau": dict(enums.ResourceLevel.choices),
    "format": dict(enums.FileFormat.choices),
    "licence": dict(enums.Licence.choices),
}


#: In the order of the page.
_NAMES = ("type", "theme", "categorie", "beneficiaire", "niveau", "territoire", "format", "licence")


def count_facets(form: CatalogueForm, items: QuerySet[Any]) -> tuple[list[Facet], int]:
    """Every facet of ``items`` (unfiltered) with its counts, in the order of the page; and how many are selected.

    No query where the index is in memory and knows the filters; one for those it does not (words, places, scope).
    """
    index = current_index(items)
    selections = _selections(form, items, index)
    facets = []
    for name in _NAMES:
        others = index.everything
        for filtered, selection in selections.items():
            if filtered != name:
                others &= selection
        facets.append(_facet(form, name, index, others))
    total = reduce(lambda one, other: one & other, selections.values(), index.everything).bit_count()
    return facets, total


def _selections(form: CatalogueForm, items: QuerySet[Any], index: CatalogueIndex) -> dict[str, int]:
    """The resources that each filter in force leaves, by its name; ``""`` for the scope of the listing."""
    known, asked = {}, {}
    if (scoped := form.scope(items)) is not items:
        asked[""] = scoped
    for name in form.active:
        if name in _LABELS or name == "theme":
            chosen = _chosen(form, name)
            known[name] = reduce(or_, (index.facets[name].get(each, 0) for each in chosen), 0)
        elif (filtered := form.filtered_by(items, name)) is not None:
            asked[name] = filtered
    return known | index.read(asked)


def _facet(form: CatalogueForm, name: str, index: CatalogueIndex, others: int) -> Facet:
    facet = Facet(name, str(form.fields[name].label))
    chosen = _chosen(form, name)
    if name == "territoire":
        facet.values = _territories(index, others, form.space, chosen)
        return facet
    counts = {value: number for value, bits in index.facets[name].items() if (number := (bits & others).bit_count())}
    if name == "theme":
        facet.values = _themes(counts, chosen)
    else:
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


def _themes(counts: dict[str, int], chosen: dict[str, str]) -> list[FacetValue]:
    themes = all_themes()
    shown = sorted((themes[slug] for slug in {*counts, *chosen} if slug in themes), key=_place)
    return [
        FacetValue(
            each.slug, each.name, counts.get(each.slug, 0), each.slug in chosen, ThemeFamily.label_of(each.family)
        )
        for each in shown
    ]


def _place(theme: Theme) -> tuple[int, int, str]:
    return ThemeFamily.rank_of(theme.family), theme.order, theme.name


def _territories(index: CatalogueIndex, others: int, space: Space | None, chosen: dict[str, str]) -> list[FacetValue]:
    """The territories with most resources, by level then name; the chosen one always."""
    offered = LEVELS_BELOW.get(space.territory.level if space else Level.NATION, (Level.COMMUNE,))
    rows = [
        (place, number)
        for place, bits in index.places.items()
        if place.level in offered and (number := (bits & others).bit_count())
    ]
    most = sorted(rows, key=lambda row: (row[0].key not in chosen, -row[1], row[0].name))[:TERRITORIES_SHOWN]
    levels = dict(Level.choices)
    values = [
        FacetValue(place.key, place.name, number, place.key in chosen, str(levels[place.level]))
        for place, number in sorted(most, key=lambda row: (Level(row[0].level).rank, row[0].name))
    ]
    found = {value.value for value in values}
    return values + [FacetValue(key, label, 0, True) for key, label in chosen.items() if key not in found]
