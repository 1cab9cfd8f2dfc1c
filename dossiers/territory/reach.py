"""What a perimeter reaches: whole régions or départements, or communes.

An intercommunalité is never cut in two: it is in a perimeter with all its communes, those of a neighbouring département
included. Overlaps are told in communes only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.territories.enums import Level
from portal.territories.models import Territory, TerritoryLink

#: A perimeter made of one of these is départementale, régionale or national: it keeps the territory itself, and leaves
#: its communes to the infra-départementales (second scenario).
WHOLE_LEVELS = frozenset({Level.NATION, Level.REGION, Level.DEPARTEMENT})


@dataclass(frozen=True)
class Reach:
    """Primary keys of territories: ``wholes`` (nation, régions, départements) and the communes outside of them.

    ``communes`` by picked territory: {commune: keys of the picked territories that hold it}.
    """

    wholes: frozenset[int] = frozenset()
    communes: frozenset[int] = frozenset()
    holders: dict[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def is_infra(self) -> bool:
        return bool(self.communes) and not self.wholes

    @property
    def held(self) -> list[int]:
        """What is kept from others, in an order that is everybody's: two transactions never wait for each other."""
        return sorted(self.wholes | self.communes)


def reach_of(territories: Iterable[Territory]) -> Reach:
    """What a perimeter made of ``territories`` reaches. At most three queries, whatever their number.

    Intercommunalités or communes that are all of a département make a départementale, as if it had been picked: what
    reaches over its border with intercommunalités that are mainly of it does not count. Anything else is infra.
    """
    picked = {each.pk: each for each in territories}
    wholes = {pk for pk, each in picked.items() if each.level in WHOLE_LEVELS}
    holders = communes_of([each for pk, each in picked.items() if pk not in wholes])
    if wholes and holders:
        inside = TerritoryLink.objects.filter(ancestor__in=wholes, descendant__in=list(holders)).order_by()
        for commune in inside.values_list("descendant", flat=True):
            holders.pop(commune, None)
    elif holders:
        complete = _whole_departements(set(holders))
        mainly = {pk for pk, each in picked.items() if each.departement_id in complete}
        within = {commune for communes in complete.values() for commune in communes}
        if complete and all(mainly.intersection(holders[commune]) for commune in set(holders) - within):
            return Reach(frozenset(complete))
    return Reach(frozenset(wholes), frozenset(holders), {pk: tuple(holders[pk]) for pk in sorted(holders)})


def communes_of(territories: Iterable[Territory]) -> dict[int, list[int]]:
    """The current communes inside ``territories``: {commune: which of them hold it}. One query."""
    keys = sorted({each.pk for each in territories})
    if not keys:
        return {}
    found: dict[int, list[int]] = defaultdict(list)
    links = TerritoryLink.objects.filter(
        ancestor__in=keys, descendant__level=Level.COMMUNE, descendant__ended_on=None
    ).order_by("descendant", "ancestor")
    for commune, holder in links.values_list("descendant", "ancestor"):
        found[commune].append(holder)
    return dict(found)


def departement_of(territory: Territory) -> Territory | None:
    """The département whose gouvernance ``territory`` belongs to: its own, or its principal one. None above."""
    return territory if territory.level == Level.DEPARTEMENT else territory.departement


def _whole_departements(communes: set[int]) -> dict[int, set[int]]:
    """The départements all of whose current communes are in ``communes``. One query, none without communes."""
    if not communes:
        return {}
    touched = Territory.objects.filter(pk__in=communes).order_by().values("departement")
    theirs: dict[int, set[int]] = defaultdict(set)
    current = Territory.objects.current().filter(level=Level.COMMUNE, departement__in=touched).order_by("pk")
    for commune, departement in current.values_list("pk", "departement"):
        theirs[departement].add(commune)
    return {departement: all_ for departement, all_ in theirs.items() if all_ <= communes}
