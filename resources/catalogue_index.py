"""Which resources have which value of which facet, in memory, so that counting them reads nothing.

A set of resources is an integer with one bit a resource: sets are joined by ``|``, narrowed by ``&`` and counted by
``bit_count()``, a hundred facet values of 20,000 resources in a millisecond, where grouped SELECTs read every row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast

from portal.core.enums import ContentKind
from portal.core.page_cache import generation_of
from portal.territories.models import TerritoryLink


class Place(NamedTuple):
    """What the facet of territories shows of one."""

    level: str
    key: str
    name: str


@dataclass(frozen=True)
class CatalogueIndex:
    """``positions``: the bit of each resource, by id. ``facets``: the set of each value, by facet then value as in
    addresses. ``places``: the set of what lies inside each territory.
    """

    positions: dict[int, int]
    facets: dict[str, dict[str, int]]
    places: dict[Place, int]

    @property
    def everything(self) -> int:
        return (1 << len(self.positions)) - 1

    def read(self, selections: dict[str, QuerySet[Any]]) -> dict[str, int]:
        """The sets of ``selections`` (querysets of resources), by name. One query, none where there is none."""
        found: dict[str, list[int]] = {name: [] for name in selections}
        parts = [items.order_by().values_list(Value(name), "pk") for name, items in selections.items()]
        for name, pk in _together(parts):
            if pk in self.positions:
                found[name].append(self.positions[pk])
        return {name: _bits(members, len(self.positions)) for name, members in found.items()}


_kept: tuple[str, CatalogueIndex] | None = None


def current_index(items: QuerySet[Any]) -> CatalogueIndex:
    """The index of ``items``, the resources that anyone may read. Three queries after a resource changed, or something
    other than content; then none, for every reader of the process.
    """
    global _kept
    current = generation_of(ContentKind.RESOURCE)
    kept = _kept
    if kept is not None and kept[0] == current:
        return kept[1]
    index = _read(items)
    _kept = (current, index) if current else None
    return index


#: The facets that are a column of the resource, by name; then those joined to it, with the path of their value.
_COLUMNS = {"type": "type", "categorie": "category", "niveau": "level", "licence": "licence"}
_JOINED = {"theme": "themes__slug", "beneficiaire": "beneficiaries", "format": "files__format"}


def _read(items: QuerySet[Any]) -> CatalogueIndex:
    """Three queries: a row a resource, the rows joined to resources, the territories. What is joined to a resource that
    ``items`` leaves out is read too and set aside, which costs less than to select it again for each facet.
    """
    rows = list(items.order_by().values_list("pk", "fact__territory", *_COLUMNS.values()))
    positions = {pk: position for position, pk in enumerate(sorted(row[0] for row in rows))}
    members: dict[str, dict[str, list[int]]] = {name: defaultdict(list) for name in (*_COLUMNS, *_JOINED)}
    about: dict[int, list[int]] = defaultdict(list)
    for pk, territory, *values in rows:
        position = positions[pk]
        if territory is not None:
            about[territory].append(position)
        for name, value in zip(_COLUMNS, values, strict=True):
            if value:
                members[name][value].append(position)
    every = items.model._default_manager.order_by()
    for name, value, pk in _together(
        [
            every.filter(**{f"{path}__isnull": False}).values_list(Value(name), Cast(path, CharField()), "pk")
            for name, path in _JOINED.items()
        ]
    ):
        if pk in positions:
            members[name][value].append(positions[pk])
    sets = {
        name: {value: _bits(found, len(positions)) for value, found in values.items()}
        for name, values in members.items()
    }
    places = _places({territory: _bits(found, len(positions)) for territory, found in about.items()})
    return CatalogueIndex(positions, sets, places)


def _places(own: dict[int, int]) -> dict[Place, int]:
    """What lies inside each territory, from what is about each (by its id). One query."""
    inside: dict[Place, int] = defaultdict(int)
    links = TerritoryLink.objects.filter(descendant__in=own).values_list(
        "descendant", "ancestor__level", "ancestor__code", "ancestor__name"
    )
    for descendant, level, code, name in links:
        inside[Place(level, f"{level}-{code}", name)] |= own[descendant]
    return dict(inside)


def _together(parts: list[QuerySet[Any]]) -> Iterable[Any]:
    """The rows of every part, in one query."""
    if not parts:
        return ()
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def _bits(positions: Iterable[int], size: int) -> int:
    """The set of the resources at these positions."""
    octets = bytearray(size // 8 + 1)
    for position in positions:
        octets[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(octets, "little")
