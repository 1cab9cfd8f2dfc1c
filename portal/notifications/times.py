"""When a digest leaves: at seven in the morning where the person is, every day or on Mondays."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from portal.accounts.models import User

from .enums import Frequency

HOUR = 7
METROPOLE = "Europe/Paris"


def zone_of(person: User) -> ZoneInfo:
    """The zone of the person's own territory; the metropole's where they gave none."""
    return ZoneInfo(person.territory.time_zone if person.territory else METROPOLE)


def next_digest(person: User, frequency: str, now: dt.datetime) -> dt.datetime:
    """The next moment, strictly after ``now``, that the person's digest leaves (aware, in UTC).

    The hour is the wall clock's: it stays seven across a change to summer time.
    """
    zone = zone_of(person)
    day = now.astimezone(zone).date()
    while True:
        moment = dt.datetime.combine(day, dt.time(HOUR), zone)
        if moment > now and (frequency == Frequency.DAILY or day.weekday() == 0):
            return moment.astimezone(dt.UTC)
        day += dt.timedelta(days=1)
