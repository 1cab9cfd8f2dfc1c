"""Territories beside each other: what their sendings of the last year became, from the sums kept of each."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Sum
from django.utils import timezone

from portal.territories.models import Territory

from .. import access
from ..models import CampaignSummary, Click
from .figures import COLUMNS, Figures

PERIOD = dt.timedelta(days=365)


@dataclass
class TerritoryFigures:
    territory: Territory
    campaigns: int
    figures: Figures
    clicks: int

    @property
    def clicks_each(self) -> float | None:
        """Clicks for a hundred copies sent."""
        return 100 * self.clicks / self.figures.accepted if self.figures.accepted else None


def territories_of(user: Any, now: dt.datetime | None = None) -> tuple[list[TerritoryFigures], dt.datetime | None]:
    """The territories whose sendings ``user`` sees, who sent most first; and when the sums were last made.

    Three queries, whatever the number of sendings. Sums of recent sendings are an hour old at the most.
    """
    since = (now or timezone.now()) - PERIOD
    mine = access.visible_campaigns(user).filter(started_at__gte=since).order_by().values("pk")
    sums: dict[str, Any] = {name: Sum(name) for name in COLUMNS}
    rows = list(
        CampaignSummary.objects.filter(campaign__in=mine)
        .order_by()
        .values("campaign__territory")
        .annotate(campaigns=Count("campaign", distinct=True), made=Max("made_at"), **sums)
    )
    clicks = Counter(
        dict(
            Click.objects.filter(link__campaign__in=mine, machine=False)
            .order_by()
            .values("link__campaign__territory")
            .annotate(number=Count("pk"))
            .values_list("link__campaign__territory", "number")
        )
    )
    named = Territory.objects.in_bulk([row["campaign__territory"] for row in rows])
    found = [
        TerritoryFigures(
            named[row["campaign__territory"]],
            row["campaigns"],
            Figures(**{name: row[name] for name in COLUMNS}),
            clicks[row["campaign__territory"]],
        )
        for row in rows
    ]
    found.sort(key=lambda one: (-one.figures.accepted, one.territory.name, one.territory.pk))
    return found, max((row["made"] for row in rows), default=None)
