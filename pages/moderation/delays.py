"""Measures of delay: from the day a page was submitted to its decision, by space and by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from portal.territories.models import Space

from .rights import reviews_for

PERIODS = (3, 6, 12)  # months
MOST_ROWS = 100_000


@dataclass(frozen=True)
class Delay:
    """The delays of a group, in hours; ``late`` is the share decided after three working days, in percent."""

    label: str
    count: int
    median: float
    p90: float
    late: int


def quantile(values: list[float], share: float) -> float:
    """The value that ``share`` of ``values`` (sorted, not empty) do not exceed: the nearest rank."""
    rank = max(1, -(-len(values) * round(share * 100) // 100))
    return values[rank - 1]


def measure(label: str, rows: Iterable[tuple[dt.datetime, dt.datetime, dt.datetime | None]]) -> Delay:
    """Of (submitted, decided, due) in any order, at least one."""
    rows = list(rows)
    hours = sorted((decided - submitted).total_seconds() / 3600 for submitted, decided, _ in rows)
    late = sum(1 for _, decided, due in rows if due is not None and decided > due)
    return Delay(label, len(rows), quantile(hours, 0.5), quantile(hours, 0.9), round(100 * late / len(rows)))


@dataclass(frozen=True)
class Delays:
    total: Delay | None
    months: list[Delay]
    spaces: list[Delay]


def delays_for(user: Any, *, months: int, space: Space | None = None, now: dt.datetime | None = None) -> Delays:
    """What was decided in the last ``months`` months where ``user`` reviews. Two queries."""
    now = now or timezone.now()
    since = now - dt.timedelta(days=round(months * 30.44))
    found = reviews_for(user).filter(decided_at__gte=since, decided_by__isnull=False).order_by("decided_at")
    if space is not None:
        found = found.filter(space=space)
    rows = found.values_list("submitted_at", "decided_at", "due_at", "space_id")[:MOST_ROWS]
    by_month: dict[str, list[Any]] = {}
    by_space: dict[int, list[Any]] = {}
    for submitted, decided, due, space_id in rows:
        assert decided is not None
        by_month.setdefault(timezone.localtime(decided).strftime("%Y-%m"), []).append((submitted, decided, due))
        by_space.setdefault(space_id, []).append((submitted, decided, due))
    names = {each.pk: str(each) for each in Space.objects.filter(pk__in=by_space).select_related("territory")}
    every = [row for group in by_month.values() for row in group]
    return Delays(
        total=measure("Ensemble", every) if every else None,
        months=[measure(month, group) for month, group in sorted(by_month.items())],
        spaces=sorted((measure(names[pk], group) for pk, group in by_space.items()), key=lambda one: one.label),
    )
