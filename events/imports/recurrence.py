"""Recurrence rules (RFC 5545 3.3.10): read with tolerance, expanded within bounds.

Not ``dateutil.rrule``: a rule that never yields (31 February, every second) keeps it inside one ``next()`` for
minutes, and nothing can stop it there. Here each step is counted, and a rule without COUNT starts near the dates asked
for. The tests compare both on thousands of rules.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

STEPS = 60_000  # Of one rule: periods, days and hours looked at.
FILE_STEPS = 5_000_000  # Of all the rules of a file: a few seconds.
_UNITS = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", *_UNITS)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LIMITS = {
    "BYMONTH": (1, 12, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYSETPOS": (1, 366, True),
    "BYHOUR": (0, 23, False),
    "BYMINUTE": (0, 59, False),
    "BYSECOND": (0, 60, False),
}


class RuleError(ValueError):
    """A rule that cannot be read; its text says why, in French."""


@dataclass(slots=True)
class Rule:
    """A rule as read. ``until`` is a wall time or, with ``until_utc``, UTC; ``notes`` say what was not understood."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    until_utc: bool = False
    until_date: bool = False
    week_start: int = 0
    weekdays: frozenset[int] = frozenset()
    nth_weekdays: frozenset[tuple[int, int]] = frozenset()
    parts: dict[str, frozenset[int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, value: str) -> Rule:
        """:raises RuleError: it cannot be read, or what is left of it would mean something else"""
        text = value.strip().strip(";").upper().removeprefix("RRULE:")
        if "=" not in text:
            text = _from_version_1(text)
        pairs = [(key.strip(), item.strip()) for key, _, item in (part.partition("=") for part in text.split(";"))]
        values = {key: item for key, item in pairs if key}
        frequency = values.pop("FREQ", "")
        if frequency not in FREQUENCIES:
            raise RuleError(f"fréquence « {frequency[:20]} » inconnue" if frequency else "fréquence absente")
        rule = cls(frequency)
        for key, item in values.items():
            rule._read_part(key, item)
        if rule.count is not None and rule.until is not None:
            rule.notes.append("COUNT et UNTIL ensemble : la première limite atteinte est prise")
        return rule

    def _read_part(self, key: str, item: str) -> None:
        if key == "INTERVAL":
            self.interval = _number(item)
            if self.interval < 1:
                self.interval = 1
                self.notes.append(f"INTERVAL={item[:20]} est lu comme 1")
        elif key == "COUNT":
            self.count = _number(item)
            if self.count < 1:
                raise RuleError(f"COUNT={item[:20]} n'est pas un nombre de dates")
        elif key == "UNTIL":
            self._read_until(item)
        elif key == "WKST":
            if item in DAYS:
                self.week_start = DAYS.index(item)
            else:
                self.notes.append(f"WKST={item[:20]} est ignoré")
        elif key == "BYDAY" or key == "BYWEEKDAY":
            self._read_days(item)
        elif key in _LIMITS:
            least, most, negative = _LIMITS[key]
            numbers = [_number(text, none=True) for text in item.split(",") if text.strip()]
            kept = {n for n in numbers if n is not None and (least <= n <= most or (negative and least <= -n <= most))}
            if not kept:
                raise RuleError(f"{key}={item[:30]} ne désigne aucune date")
            if len(kept) < len(set(numbers)):
                self.notes.append(f"{key}={item[:30]} est lu en partie")
            self.parts[key] = frozenset(kept)
        elif not key.startswith("X-") and (key, item) not in (("RSCALE", "GREGORIAN"), ("SKIP", "OMIT"), ("", "")):
            self.notes.append(f"{key[:20]} est ignoré")

    def _read_until(self, item: str) -> None:
        match = re.match(r"(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d):?(\d\d)?(Z|[+-]\d{4})?)?\Z", item)
        if not match:
            raise RuleError(f"fin « {item[:30]} » illisible")
        numbers = [int(group or 0) for group in match.groups()[:6]]
        try:
            day = datetime(*numbers[:3])  # type: ignore[arg-type]  # noqa: DTZ001
        except ValueError:
            raise RuleError(f"fin « {item[:30]} » qui n'existe pas") from None
        self.until = day + timedelta(hours=min(numbers[3], 24), minutes=numbers[4], seconds=numbers[5])
        self.until_utc, self.until_date = bool(match[7]), match[4] is None

    def _read_days(self, item: str) -> None:
        plain, nth, bad = set(), set(), False
        for text in item.split(","):
            match = re.match(r"\s*([+-]?\d{1,2})?\s*(MO|TU|WE|TH|FR|SA|SU)[A-Z]*\s*\Z", text)
            if not match or (match[1] and abs(int(match[1])) > 53):
                bad = bad or bool(text.strip())
            elif match[1] and int(match[1]) and self.frequency in ("MONTHLY", "YEARLY"):
                nth.add((DAYS.index(match[2]), int(match[1])))
            else:
                plain.add(DAYS.index(match[2]))
        if not plain and not nth:
            raise RuleError(f"BYDAY={item[:30]} ne désigne aucun jour")
        if bad:
            self.notes.append(f"BYDAY={item[:30]} est lu en partie")
        self.weekdays, self.nth_weekdays = frozenset(plain), frozenset(nth)


def _number(text: str, none: bool = False) -> int:
    if re.match(r"\s*[+-]?\d{1,9}\s*\Z", text):
        return int(text)
    if none:
        return None  # type: ignore[return-value]
    return 0


def _from_version_1(text: str) -> str:
    """A rule of vCalendar 1.0 (« W2 MO TH #10 », « MP1 1+ TU #0 ») in today's words."""
    words = text.split()
    match = re.match(r"(D|W|MP|MD|YM|YD)(\d{1,3})\Z", words[0]) if words else None
    if not match:
        raise RuleError("règle illisible")
    frequency = {"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY"}[match[1][0]]
    parts, items, nth = [f"FREQ={frequency}", f"INTERVAL={match[2]}"], [], [""]
    for word in words[1:]:
        if re.match(r"#\d+\Z", word):
            parts += [f"COUNT={int(word[1:])}"] if int(word[1:]) else []
        elif re.match(r"\d{8}(T\d{6}Z?)?\Z", word):
            parts.append(f"UNTIL={word}")
        elif match[1] == "MP" and re.match(r"\d[+-]?\Z", word):
            nth = [f"-{word[0]}" if word.endswith("-") else word[0]]
        else:
            items.append(f"{nth[0]}{word}" if match[1] == "MP" else word.removesuffix("+"))
    by = {"W": "BYDAY", "MP": "BYDAY", "MD": "BYMONTHDAY", "YM": "BYMONTH", "YD": "BYYEARDAY"}.get(match[1])
    if items and by:
        parts.append(f"{by}={','.join(items)}")
    if "#" not in text and not any(part.startswith("UNTIL") for part in parts):
        parts.append("COUNT=2")  # « If there is no duration, it is 2 »: section 2 of the specification.
    return ";".join(parts)


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

    ``start`` is always the first, and counts, whether or not the rule names it (RFC 5545 3.8.5.3). ``until`` is the
    rule's, in wall time. ``budget`` is what the file has left of steps.
    """
    found: list[datetime] = []
    last = min(before, until) if until else before
    counted = 0
    try:
        for wall in _walls(rule, start, after if rule.count is None else start, last, _Steps(budget)):
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


def _walls(rule: Rule, start: datetime, after: datetime, last: datetime, steps: _Steps) -> Iterator[datetime]:
    """The start, then what follows it; those well before ``after`` or after ``last`` are left out."""
    yield start
    made = _frequent if rule.frequency in _UNITS else _by_days
    for wall in made(rule, start, after, last, steps):
        if wall > start:
            yield wall


class Budget:
    """The steps that all the rules of a file may take together."""

    __slots__ = ("left",)

    def __init__(self, left: int = FILE_STEPS) -> None:
        self.left = left


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
        if positions:
            whole = [datetime.combine(day, datetime.min.time()) + at for day in kept for at in times]
            yield from (whole[i] for i in sorted({n - 1 if n > 0 else len(whole) + n for n in positions})
                        if 0 <= i < len(whole))  # fmt: skip
        else:
            for day in kept:
                midnight = datetime.combine(day, datetime.min.time())
                for at in times:
                    yield midnight + at


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
