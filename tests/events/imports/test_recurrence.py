"""Recurrence rules against dateutil, on rules drawn at random; and what dateutil would never come back from."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.imports.expansion import Budget, expand
from events.imports.recurrence import Rule, RuleError

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
START = datetime(2026, 1, 1, 9, 30)  # noqa: DTZ001 - wall time
LONG_AGO = datetime(1990, 1, 1)  # noqa: DTZ001


def some(values: list, most: int = 3) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True).map(
        lambda chosen: ",".join(map(str, chosen))
    )


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A rule that yields before long, and that dateutil reads as RFC 5545 does."""
    frequency = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]))
    parts = [f"FREQ={frequency}"]

    def maybe(text: st.SearchStrategy[str], name: str) -> None:
        if draw(st.booleans()):
            parts.append(f"{name}={draw(text)}")

    maybe(st.integers(1, 4).map(str), "INTERVAL")
    maybe(some(list(range(1, 13)), 6), "BYMONTH")
    if frequency in ("YEARLY", "MONTHLY"):
        maybe(some([1, 2, 10, 15, 28, -1, -2]), "BYMONTHDAY")
        ordinals = [f"{number}{day}" for day in WEEKDAYS for number in (1, 2, 3, -1)]
        maybe(some(ordinals) if draw(st.booleans()) else some(WEEKDAYS, 5), "BYDAY")
    else:
        maybe(some(WEEKDAYS, 5), "BYDAY")
    maybe(some(list(range(24))), "BYHOUR")
    maybe(some([0, 15, 30, 45]), "BYMINUTE")
    maybe(st.sampled_from(WEEKDAYS), "WKST")
    # In the first week, dateutil counts positions from the start; RFC 5545 from the beginning of the week.
    if frequency != "WEEKLY" and any(part.startswith(("BYDAY", "BYMONTHDAY", "BYHOUR")) for part in parts):
        maybe(some([1, 2, -1], 2), "BYSETPOS")
    maybe(st.integers(1, 30).map(str), "COUNT")
    return ";".join(parts)


def theirs(rule: str, last: datetime) -> list[datetime]:
    found = []
    for wall in rrulestr(rule, dtstart=START):
        if wall > last or len(found) == 300:
            break
        found.append(wall)
    return found


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(rules())
def test_the_dates_are_those_of_dateutil(rule):
    last = START + timedelta(days=8 if "HOURLY" in rule else 500)
    # A rule that yields nothing for long is dateutil's trap: it is given an end far enough, not the whole calendar.
    bounded = rule if "COUNT" in rule else f"{rule};UNTIL={last:%Y%m%dT%H%M%S}"
    ours = expand(Rule.read(rule), START, START, last, most=300).walls
    if not ours:
        return
    assert ours == theirs(bounded, last)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31;COUNT=5",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=SECONDLY;BYHOUR=3;BYMINUTE=7;COUNT=1000000",
        "FREQ=MINUTELY;INTERVAL=7;BYSECOND=61,59",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366",
        "FREQ=YEARLY;BYHOUR=0,1,2,3,4,5,6;BYMINUTE=0,1,2,3,4,5;BYSECOND=0,1,2,3;BYDAY=MO;BYSETPOS=-1",
        "FREQ=DAILY;INTERVAL=999999999",
        "FREQ=HOURLY;INTERVAL=999999999",
    ],
)
def test_a_rule_takes_a_moment_whatever_it_says(rule):
    started = time.monotonic()
    found = expand(Rule.read(rule), START, START, START + timedelta(days=600), most=1000)
    assert len(found.walls) <= 1000
    assert time.monotonic() - started < 2


def test_all_the_rules_of_a_file_share_their_steps():
    budget = Budget(left=1000)
    rule = Rule.read("FREQ=DAILY;COUNT=100000")
    last = START + timedelta(days=20_000)
    assert expand(rule, START, START, last, most=5000, budget=budget).cut
    assert expand(rule, START, START, last, most=5000, budget=budget).walls == []


def test_without_a_count_a_rule_starts_near_the_dates_asked_for():
    budget = Budget(left=500)
    last = START + timedelta(hours=4)
    found = expand(Rule.read("FREQ=MINUTELY;INTERVAL=90"), LONG_AGO, START, last, most=9, budget=budget)
    assert [f"{wall:%H:%M}" for wall in found.walls] == ["10:30", "12:00", "13:30"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "règle illisible"),
        ("tous les jeudis", "règle illisible"),
        ("FREQ=", "fréquence absente"),
        ("FREQ=DAILY;BYMONTH=13", "BYMONTH=13 ne désigne aucune date"),
        ("FREQ=DAILY;UNTIL=demain", "fin « DEMAIN » illisible"),
        ("FREQ=DAILY;BYDAY=" + "MO," * 1000, "règle trop longue"),
    ],
)
def test_rules_that_cannot_be_read_say_why(text, reason):
    with pytest.raises(RuleError, match=reason):
        Rule.read(text)
