"""The map of the départements, shaded by how many dossiers were deposited; a table beside it says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Count
from django.utils.safestring import SafeString

from portal.territories.enums import Level
from portal.territories.map import Locator, Map, build_map, locate, outlines
from portal.territories.models import Territory
from portal.territories.selectors import directory
from portal.territories.shading import draw, legend, step_of

from .scope import Scope, place_at

CSS = "figures-map"


@dataclass(frozen=True)
class ShadedMap:
    """``map``: of the whole country, or ``around``: a région among its neighbours. ``legend``: (shade, from, to)."""

    shapes: SafeString
    legend: list[tuple[int, int, int]]
    map: Map | None = None
    around: Locator | None = None


def told(number: int) -> str:
    return f"{number} dossier{'s' if number > 1 else ''}"


def map_of(scope: Scope, place: Territory | None, address: Callable[[Territory], str]) -> ShadedMap | None:
    """That of the country, or of a région of several départements; None for any other place, and where there is
    nothing to show. Three queries at most."""
    if place is None or place.level not in (Level.NATION, Level.REGION):
        return None
    rows = scope.dossiers().annotate(figured_place=place_at(Level.DEPARTEMENT)).values("figured_place")
    counts = {row["figured_place"]: row["n"] for row in rows.annotate(n=Count("pk")) if row["figured_place"]}
    return shaded(counts, place, address, told)


def percent_map(shares: Mapping[int, int], place: Territory, address: Callable[[Territory], str]) -> ShadedMap | None:
    """Percents by the number of the département, by quarters. As :func:`shaded`."""

    def quarter(number: float, most: float) -> int:
        return min(4, -(-int(number) // 25))

    legend_of = [(1, 1, 25), (2, 26, 50), (3, 51, 75), (4, 76, 100)]
    return shaded(shares, place, address, lambda number: f"{number} % de la population", quarter, legend_of)


def shaded(
    counts: Mapping[int, int],
    place: Territory,
    address: Callable[[Territory], str],
    said: Callable[[int], str],
    step: Callable[[float, float], int] = step_of,
    shades: list[tuple[int, int, int]] | None = None,
) -> ShadedMap | None:
    """``counts`` by the number of the département, in ``place``. Two queries, none where there is no count."""
    if not counts:
        return None
    listed = directory()
    if place.level == Level.NATION:
        drawn = build_map(listed)
        within = [count for pk, count in counts.items() if pk]
        return ShadedMap(draw(drawn.links, counts, address, said, CSS, step), shades or legend(max(within)), map=drawn)
    children = next((each.children for each in listed.regions if each.territory.pk == place.pk), [])
    around = locate(each.territory.code for each in children) if len(children) > 1 else None
    most = max((counts.get(each.territory.pk, 0) for each in children), default=0)
    if around is None or not most:
        return None
    shapes = outlines(children, place.code)
    return ShadedMap(draw(shapes, counts, address, said, CSS, step), shades or legend(most), around=around)
