"""How many dates concern each territory: what « par territoire » shows, as a table and on the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.safestring import SafeString

from portal.territories import shading
from portal.territories.enums import Level
from portal.territories.map import Map, Shape, build_map
from portal.territories.models import Territory, TerritoryLink
from portal.territories.selectors import directory

#: The levels that are counted inside a territory of each level.
INSIDE: Mapping[str, tuple[str, ...]] = {
    Level.NATION: (Level.REGION, Level.DEPARTEMENT),
    Level.REGION: (Level.DEPARTEMENT,),
    Level.DEPARTEMENT: (Level.EPCI,),
    Level.EPCI: (Level.COMMUNE,),
}


@dataclass
class Row:
    """A territory, the dates that concern it, and the rows of what it contains."""

    territory: Territory
    count: int
    children: list[Row] = field(default_factory=list)


def count_inside(items: QuerySet[Any], within: Territory) -> Counter[int]:
    """How many of ``items`` (occurrences) are inside each territory that :data:`INSIDE` names, or say they cover
    something in it; by the territory's number, each occurrence once. Three queries at most.
    """
    levels = INSIDE.get(within.level, ())
    items = items.order_by()

    def those(path: str) -> dict[str, Any]:
        """Conditions on the ancestors of what ``path`` leads to."""
        ancestor = f"{path}__ancestor_links__ancestor"
        conditions: dict[str, Any] = {f"{ancestor}__level__in": levels, f"{ancestor}__ended_on": None}
        if within.level != Level.NATION:
            inside = TerritoryLink.objects.filter(ancestor=within).values("descendant")
            conditions[f"{ancestor}__in"] = inside
        return conditions

    own, covered = "page__fact__territory", "page__covered"
    counts: Counter[int] = Counter(
        dict(items.filter(**those(own)).values_list(f"{own}__ancestor_links__ancestor").annotate(n=Count("pk")))
    )
    more = list(
        items.filter(**those(covered))
        .values_list(f"{covered}__ancestor_links__ancestor", own)
        .annotate(n=Count("pk", distinct=True))
    )
    if more:
        # What lies in a territory already counts there.
        links = TerritoryLink.objects.filter(
            ancestor__in={ancestor for ancestor, _, _ in more}, descendant__in={lies for _, lies, _ in more}
        )
        counted = set(links.order_by().values_list("ancestor", "descendant"))
        for ancestor, lies, number in more:
            if (ancestor, lies) not in counted:
                counts[ancestor] += number
    return counts


def rows_of(counts: Mapping[int, int]) -> list[Row]:
    """The territories that have something, by name. One query."""
    found = Territory.objects.filter(pk__in=counts).order_by("search_name", "code")
    return [Row(territory, counts[territory.pk]) for territory in found]


def country(counts: Mapping[int, int]) -> tuple[list[Row], Map]:
    """The régions that have something with their départements, and the map. Two queries."""
    listed = directory()
    rows = []
    for region in listed.regions:
        children = [
            Row(each.territory, counts[each.territory.pk]) for each in region.children if each.territory.pk in counts
        ]
        # A région that is one département is told once.
        shown = [] if region.twin else children
        number = counts.get(region.territory.pk, 0)
        if number or shown:
            rows.append(Row(region.territory, number, shown))
    return rows, build_map(listed)


def draw(shapes: Sequence[Shape], counts: Mapping[int, int], address: str) -> SafeString:
    """The départements of a map, shaded by their counts; those that have something are links, which ``address``
    ("/agenda/?territoire=") begins.
    """
    return shading.draw(
        shapes,
        counts,
        address=lambda territory: f"{address}{territory.key}",
        told=lambda number: f"{number} date{'s' if number > 1 else ''}",
        css="events-map",
    )
