"""A perimeter on the screen: boxes by level with population and communes, who holds them already, totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portal.territories.enums import Level
from portal.territories.text import fold, grouped

from .places import MOST_SHOWN, Candidate

if TYPE_CHECKING:
    from .lines import Line


@dataclass(frozen=True)
class Member:
    """A box of a perimeter. ``clash``: which dossier holds it already. ``shown``: not put aside by the search."""

    key: str
    label: str
    details: str
    population: int
    communes: int
    id: str
    checked: bool
    clash: str
    shown: bool
    words: str


@dataclass(frozen=True)
class Group:
    """The boxes of one level."""

    label: str
    members: list[Member]
    #: How many were left out, to be found by the search.
    left_out: int

    @property
    def nothing_shown(self) -> bool:
        return not any(member.shown for member in self.members)


@dataclass(frozen=True)
class Totals:
    """Of what is selected."""

    members: int
    population: str
    communes: str


_GROUP_LABELS: Final = {
    Level.REGION: "Régions",
    Level.DEPARTEMENT: "Départements",
    Level.EPCI: "Intercommunalités",
    Level.EPT: "Établissements publics territoriaux",
    Level.COMMUNE: "Communes",
    Level.NATION: "France",
}


def perimeter_groups(line: Line) -> list[Group]:
    """Boxes by level; at most ``MOST_SHOWN``, those selected always. Two queries, and those of who knows clashes."""
    if line.place is None:
        return []
    chosen = set(line.typed)
    words = fold(line.search).split()
    candidates = line.place.candidates(line.field.options["levels"])
    asked = [each for each in candidates if _matches(each, words)] if len(candidates) > MOST_SHOWN else candidates
    kept = {each.key for each in asked[:MOST_SHOWN]} | chosen
    offered = [each for each in candidates if each.key in kept]
    clashes = line.place.clashes([each.key for each in offered])
    groups = []
    for level in dict.fromkeys(each.territory.level for each in candidates):
        of_level = [each for each in candidates if each.territory.level == level]
        members = [_member(line, each, chosen, clashes, words) for each in offered if each.territory.level == level]
        groups.append(Group(_GROUP_LABELS[Level(level)], members, len(of_level) - len(members)))
    return groups


def _matches(candidate: Candidate, words: Sequence[str]) -> bool:
    name = f"{candidate.territory.search_name} {candidate.territory.code.lower()}"
    return all(word in name for word in words)


def _member(
    line: Line, candidate: Candidate, chosen: set[str], clashes: Mapping[str, str], words: Sequence[str]
) -> Member:
    territory = candidate.territory
    parts = []
    if territory.population:
        parts.append(f"{grouped(territory.population)} habitants")
    if candidate.communes:
        parts.append(f"{grouped(candidate.communes)} commune{'s' if candidate.communes > 1 else ''}")
    return Member(
        key=candidate.key,
        label=territory.name,
        details=" · ".join(parts),
        population=territory.population or 0,
        communes=candidate.communes if candidate.communes is not None else 1,
        id=f"{line.id}__{candidate.key}",
        checked=candidate.key in chosen,
        clash=clashes.get(candidate.key, ""),
        shown=candidate.key in chosen or _matches(candidate, words),
        words=f"{territory.search_name} {territory.code.lower()}",
    )


def perimeter_totals(line: Line) -> Totals:
    chosen = [member for group in line.groups for member in group.members if member.checked]
    return Totals(
        len(chosen),
        grouped(sum(member.population for member in chosen)),
        grouped(sum(member.communes for member in chosen)),
    )
