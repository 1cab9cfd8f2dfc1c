"""From the reference rows, everything that is stored: territories with their principals, links, postal codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..enums import NATION_CODE, Kind, Level
from ..text import address_slug, fold
from ..zones import METROPOLE, zone_of
from .files import Reference, TerritoryRow

Key = tuple[str, str]  # (level, code)
NATION: Key = (Level.NATION.value, NATION_CODE)


@dataclass(frozen=True, slots=True)
class Derived:
    """A territory as it is to be stored; ``region`` and ``departement`` are codes (or None)."""

    level: str
    code: str
    name: str
    kind: str
    population: int | None
    siren: str
    time_zone: str
    region: str | None
    departement: str | None

    @property
    def key(self) -> Key:
        return self.level, self.code

    @property
    def values(self) -> tuple[object, ...]:
        """The stored columns besides the key and the two references, in the order of :data:`VALUE_COLUMNS`."""
        return (
            self.name,
            address_slug(self.name)[:120],
            fold(self.name),
            self.kind,
            self.population,
            self.siren,
            self.time_zone,
        )


VALUE_COLUMNS = ("name", "slug", "search_name", "kind", "population", "siren", "time_zone")


@dataclass(slots=True)
class _Tally:
    """What is touched by a group of communes, weighted by (inhabitants, number of communes)."""

    inhabitants: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    communes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, code: str, population: int | None) -> None:
        self.inhabitants[code] += population or 0
        self.communes[code] += 1

    @property
    def principal(self) -> str:
        """The most populated; then the one with most communes; then the first code."""
        return min(self.communes, key=lambda code: (-self.inhabitants[code], -self.communes[code], code))

    @property
    def touched(self) -> set[str]:
        return set(self.communes)


class Plan:
    """What the database is to hold for one :class:`Reference`."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.region_of = {row.code: row.region for row in reference.territories if row.level == Level.DEPARTEMENT}
        self.departements: dict[Key, _Tally] = defaultdict(_Tally)
        self.regions: dict[Key, _Tally] = defaultdict(_Tally)
        self.population: dict[Key, int] = defaultdict(int)
        self.epci_of_ept: dict[str, str] = {}
        for commune in reference.communes:
            region = self.region_of[commune.departement]
            inhabitants = commune.population or 0
            for key in (NATION, (Level.REGION, region), (Level.DEPARTEMENT, commune.departement)):
                self.population[key] += inhabitants
            for group in ((Level.EPCI, commune.epci), (Level.EPT, commune.ept)):
                if group[1]:
                    self.departements[group].add(commune.departement, commune.population)
                    self.regions[group].add(region, commune.population)
            if commune.ept and commune.epci:
                self.epci_of_ept[commune.ept] = commune.epci

    def territories(self) -> dict[str, list[Derived]]:
        """Level → territories, from the nation down, so that what is referred to comes first."""
        by_level: dict[str, list[Derived]] = {level: [] for level in Level.values}
        by_level[Level.NATION].append(
            Derived(*NATION, "France", Kind.NATION.value, self.population[NATION], "", METROPOLE, None, None)
        )
        for row in self.reference.territories:
            by_level[row.level].append(self._derive(row))
        for commune in self.reference.communes:
            by_level[Level.COMMUNE].append(
                Derived(
                    Level.COMMUNE.value,
                    commune.code,
                    commune.name,
                    Kind.COMMUNE.value,
                    commune.population,
                    commune.siren,
                    zone_of(commune.departement),
                    self.region_of[commune.departement],
                    commune.departement,
                )
            )
        return by_level

    def _derive(self, row: TerritoryRow) -> Derived:
        key = (row.level, row.code)
        region = departement = None
        population = row.population
        if row.level == Level.REGION:
            # An overseas région is one département; a metropolitan one is in the metropole whatever its first.
            zone = zone_of(next((code for code, above in self.region_of.items() if above == row.code), row.code))
        elif row.level == Level.DEPARTEMENT:
            region, zone = row.region, zone_of(row.code)
        else:
            region, departement = self.regions[key].principal, self.departements[key].principal
            zone = zone_of(departement)
        if row.level in (Level.REGION, Level.DEPARTEMENT):
            population = self.population[key]
        return Derived(row.level, row.code, row.name, row.kind, population, row.siren, zone, region, departement)

    def links(self) -> Iterator[tuple[Key, Key]]:
        """Every pair (ancestor, descendant), each territory with itself included. None comes twice."""
        yield NATION, NATION
        for row in self.reference.territories:
            key = (row.level, row.code)
            yield key, key
            yield NATION, key
            if row.level == Level.DEPARTEMENT:
                yield (Level.REGION, row.region), key
            elif row.level in (Level.EPCI, Level.EPT):
                for code in self.departements[key].touched:
                    yield (Level.DEPARTEMENT, code), key
                for code in self.regions[key].touched:
                    yield (Level.REGION, code), key
            if row.level == Level.EPT and row.code in self.epci_of_ept:
                yield (Level.EPCI, self.epci_of_ept[row.code]), key
        for commune in self.reference.communes:
            key = (Level.COMMUNE, commune.code)
            yield key, key
            yield NATION, key
            yield (Level.REGION, self.region_of[commune.departement]), key
            yield (Level.DEPARTEMENT, commune.departement), key
            if commune.epci:
                yield (Level.EPCI, commune.epci), key
            if commune.ept:
                yield (Level.EPT, commune.ept), key
