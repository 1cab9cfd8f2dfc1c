"""Territories that a form may name: looked for in France, or inside the dossier's territory for a perimeter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from portal.territories.enums import Level
from portal.territories.lookups import Match, find_territories
from portal.territories.models import Territory, TerritoryLink
from portal.territories.selectors import parse_key
from portal.territories.text import fold

#: Members that are read of a posted perimeter: more than it may have, so that none is lost unsaid.
MOST_READ: Final = 6_000
#: Boxes on one screen; beyond, one searches.
MOST_SHOWN: Final = 1_000

#: (dossier, keys) -> {key: « déjà dans la feuille de route … »}: who knows the rules says which are taken.
ClashFinder = Callable[[Any, Sequence[str]], Mapping[str, str]]
_clash_finder: ClashFinder | None = None


def register_clash_finder(finder: ClashFinder) -> None:
    """``finder`` tells, for the keys that a perimeter's widget offers, those that another dossier holds (one query
    or two, whatever their number). One for the whole portal: the last one."""
    global _clash_finder
    _clash_finder = finder


def territories_by_key(keys: Iterable[str]) -> dict[str, Territory]:
    """Territories by key, those of a former vintage included. One query, none without keys."""
    by_level: dict[str, set[str]] = {}
    for key in keys:
        parsed = parse_key(key) if isinstance(key, str) else None
        if parsed:
            by_level.setdefault(parsed[0], set()).add(parsed[1])
    if not by_level:
        return {}
    condition = Q()
    for level, codes in by_level.items():
        condition |= Q(level=level, code__in=codes)
    found = Territory.objects.filter(condition).select_related("region", "departement").order_by("search_name", "pk")
    return {territory.key: territory for territory in found}


@dataclass(frozen=True)
class Candidate:
    """A territory that a perimeter may hold. ``communes``: how many it has (None for a commune)."""

    territory: Territory
    communes: int | None

    @property
    def key(self) -> str:
        return self.territory.key


class Place:
    """Where a form's territories are: inside the dossier's one, else in France. Queries are made once each."""

    def __init__(self, dossier: Any = None) -> None:
        self.dossier = dossier
        self._candidates: dict[tuple[str, ...], list[Candidate]] = {}
        self._matches: dict[tuple[str, tuple[str, ...]], list[Match]] = {}

    @cached_property
    def around(self) -> Territory | None:
        """The dossier's territory; None: the whole of France."""
        territory = getattr(self.dossier, "territory", None)
        return None if territory is None or territory.level == Level.NATION else territory

    # --- One territory ---
    def matches(self, text: str, levels: Sequence[str]) -> list[Match]:
        """What ``text`` may mean among ``levels``, best first."""
        asked = (text, tuple(levels))
        if asked not in self._matches:
            self._matches[asked] = find_territories(text, levels=list(levels)).matches
        return self._matches[asked]

    def territory(self, text: str, levels: Sequence[str]) -> tuple[Territory | None, str]:
        """The one that ``text`` means (a key, a label, a name, a code), or why it cannot be told."""
        parsed = parse_key(text)
        if parsed and parsed[0] in levels:
            found = Territory.objects.current().filter(level=parsed[0], code=parsed[1]).first()
            return found, "" if found else "Ce territoire n’existe pas ou plus : cherchez-le par son nom."
        # A label ends with what tells it from its namesakes, « Sainte-Colombe (40) »: looked for without.
        name = text.rpartition(" (")[0] if text.endswith(")") else ""
        for words in filter(None, (text, name)):
            matches = self.matches(words, levels)
            exact = [m.territory for m in matches if text in (m.territory.label, m.territory.key)]
            if len(exact) == 1:
                return exact[0], ""
        matches = self.matches(text, levels)
        named = [m.territory for m in matches if fold(m.territory.name) == fold(text)]
        if len(matches) == 1 or len(named) == 1:
            return (named[0] if named else matches[0].territory), ""
        if matches:
            return None, "Plusieurs territoires portent ce nom : sélectionnez le vôtre."
        return None, "Aucun territoire ne porte ce nom, ce code ou ce code postal."

    # --- A perimeter ---
    def _inside(self, levels: Sequence[str]) -> Any:
        territories = Territory.objects.current().filter(level__in=levels)
        return territories.inside(self.around) if self.around is not None else territories

    def allowed(self, keys: Sequence[str], levels: Sequence[str]) -> set[str]:
        """Those of ``keys`` that a perimeter may hold. One query."""
        by_level: dict[str, list[str]] = {}
        for key in keys:
            parsed = parse_key(key)
            if parsed and parsed[0] in levels:
                by_level.setdefault(parsed[0], []).append(parsed[1])
        if not by_level:
            return set()
        condition = Q()
        for level, codes in by_level.items():
            condition |= Q(level=level, code__in=codes)
        return {
            f"{level}-{code}" for level, code in self._inside(levels).filter(condition).values_list("level", "code")
        }

    def candidates(self, levels: Sequence[str]) -> list[Candidate]:
        """Every territory of ``levels`` in the dossier's one, widest level first, by name. One query."""
        asked = tuple(levels)
        if asked not in self._candidates:
            held = (
                TerritoryLink.objects.filter(
                    ancestor=OuterRef("pk"), descendant__level=Level.COMMUNE, descendant__ended_on=None
                )
                .order_by()
                .values("ancestor")
                .annotate(number=Count("pk"))
                .values("number")
            )
            found = (
                self._inside(levels)
                .select_related("departement")
                .annotate(held=Coalesce(Subquery(held, output_field=IntegerField()), Value(0)))
                .order_by("search_name", "code")
            )
            self._candidates[asked] = sorted(
                (Candidate(t, None if t.level == Level.COMMUNE else t.held) for t in found),
                key=lambda each: Level(each.territory.level).rank,
            )
        return self._candidates[asked]

    def clashes(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Those of ``keys`` that another dossier holds, with what says which."""
        if _clash_finder is None or self.dossier is None or not keys:
            return {}
        return _clash_finder(self.dossier, keys)
