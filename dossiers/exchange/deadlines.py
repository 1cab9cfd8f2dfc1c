"""When a delay ends: the last second of its day, where the territory's clocks are."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

from portal.territories.models import Territory

LAST_SECOND = dt.time(23, 59, 59)


def due_moment(territory: Territory, day: dt.date) -> dt.datetime:
    """23:59:59 of ``day`` in the territory's own zone; aware, in UTC."""
    return dt.datetime.combine(day, LAST_SECOND, ZoneInfo(territory.time_zone)).astimezone(dt.UTC)


def local_day(territory: Territory, moment: dt.datetime | None = None) -> dt.date:
    """The day that the territory's calendars show at ``moment`` (now)."""
    return (moment or timezone.now()).astimezone(ZoneInfo(territory.time_zone)).date()
