"""Finding territories by name, code or postal code, as people type them.

Any text is safe: it is cut, folded to ``[a-z0-9 ]``, and reaches the database as a parameter without wildcard.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.fields import CharField
from django.db.models.lookups import StartsWith

from .enums import Kind, Level
from .models import PostalCode, Territory, TerritoryAlias
from .text import fold, grouped

LIMIT = 20
# The most shared postal code (51300) serves 46 communes: all are shown, or some could not be chosen by it.
POSTAL_LIMIT = 60
_LONGEST = 120
_MOST_WORDS = 8
_CODE = re.compile(r"[0-9][0-9ab][0-9]{0,7}|[0-9]")
_POSTAL = re.compile(r"[0-9]{5}")
_DEPARTEMENT_WORD = re.compile(r"[0-9]{2,3}|2[ab]")
_LEVEL_RANK = Case(
    *[When(level=level, then=Value(rank)) for rank, level in enumerate(Level.values)],
    output_field=IntegerField(),
)


@CharField.register_lookup
class FoldedPrefix(StartsWith):
    """``folded__prefix``-like look-up for folded text: an index range on SQLite, ``LIKE 'x%'`` (its pattern index)
    elsewhere. SQLite's LIKE ignores case and so cannot use the index."""

    lookup_name = "folded_prefix"
    # Above every character that folding leaves.
    _LAST = "~"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return StartsWith(self.lhs, self.rhs).as_sql(compiler, connection)

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, parameters = compiler.compile(self.lhs)
        return f"({column} >= %s AND {column} < %s)", [*parameters, self.rhs, *parameters, f"{self.rhs}{self._LAST}"]


@dataclass(frozen=True, slots=True)
class Match:
    """A territory found, and what led to it where that is not its own name (« 51300 », « Fargniers »)."""

    territory: Territory
    via: str = ""

    @property
    def context(self) -> str:
        """« Commune · Landes · 31 592 habitants »: what tells it from its namesakes. No query."""
        territory = self.territory
        parts = [territory.level_label]
        if territory.level != Level.REGION and territory.departement_id:
            parts.append(territory.departement.name)  # type: ignore[union-attr]
        elif territory.region_id:
            parts.append(territory.region.name)  # type: ignore[union-attr]
        if territory.population:
            parts.append(f"{grouped(territory.population)} habitants")
        return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Found:
    """The matches, best first, and whether there were more than the bound."""

    matches: list[Match]
    more: bool = False


def find_territories(text: str, *, levels: Sequence[str] | None = None, limit: int = LIMIT) -> Found:
    """Territories that ``text`` may mean, best first; at most ``limit`` (of one postal code: all its communes).

    ``levels`` restricts what is looked for. At most six queries, whatever the text and the number of matches.
    """
    typed = fold(text[:_LONGEST])
    if not typed:
        return Found([])
    compact = typed.replace(" ", "")
    if _CODE.fullmatch(compact):
        return _by_code(compact, levels, limit)
    words = typed.split()[:_MOST_WORDS]
    postal = next((word for word in words if _POSTAL.fullmatch(word)), None)
    if postal and len(words) > 1:
        return _by_postal_code_and_name(postal, [word for word in words if word != postal], levels)
    departement = words[-1] if len(words) > 1 and _DEPARTEMENT_WORD.fullmatch(words[-1]) else None
    if departement:
        found = _by_name(words[:-1], levels, limit, departement=departement)
        if found.matches:
            return found
    return _by_name(words, levels, limit)


def _territories(levels: Sequence[str] | None) -> QuerySet[Territory]:
    """What is looked through. A collectivité d'outre-mer is found once: as a département."""
    territories = Territory.objects.current().select_related("region", "departement")
    territories = territories.exclude(level=Level.REGION, kind=Kind.COM)
    return territories.filter(level__in=levels) if levels else territories


def _ranked(territories: QuerySet[Territory], *first: Any) -> QuerySet[Territory]:
    """By ``first``, then level, then population, then name and code so that the order is one."""
    return territories.order_by(*first, _LEVEL_RANK, F("population").desc(nulls_last=True), "name", "code")


def _by_code(code: str, levels: Sequence[str] | None, limit: int) -> Found:
    """Postal code (from three digits on, its beginning), INSEE code, SIREN, or département number. Two queries.

    Five digits are first a postal code: 51300 is that of Vitry-le-François, and the INSEE code of Isle-sur-Marne.
    A région's code is left out: nobody knows it, and each is also a département's.
    """
    exact = code.upper().zfill(2)
    condition = Q(code=exact) | Q(siren=exact) if len(exact) == 9 else Q(code=exact)
    owners = _ranked(_territories(levels).filter(condition).exclude(level=Level.REGION))[:limit]
    if not 3 <= len(code) <= 5 or not code.isdigit() or (levels and Level.COMMUNE not in levels):
        return Found([Match(owner) for owner in owners])
    whole = len(code) == 5
    bound = POSTAL_LIMIT if whole else limit
    postal_codes = PostalCode.objects.filter(**{"code" if whole else "code__folded_prefix": code})
    communes = _ranked(
        Territory.objects.current()
        .select_related("region", "departement")
        .filter(pk__in=postal_codes.values("commune"))
    )[: bound + 1]
    matches = [Match(commune, f"code postal {code}" if whole else "") for commune in communes]
    more = len(matches) > bound
    served = {match.territory.pk for match in matches}
    owned = [Match(owner, f"code Insee {code}" if whole else "") for owner in owners if owner.pk not in served]
    return Found([*matches[:bound], *owned] if whole else [*owned, *matches][:limit], more)


def _by_postal_code_and_name(postal: str, words: list[str], levels: Sequence[str] | None) -> Found:
    """« 51300 Vitry »: the communes of a postal code whose name has every word. One query."""
    if levels and Level.COMMUNE not in levels:
        return Found([])
    communes = Territory.objects.current().select_related("region", "departement")
    communes = communes.filter(postal_codes__code=postal, level=Level.COMMUNE).filter(_every_word(words))
    return Found([Match(commune, f"code postal {postal}") for commune in _ranked(communes)[:POSTAL_LIMIT]])


def _every_word(words: Iterable[str]) -> Q:
    condition = Q()
    for word in words:
        condition &= Q(search_name__contains=word)
    return condition


def _nearness(name: str) -> Case:
    """0 the very name, 1 it begins so, 2 one of its words does, 3 elsewhere."""
    return Case(
        When(search_name=name, then=Value(0)),
        When(search_name__folded_prefix=name, then=Value(1)),
        When(search_name__contains=f" {name}", then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )


def _begins(words: list[str]) -> Q:
    """Names that begin so. The last word may be unfinished: « st » is then « saint » or « Strasbourg »."""
    condition = Q(search_name__folded_prefix=" ".join(words))
    short = {"saint": "st", "sainte": "ste"}.get(words[-1])
    if short:
        condition |= Q(search_name__folded_prefix=" ".join([*words[:-1], short]))
    return condition


def _by_name(words: list[str], levels: Sequence[str] | None, limit: int, *, departement: str | None = None) -> Found:
    """Prefix first (by the index); then, where there is room, the words anywhere; then former communes.

    At most three queries.
    """
    name = " ".join(words)
    territories = _territories(levels)
    aliases = TerritoryAlias.objects.filter(commune__ended_on=None)
    if departement:
        territories = territories.filter(departement__code=departement.upper())
        aliases = aliases.filter(commune__departement__code=departement.upper())
    found = list(_ranked(territories.filter(_begins(words)), _nearness(name))[: limit + 1])
    if len(found) <= limit and len(name) > 1:
        rest = territories.filter(_every_word(words)).exclude(pk__in=[territory.pk for territory in found])
        found += _ranked(rest, _nearness(name))[: limit + 1 - len(found)]
    matches = [Match(territory) for territory in found]
    if len(found) <= limit and len(name) > 1 and (not levels or Level.COMMUNE in levels):
        matches = _with_aliases(matches, aliases, words, name, limit)
    return Found(matches[:limit], more=len(matches) > limit)


def _with_aliases(
    matches: list[Match], aliases: QuerySet[TerritoryAlias], words: list[str], name: str, limit: int
) -> list[Match]:
    """``matches`` and the communes that a former or inner commune of that name leads to.

    The very name of one comes before names that merely contain the words.
    """
    shown = {match.territory.pk for match in matches}
    exact: list[Match] = []
    others: list[Match] = []
    rows = (
        aliases.filter(_every_word(words))
        .select_related("commune__region", "commune__departement")
        .order_by(_nearness(name), F("commune__population").desc(nulls_last=True), "name", "code")[: limit + 1]
    )
    for alias in rows:
        if alias.commune_id not in shown:
            shown.add(alias.commune_id)
            via = f"{alias.get_kind_display().lower()} {alias.name}"
            (exact if alias.search_name == name else others).append(Match(alias.commune, via))
    position = sum(match.territory.search_name == name for match in matches)
    return [*matches[:position], *exact, *matches[position:], *others]
