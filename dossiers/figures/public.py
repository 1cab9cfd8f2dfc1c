"""The figures that everybody may read: of the types that the administration declared public, by région and département.

Computed once a day and kept in the shared cache: what is published does not follow each deposit. Only numbers above
five, and none from which a smaller one could be computed (:mod:`.suppression`). Delays are shown of more than five
decided dossiers, where the number of deposited ones is shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from django.core.cache import caches
from django.utils import timezone

from portal.territories.enums import Level
from portal.territories.models import Territory

from ..models import Dossier, DossierType
from .scope import place_at
from .selectors import Measures, measure_by, type_of
from .suppression import LEAST, Relation, suppress

#: The columns that are counted: the total, then its parts.
TOTAL: Final = "deposited"
PARTS: Final = ("open", "accepted", "turned_down", "withdrawn")
COLUMNS: Final = (TOTAL, *PARTS)
#: Of what is kept: another shape is another entry.
_SHAPE: Final = 1
_KEPT_SECONDS: Final = 2 * 86_400


@dataclass(frozen=True)
class Place:
    """What is kept of a territory."""

    pk: int
    key: str
    level: str
    code: str
    name: str


@dataclass(frozen=True)
class PublicRow:
    """A territory's figures; None: not published. Delays in whole days.

    ``place`` None: what is about several régions (``within`` None), or about the région ``within`` as a whole.
    """

    place: Place | None
    within: Place | None
    deposited: int | None
    open: int | None
    accepted: int | None
    turned_down: int | None
    withdrawn: int | None
    median: int | None = None
    p90: int | None = None
    own_median: int | None = None
    own_p90: int | None = None

    @property
    def counts(self) -> list[int | None]:
        return [getattr(self, name) for name in COLUMNS]

    @property
    def delays(self) -> list[int | None]:
        return [self.median, self.p90, self.own_median, self.own_p90]

    @property
    def says_something(self) -> bool:
        return any(each is not None for each in self.counts)


@dataclass(frozen=True)
class PublicType:
    """What is published of one type: the country, then régions with their départements, by name."""

    code: str
    title: str
    nation: PublicRow
    regions: tuple[PublicRow, ...]
    departements: tuple[PublicRow, ...]


@dataclass(frozen=True)
class PublicFigures:
    """``day``: when it was computed."""

    day: dt.date
    types: tuple[PublicType, ...]

    def type(self, code: str) -> PublicType | None:
        return next((each for each in self.types if each.code == code), None)


def public_figures() -> PublicFigures:
    """Today's. One query where they are kept already, eight otherwise.

    A type that is no longer public is not shown, whatever is kept.
    """
    types = list(DossierType.objects.filter(public_figures=True).defer("form").order_by("title", "pk"))
    day = timezone.localdate()
    name = f"dossiers-public-figures-{_SHAPE}-{day.isoformat()}-{'.'.join(f'{each.pk}' for each in types)}"
    found = caches["default"].get(name)
    if not isinstance(found, PublicFigures):
        found = compute(types, day)
        caches["default"].set(name, found, _KEPT_SECONDS)
    return found


def compute(types: list[DossierType], day: dt.date) -> PublicFigures:
    """Seven queries; none without a type."""
    if not types:
        return PublicFigures(day, ())
    places = list(
        Territory.objects.filter(level__in=[Level.NATION, Level.REGION, Level.DEPARTEMENT])
        .order_by("search_name", "code")
        .only("level", "code", "name", "slug", "kind", "region", "ended_on")
    )
    dossiers = Dossier.objects.kept().deposited().filter(type__in=[each.pk for each in types])
    by: dict[str, dict[tuple[int, Any], Measures]] = {}
    for level in (Level.NATION, Level.REGION, Level.DEPARTEMENT):
        place = type_of() if level == Level.NATION else place_at(level)
        by[level] = measure_by(dossiers, figured_type=type_of(), figured_place=place)
    return PublicFigures(day, tuple(_type(each, by, places) for each in types))


Node = tuple[str, int]


def _type(type_: DossierType, by: Mapping[str, Mapping[Any, Measures]], places: list[Territory]) -> PublicType:
    """Nodes of the tree: ("nation", 0), ("region", pk), ("departement", pk), and what is left of each above them:
    ("rest", pk of the région; 0 of the country)."""
    nation = next(each for each in places if each.level == Level.NATION)
    measures: dict[Node, Measures] = {("nation", 0): by[Level.NATION].get((type_.pk, type_.pk), Measures())}
    for level in (Level.REGION, Level.DEPARTEMENT):
        measures |= {
            (level, place): found for (pk, place), found in by[level].items() if pk == type_.pk and place is not None
        }
    shown = [each for each in places if each.level != Level.NATION and _is_listed(each, measures)]
    regions = [each for each in shown if each.level == Level.REGION]
    departements = [each for each in shown if each.level == Level.DEPARTEMENT]
    inside: dict[Node, list[Node]] = {("nation", 0): [(Level.REGION, each.pk) for each in regions]}
    for each in regions:
        inside[Level.REGION, each.pk] = [
            (Level.DEPARTEMENT, other.pk) for other in departements if other.region_id == each.pk
        ]
    counts = {node: _counts(found) for node, found in measures.items()}
    zero = dict.fromkeys(COLUMNS, 0)
    for node, children in inside.items():
        whole = counts.setdefault(node, zero)
        for child in children:
            counts.setdefault(child, zero)
        counts["rest", node[1]] = {
            name: whole[name] - sum(counts[child][name] for child in children) for name in COLUMNS
        }
    masked = suppress(*_table(counts, inside))

    def row(node: Node, place: Territory | None, within: Territory | None = None) -> PublicRow:
        said = {name: None if (node, name) in masked else counts[node][name] for name in COLUMNS}
        found = measures.get(node, Measures())
        delays = _delays(found) if said[TOTAL] is not None else {}
        return PublicRow(_place(place), _place(within), **said, **delays)

    of = {each.pk: each for each in regions}
    rows = [row((Level.DEPARTEMENT, each.pk), each, of.get(each.region_id or 0)) for each in departements]
    rows += [row(("rest", each.pk), None, each) for each in regions]
    return PublicType(
        code=type_.code,
        title=type_.title,
        nation=row(("nation", 0), nation),
        regions=(*(row((Level.REGION, each.pk), each) for each in regions), row(("rest", 0), None)),
        departements=tuple(rows),
    )


def _place(territory: Territory | None) -> Place | None:
    if territory is None:
        return None
    return Place(territory.pk, territory.key, territory.level_label, territory.code, territory.name)


def _is_listed(territory: Territory, measures: Mapping[Node, Measures]) -> bool:
    """Current ones, whether they have something or not; former ones of which there is something."""
    return territory.ended_on is None or (territory.level, territory.pk) in measures


def _counts(found: Measures) -> dict[str, int]:
    return {name: getattr(found, name) for name in COLUMNS}


def _table(
    counts: Mapping[Node, Mapping[str, int]], inside: Mapping[Node, list[Node]]
) -> tuple[dict[Any, int], list[Relation]]:
    """Cells by (node, column), and all that adds up: columns to the total, territories to what holds them."""
    cells = {(node, name): row[name] for node, row in counts.items() for name in COLUMNS}
    relations = [Relation((node, TOTAL), tuple((node, name) for name in PARTS)) for node in counts]
    for node, children in inside.items():
        parts = [*children, ("rest", node[1])]
        relations += [Relation((node, name), tuple((part, name) for part in parts)) for name in COLUMNS]
    return cells, relations


def _delays(found: Measures) -> dict[str, int]:
    if found.decided < LEAST or found.total is None or found.own is None:
        return {}
    pairs = {"median": found.total.median, "p90": found.total.p90}
    pairs |= {"own_median": found.own.median, "own_p90": found.own.p90}
    return {name: round(days) for name, days in pairs.items()}


assert set(COLUMNS) <= {each.name for each in fields(PublicRow)}
