"""Dates that come back: a rule expanded to days, as RFC 5545 text, and in words. Pure: no database, no request."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from dateutil.rrule import MONTHLY, WEEKLY, rrule
from dateutil.rrule import weekday as rrule_weekday

from . import rules
from .enums import Frequency, Mode, Weekday
from .holidays import is_public_holiday
from .text import day_text, hour_text

if TYPE_CHECKING:
    from .models import EventRule

#: How far ahead dates of a rule exist, in days: eighteen months.
HORIZON_DAYS = 549
#: What one rule may be asked for, and what one page may hold of dates.
MOST_OF_A_RULE = 400
MOST_OF_A_PAGE = 1_000
# Every rule yields at least every few years (29 February of a leap year), or never: looked at no further.
_MOST_CANDIDATES = 5_000

_WEEKDAYS = list(Weekday.values)
_DAY = r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"
_LINE = re.compile(rf"^\s*(?:du\s+)?{_DAY}(?:\s*(?:-|–|—|au|à)\s*{_DAY})?\s*$", re.IGNORECASE)
MOST_SPAN = 366


def key_of(rule_key: uuid.UUID, day: date) -> uuid.UUID:
    """The key of the date a rule gives on ``day``: always the same, so that its occurrence keeps its identity."""
    return uuid.uuid5(rule_key, day.isoformat())


def horizon(today: date) -> date:
    return today + timedelta(days=HORIZON_DAYS)


def parse_days(text: str) -> tuple[set[date], list[str]]:
    """The days of a text, one or a span a line (« 24/12/2026 », « du 19/12/2026 au 4/1/2027 »), and what is wrong."""
    days: set[date] = set()
    errors: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = _LINE.match(line)
        try:
            if found is None:
                raise ValueError
            first = date(int(found[3]), int(found[2]), int(found[1]))
            last = date(int(found[6]), int(found[5]), int(found[4])) if found[4] else first
        except ValueError:
            errors.append(f"Ligne {number} : « {line.strip()[:40]} » n’est pas un jour (« 24/12/2026 »).")
            continue
        if not 0 <= (last - first).days <= MOST_SPAN:
            errors.append(f"Ligne {number} : la période doit finir après son début, et durer un an au plus.")
            continue
        days |= {first + timedelta(days=offset) for offset in range((last - first).days + 1)}
    return days, errors


def weekdays_of(rule: EventRule) -> list[str]:
    """The days of the week it falls on, Monday first; that of its start where none is chosen."""
    chosen = {day for day in rule.weekdays.split(",") if day in Weekday.values}
    return sorted(chosen, key=_WEEKDAYS.index) or [_WEEKDAYS[rule.start_date.weekday()]]


def _candidates(rule: EventRule) -> Iterator[date]:
    """The days of the rule in order, exclusions not yet taken out, without end."""
    start = datetime.combine(rule.start_date, datetime.min.time())
    interval = max(1, rule.interval or 1)
    if rule.frequency == Frequency.WEEKLY:
        days = [_WEEKDAYS.index(day) for day in weekdays_of(rule)]
        found = rrule(WEEKLY, dtstart=start, interval=interval, byweekday=days)
    elif rule.frequency == Frequency.MONTHLY_DAY:
        found = rrule(MONTHLY, dtstart=start, interval=interval, bymonthday=rule.start_date.day)
    else:
        days = [rrule_weekday(_WEEKDAYS.index(day), rule.nth or 1) for day in weekdays_of(rule)]
        found = rrule(MONTHLY, dtstart=start, interval=interval, byweekday=days)
    return (moment.date() for moment in islice(found, _MOST_CANDIDATES))


def regular(rule: EventRule, *, until: date, departement: str = "") -> tuple[list[date], list[date]]:
    """The days the rule is held, and those it leaves out (holidays, excluded days) among them, up to ``until``.

    ``count`` counts the days held. At most :data:`MOST_OF_A_PAGE` days.
    """
    last = min(until, rule.until) if rule.until else until
    excluded, _ = parse_days(rule.excluded)
    held: list[date] = []
    left: list[date] = []
    for day in _candidates(rule):
        if day > last or len(held) >= (rule.count or MOST_OF_A_PAGE):
            break
        off = day in excluded or (rule.skip_holidays and is_public_holiday(day, departement))
        (left if off else held).append(day)
    return held, left


def expand(rule: EventRule, *, until: date, departement: str = "") -> list[date]:
    """The days the rule is held, in order, up to ``until``."""
    return regular(rule, until=until, departement=departement)[0]


def rrule_text(rule: EventRule, *, last: date, zone: str) -> str:
    """The rule as an RRULE value that ends on ``last``, in UTC where the rule has hours (RFC 5545 3.3.10)."""
    parts = [f"FREQ={'WEEKLY' if rule.frequency == Frequency.WEEKLY else 'MONTHLY'}"]
    if rule.start_time is None:
        parts.append(f"UNTIL={last:%Y%m%d}")
    else:
        parts.append(f"UNTIL={rules.to_utc(last, rule.start_time, zone).astimezone(UTC):%Y%m%dT%H%M%SZ}")
    if (rule.interval or 1) > 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.frequency == Frequency.WEEKLY:
        parts.append("BYDAY=" + ",".join(weekdays_of(rule)))
        parts.append("WKST=MO")
    elif rule.frequency == Frequency.MONTHLY_DAY:
        parts.append(f"BYMONTHDAY={rule.start_date.day}")
    else:
        parts.append("BYDAY=" + ",".join(f"{rule.nth or 1}{day}" for day in weekdays_of(rule)))
    return ";".join(parts)


def all_in_words(rules: Iterable[EventRule], mode: str = "") -> list[str]:
    """Each rule in words, with the way of taking part where rules differ in it; ``mode`` is the event's own."""
    told = list(rules)
    if len({rule.mode or mode for rule in told}) < 2:
        return [in_words(rule) for rule in told]
    return [f"{Mode(rule.mode or mode).label}\u00a0: {uncapitalised(in_words(rule))}" for rule in told]


def uncapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]


def in_words(rule: EventRule) -> str:
    """« Chaque jeudi, de 9 h à 12 h, jusqu’au jeudi 24 juin 2027, sauf les jours fériés »."""
    names = [Weekday(day).label.lower() for day in weekdays_of(rule)]
    days = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"
    every = rule.interval or 1
    if rule.frequency == Frequency.WEEKLY:
        text = f"Chaque {days}" if every == 1 else f"Le {days}, une semaine sur {every}"
    else:
        month = "chaque mois" if every == 1 else f"un mois sur {every}"
        if rule.frequency == Frequency.MONTHLY_DAY:
            text = f"Le {'1er' if rule.start_date.day == 1 else rule.start_date.day} de {month}"
        else:
            rank = {1: "premier", 2: "deuxième", 3: "troisième", 4: "quatrième", -1: "dernier"}[rule.nth or 1]
            text = f"Le {rank} {days} de {month}"
    if rule.start_time and rule.end_time:
        text += f", de {hour_text(rule.start_time)} à {hour_text(rule.end_time)}"
    if rule.until:
        text += f", jusqu’au {day_text(rule.until)}"
    elif rule.count:
        text += f", {rule.count} date{'s' if rule.count > 1 else ''}"
    if rule.skip_holidays:
        text += ", sauf les jours fériés"
    return text
