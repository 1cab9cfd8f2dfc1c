"""Which resources have which value of which facet, in memory, so that counting them reads nothing.

A set of resources is an integer with one bit a resource: sets are joined by ``|``, narrowed by ``&`` and counted by
``bit_count()``, a hundred facet values of 20,000 resources in a millisecond, where grouped SELECTs read every row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import CharField, F, QuerySet, Value
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
    """The index of ``items``, the resources that anyone may read. Two queries after a resource changed, or something
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


def _column(path: str) -> Callable[[QuerySet[Any]], QuerySet[Any]]:
    return lambda items: items.exclude(**{path: ""}).annotate(value=Cast(path, CharField()))


def _joined(path: str) -> Callable[[QuerySet[Any]], QuerySet[Any]]:
    return lambda items: items.filter(**{f"{path}__isnull": False}).annotate(value=Cast(path, CharField()))


#: The rows of each facet, with their ``value``; the last is where the resource is about.
_TERRITORY = "territoire"
_ROWS: dict[str, Callable[[QuerySet[Any]], QuerySet[Any]]] = {
    "type": _column("type"),
    "theme": _joined("themes__slug"),
    "categorie": _column("category"),
    "beneficiaire": _joined("beneficiaries"),
    "niveau": _column("level"),
    "format": _joined("files__format"),
    "licence": _column("licence"),
    _TERRITORY: _joined("fact__territory"),
}


def _read(items: QuerySet[Any]) -> CatalogueIndex:
    parts = [items.order_by().values_list(Value(""), Cast(Value(""), CharField()), "pk")]
    parts += [rows(items.order_by()).values_list(Value(name), F("value"), "pk") for name, rows in _ROWS.items()]
    members: dict[str, dict[str, list[int]]] = {name: defaultdict(list) for name in ("", *_ROWS)}
    for name, value, pk in _together(parts):
        members[name][value].append(pk)
    positions = {pk: position for position, pk in enumerate(sorted(members.pop("")[""]))}
    sets = {
        name: {value: _bits((positions[pk] for pk in pks), len(positions)) for value, pks in values.items()}
        for name, values in members.items()
    }
    return CatalogueIndex(positions, sets, _places(sets.pop(_TERRITORY)))


def _places(own: dict[str, int]) -> dict[Place, int]:
    """What lies inside each territory, from what is about each (by its id). One query."""
    inside: dict[Place, int] = defaultdict(int)
    links = TerritoryLink.objects.filter(descendant__in=[int(pk) for pk in own]).values_list(
        "descendant", "ancestor__level", "ancestor__code", "ancestor__name"
    )
    for descendant, level, code, name in links:
        inside[Place(level, f"{level}-{code}", name)] |= own[str(descendant)]
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
