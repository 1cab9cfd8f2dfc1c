"""Working days of French administrations: Monday to Friday, less the public holidays of the whole country.

Holidays are those of article L3133-1 of the Code du travail. Those of the Moselle and of Alsace (Good Friday, 26
December: L3134-13) and the days of the abolition of slavery overseas (L3422-2) are counted as working days: a reminder
one day early does no harm.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension Day, Whit Monday.


def easter(year: int) -> dt.date:
    """Easter Sunday in the Gregorian calendar (the anonymous algorithm of Nature, 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    ll = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * ll) // 451
    month, day = divmod(h + ll - 7 * m + 114, 31)
    return dt.date(year, month, day + 1)


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[dt.date]:
    """The eleven public holidays of a year."""
    sunday = easter(year)
    movable = (sunday + dt.timedelta(days=days) for days in AFTER_EASTER)
    return frozenset([*(dt.date(year, month, day) for month, day in FIXED), *movable])


def is_working_day(day: dt.date) -> bool:
    return day.weekday() < 5 and day not in holidays(day.year)


def after_working_days(start: dt.datetime, count: int, zone: str) -> dt.datetime:
    """``count`` working days after ``start`` (aware), counted where ``zone`` (IANA name) is.

    At the same hour of the day; what comes in on a day off counts from the next working day's first minute.
    """
    where = ZoneInfo(zone)
    local = start.astimezone(where)
    day, hour = local.date(), local.timetz().replace(tzinfo=None)
    if not is_working_day(day):
        hour = dt.time()
        while not is_working_day(day):
            day += dt.timedelta(days=1)
    for _ in range(count):
        day += dt.timedelta(days=1)
        while not is_working_day(day):
            day += dt.timedelta(days=1)
    return dt.datetime.combine(day, hour, tzinfo=where)
