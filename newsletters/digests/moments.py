"""When a digest is due, in its territory's own hour. No database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..enums import DigestRhythm
from ..models import Digest


def next_moment(digest: Digest, after: datetime) -> datetime:
    """The first moment of ``digest`` that is later than ``after``, in UTC. An hour that the change to summer time skips
    is the one that follows it; one that comes twice is the first.
    """
    zone = ZoneInfo(digest.territory.time_zone)
    day = after.astimezone(zone).date()
    if digest.rhythm == DigestRhythm.WEEKLY:
        day += timedelta(days=(digest.weekday - day.weekday()) % 7)
        found = _at(day, digest.hour, zone)
        return found if found > after else _at(day + timedelta(days=7), digest.hour, zone)
    day = day.replace(day=digest.month_day)
    found = _at(day, digest.hour, zone)
    if found > after:
        return found
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=digest.month_day)
    return _at(following, digest.hour, zone)


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    # In UTC at once: moments of one zone are compared by their clock, not by their order.
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
