"""Where the pages of a selection come from, seen from a territory."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from portal.core.models import PageFact
from portal.territories.enums import Level
from portal.territories.models import Territory, TerritoryLink

from .blocks import Scope


def within(facts: QuerySet[PageFact], territory: Territory, scope: str) -> QuerySet[PageFact]:
    """``facts`` that lie inside ``territory``, come from above it, or both. No query of its own.

    What bears no territory is the whole country's. Seen from the nation everything is inside.
    """
    inside = TerritoryLink.objects.filter(ancestor=territory).values("descendant")
    above = TerritoryLink.objects.filter(descendant=territory).exclude(ancestor=territory).values("ancestor")
    is_nation = territory.level == Level.NATION
    here = Q(territory__in=inside) | (Q(territory=None) if is_nation else Q())
    over = Q(territory__in=above) | (Q() if is_nation else Q(territory=None))
    wanted = {Scope.ABOVE: over, Scope.BOTH: here | over}.get(scope, here)
    return facts.filter(wanted)
