"""Territories named by a search: « Vaucluse », « 84 », « 40100 » lead to a space."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Q

from portal.territories.enums import Level
from portal.territories.models import Space, Territory
from portal.territories.text import fold

MAX_MATCHES = 4
_CODE = re.compile(r"^(?:\d{1,5}|\d{9}|2[ab]\d{0,3})$", re.IGNORECASE)


@dataclass(frozen=True)
class TerritoryMatch:
    """A territory that was named, and the nearest open space for it: its own, or one that contains it."""

    territory: Territory
    space: Space

    @property
    def is_own(self) -> bool:
        return self.space.territory_id == self.territory.pk


def territory_matches(words: str) -> list[TerritoryMatch]:
    """At most :data:`MAX_MATCHES` territories of that very name, code or postal code. No query, or two."""
    words = words.strip()
    name = fold(words)
    condition = Q(search_name=name) if len(name) > 1 else Q(pk=None)
    if _CODE.match(words):
        condition |= Q(code=words.upper()) | Q(postal_codes__code=words)
    elif len(name) < 2:
        return []
    territories = list(
        Territory.objects.current()
        .filter(condition)
        .exclude(level=Level.NATION)
        .distinct()
        .select_related("departement")
        .order_by("level", "code")[:50]
    )
    territories.sort(key=lambda territory: (Level(territory.level).rank, -(territory.population or 0)))
    territories = territories[:MAX_MATCHES]
    nearest: dict[int, Space] = {}
    if territories:
        spaces = (
            Space.objects.filter(closed_at=None, territory__descendant_links__descendant__in=territories)
            .exclude(territory__level=Level.NATION)
            .select_related("territory", "page")
            .extra(select={"for_territory": "territories_territorylink.descendant_id"})
        )
        for space in sorted(spaces, key=lambda space: (Level(space.territory.level).rank, space.pk)):
            nearest[space.for_territory] = space  # The deepest comes last.
    return [TerritoryMatch(item, nearest[item.pk]) for item in territories if item.pk in nearest]
