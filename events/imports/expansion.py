"""Dates of a recurrence rule, within bounds.

Not ``dateutil.rrule``: a rule that never yields (31 February, every second) keeps it inside one ``next()`` for
minutes, and nothing can stop it there. Here each step is counted, and a rule without COUNT starts near the dates asked
for. The tests compare both on many rules.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .recurrence import Rule

STEPS = 60_000  # Of one rule: periods, days and hours looked at.
FILE_STEPS = 3_000_000  # Of all the rules of a file: a few seconds.
_UNITS = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}


@dataclass(slots=True)
class Expansion:
    """Wall times, in order. ``cut``: there are more, or there may be: bounds were reached."""

    walls: list[datetime]
    cut: bool = False


class _ExhaustedError(Exception):
    """The rule took all the steps it may."""


def expand(
    rule: Rule,
    start: datetime,
    after: datetime,
    before: datetime,
    *,
    most: int,
    until: datetime | None = None,
    budget: Budget | None = None,
) -> Expansion:
    """The wall times of ``rule`` from ``after`` to ``before``, both included, at most ``most``.

    ``start`` is among them, and counts, when the rule names it. ``until`` is the rule's, in wall time. ``budget`` is
    what the file has left of steps.
    """
    found: list[datetime] = []
    last = min(before, until) if until else before
    counted = 0
    walls = _frequent if rule.frequency in _UNITS else _by_days
    try:
        for wall in walls(rule, start, after if rule.count is None else start, last, _Steps(budget)):
            if wall < start:
                continue
            if wall > last:
                break
            counted += 1
            if wall >= after:
                if len(found) >= most:
                    return Expansion(found, cut=True)
                found.append(wall)
            if rule.count is not None and counted >= rule.count:
                break
    except _ExhaustedError:
        return Expansion(found, cut=True)
    except OverflowError:
        pass
    return Expansion(found)


class Budget:
    """The steps that all the rules of a file may take together, and how many zones of its own it may have."""

    __slots__ = ("left", "zones")

    def __init__(self, left: int = FILE_STEPS) -> None:
        self.left = left
        self.zones = 100


class _Steps:
    """The steps of one rule: counted, so that what is read of a file never depends on the machine's speed."""

    __slots__ = ("budget", "left")

    def __init__(self, budget: Budget | None) -> None:
        self.budget = budget or Budget()
        self.left = STEPS

    def take(self, number: int = 1) -> None:
        self.left -= number
        self.budget.left -= number
        if self.left < 0 or self.budget.left < 0:
            raise _ExhaustedError


def _by_days(rule: Rule, start: datetime, after: datetime, last: datetime, steps: _Steps) -> Iterator[datetime]:
    times = [
        timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
        for hour in sorted(rule.parts.get("BYHOUR", [start.hour]))
        for minute in sorted(rule.parts.get("BYMINUTE", [start.minute]))
        for second in sorted(rule.parts.get("BYSECOND", [start.second]))
    ]
    positions = rule.parts.get("BYSETPOS")
    matches = _DayFilter(rule, start)
    for days in _periods(rule, start, max(start, after)):
        steps.take(1 + len(days) // 8)
        if days and days[0] > last.date():
            return
        kept = [day for day in days if matches(day)]
        steps.take(len(kept) * len(times) // 8)
        if positions:
            # Not a list of all the times of the period: a year may have thirty million.
            length = len(kept) * len(times)
            wanted = sorted({number - 1 if number > 0 else length + number for number in positions})
            chosen = ((kept[at // len(times)], times[at % len(times)]) for at in wanted if 0 <= at < length)
        else:
            chosen = ((day, time) for day in kept for time in times)
        for day, time in chosen:
            yield datetime.combine(day, datetime.min.time()) + time


def _periods(rule: Rule, start: datetime, after: datetime) -> Iterator[list[date]]:
    """The days of each year, month, week or day of the rule, from the one of ``start`` on or from just before
    ``after`` when that is later."""
    first, step = start.date(), rule.interval
    if rule.frequency == "YEARLY":
        year = first.year + max(0, (after.year - 1 - first.year) // step) * step
        months = sorted(rule.parts.get("BYMONTH", ())) if not _whole_year(rule) else []
        while year < 9999:
            if months:
                yield [date(year, m, d) for m in months for d in range(1, monthrange(year, m)[1] + 1)]
            elif not _whole_year(rule) and not rule.parts.keys() & {"BYMONTHDAY"}:
                leap = (first.month, first.day) == (2, 29) and not isleap(year)
                yield [] if leap else [date(year, first.month, first.day)]
            else:
                day = date(year, 1, 1)
                yield [day + timedelta(days=n) for n in range(366 if isleap(year) else 365)]
            year += step
    elif rule.frequency == "MONTHLY":
        month = first.year * 12 + first.month - 1
        month += max(0, (after.year * 12 + after.month - 2 - month) // step) * step
        while month < 9999 * 12:
            year, at = month // 12, month % 12 + 1
            yield [date(year, at, d) for d in range(1, monthrange(year, at)[1] + 1)]
            month += step
    else:
        length = 7 if rule.frequency == "WEEKLY" else 1
        if length == 7:
            first -= timedelta(days=(first.weekday() - rule.week_start) % 7)
        step *= length
        first += timedelta(days=max(0, ((after.date() - first).days - length) // step) * step)
        while True:
            yield [first + timedelta(days=n) for n in range(length)]
            first += timedelta(days=step)


def _whole_year(rule: Rule) -> bool:
    """Whether any day of the year may match a yearly rule: its BYMONTH and the month of its start do not say all."""
    if rule.parts.keys() & {"BYYEARDAY", "BYWEEKNO"}:
        return True
    return bool(rule.weekdays or rule.nth_weekdays) and "BYMONTH" not in rule.parts


class _DayFilter:
    """Whether a day of a period is one of the rule's (the table of RFC 5545 3.3.10)."""

    def __init__(self, rule: Rule, start: datetime) -> None:
        parts = rule.parts
        self.months = parts.get("BYMONTH")
        self.month_days = parts.get("BYMONTHDAY")
        self.year_days = parts.get("BYYEARDAY") if rule.frequency not in ("MONTHLY", "WEEKLY", "DAILY") else None
        self.weeks = parts.get("BYWEEKNO") if rule.frequency == "YEARLY" else None
        self.weekdays = rule.weekdays
        # With week numbers, an nth weekday has no sense: it is that weekday.
        self.nth = rule.nth_weekdays if not self.weeks else frozenset()
        if self.weeks and rule.nth_weekdays:
            self.weekdays |= {weekday for weekday, _ in rule.nth_weekdays}
        self.in_month = rule.frequency == "MONTHLY" or self.months is not None
        self.week_start = rule.week_start
        any_day = self.weekdays or self.nth or self.month_days or self.year_days
        if rule.frequency in ("YEARLY", "MONTHLY") and not any_day:
            if self.weeks:
                self.weekdays = frozenset({start.weekday()})
            else:
                self.month_days = frozenset({start.day})
                if rule.frequency == "YEARLY" and self.months is None:
                    self.months = frozenset({start.month})
        elif rule.frequency == "WEEKLY" and not self.weekdays:
            self.weekdays = frozenset({start.weekday()})

    def __call__(self, day: date) -> bool:
        if self.months is not None and day.month not in self.months:
            return False
        if self.weekdays or self.nth:
            weekday = day.weekday()
            if weekday not in self.weekdays and not self._is_nth(day, weekday):
                return False
        if self.month_days is not None:
            length = monthrange(day.year, day.month)[1]
            if day.day not in self.month_days and day.day - length - 1 not in self.month_days:
                return False
        if self.year_days is not None:
            number, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
            if number not in self.year_days and number - length - 1 not in self.year_days:
                return False
        return self.weeks is None or bool(self.weeks & set(self._week(day)))

    def _is_nth(self, day: date, weekday: int) -> bool:
        if not self.nth:
            return False
        if self.in_month:
            number, length = day.day, monthrange(day.year, day.month)[1]
        else:
            number, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
        return (weekday, (number - 1) // 7 + 1) in self.nth or (weekday, -((length - number) // 7 + 1)) in self.nth

    def _week(self, day: date) -> tuple[int, int]:
        """The number of its week, from the start and from the end of the year the week belongs to."""
        middle = day - timedelta(days=(day.weekday() - self.week_start) % 7) + timedelta(days=3)
        number = (middle.timetuple().tm_yday - 1) // 7 + 1
        last = (365 + isleap(middle.year) - middle.timetuple().tm_yday) // 7 + number
        return number, number - last - 1


def _frequent(rule: Rule, start: datetime, after: datetime, last: datetime, steps: _Steps) -> Iterator[datetime]:
    """Rules by hour, minute or second. Days, hours and minutes that cannot match are leapt over."""
    unit = _UNITS[rule.frequency]
    step = timedelta(seconds=unit * rule.interval)
    matches = _DayFilter(rule, start)
    hours, minutes, seconds = (rule.parts.get(key) for key in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    inside_minutes = sorted(minutes or [start.minute]) if unit == 3600 else None
    inside_seconds = sorted(seconds or [start.second]) if unit >= 60 else None
    positions = rule.parts.get("BYSETPOS")
    # The beginning of the hour, the minute or the second it starts in.
    now = start.replace(minute=0 if unit == 3600 else start.minute, second=0 if unit >= 60 else start.second)
    if after > now:
        now += max(0, (after - now) // step - 1) * step
    while now <= last:
        steps.take()
        leap: datetime | None = None
        if not matches(now.date()):
            leap = datetime.combine(now.date() + timedelta(days=1), datetime.min.time())
        elif hours is not None and now.hour not in hours:
            leap = now.replace(minute=0, second=0) + timedelta(hours=1)
        elif unit < 3600 and minutes is not None and now.minute not in minutes:
            leap = now.replace(second=0) + timedelta(minutes=1)
        elif unit == 1 and seconds is not None and now.second not in seconds:
            leap = now + timedelta(seconds=1)
        if leap:
            now += max(1, -((now - leap) // step)) * step
            continue
        steps.take(len(inside_minutes or [0]) * len(inside_seconds or [0]) // 8)
        made = [
            now + timedelta(minutes=minute if inside_minutes else 0, seconds=min(second, 59) if inside_seconds else 0)
            for minute in inside_minutes or [0]
            for second in inside_seconds or [0]
        ]
        if positions:
            made = [
                made[i] for i in sorted({n - 1 if n > 0 else len(made) + n for n in positions}) if 0 <= i < len(made)
            ]
        yield from made
        now += step
