"""A rule, as days, as RFC 5545 text, in words."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from events import series
from events.holidays import public_holidays
from events.models import EventRule

UNTIL = date(2028, 6, 30)


def rule(**fields) -> EventRule:
    fields = {"start_date": date(2026, 11, 26), "start_time": time(9), "end_time": time(12)} | fields
    return EventRule(**fields)


def test_every_thursday_until_june_except_holidays():
    one = rule(until=date(2027, 6, 24), skip_holidays=True)
    days = series.expand(one, until=UNTIL)
    assert {day.weekday() for day in days} == {3}
    assert days[0] == date(2026, 11, 26)
    assert days[-1] == date(2027, 6, 24)
    assert date(2027, 5, 6) not in days, "l'Ascension"
    assert len(days) == 30
    assert series.in_words(one) == (
        "Chaque jeudi, de 9\u00a0h à 12\u00a0h, jusqu’au jeudi 24 juin 2027, sauf les jours fériés"
    )


def test_local_holidays_are_left_out():
    one = rule(start_date=date(2027, 3, 26), until=date(2027, 3, 26), skip_holidays=True)
    assert series.expand(one, until=UNTIL) == [date(2027, 3, 26)]
    assert series.expand(one, until=UNTIL, departement="67") == [], "Vendredi saint en Alsace"
    assert date(2027, 12, 20) in public_holidays(2027, "974")
    assert date(2027, 12, 20) not in public_holidays(2027, "40")
    assert len(public_holidays(2026)) == 11


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"interval": 2, "count": 3}, ["2026-11-26", "2026-12-10", "2026-12-24"]),
        ({"weekdays": "MO,TH", "count": 3}, ["2026-11-26", "2026-11-30", "2026-12-03"]),
        ({"frequency": "monthly_day", "start_date": date(2027, 1, 31), "count": 2}, ["2027-01-31", "2027-03-31"]),
        ({"frequency": "monthly_nth", "weekdays": "TH", "nth": 2, "count": 2}, ["2026-12-10", "2027-01-14"]),
        ({"frequency": "monthly_nth", "weekdays": "FR", "nth": -1, "count": 2}, ["2026-11-27", "2026-12-25"]),
        ({"count": 2, "excluded": "03/12/2026\ndu 10/12/2026 au 23/12/2026"}, ["2026-11-26", "2026-12-24"]),
    ],
)  # fmt: skip
def test_days_of_a_rule(fields, expected):
    assert [day.isoformat() for day in series.expand(rule(**fields), until=UNTIL)] == expected


def test_a_rule_without_end_stops_at_the_horizon():
    days = series.expand(rule(weekdays="MO,TU,WE,TH,FR,SA,SU"), until=date(2026, 12, 31))
    assert days[-1] == date(2026, 12, 31)
    assert len(series.expand(rule(weekdays="MO,TU,WE,TH,FR,SA,SU"), until=date(2099, 1, 1))) == series.MOST_OF_A_PAGE


def test_a_rule_that_never_falls_ends():
    excluded = "\n".join(f"01/01/{year} - 31/12/{year}" for year in range(2026, 2036))
    assert series.expand(rule(excluded=excluded, count=5), until=date(2035, 1, 1)) == []


@pytest.mark.parametrize(
    ("text", "days", "wrong"),
    [
        ("24/12/2026", 1, 0),
        ("19/12/2026 - 04/01/2027\n", 17, 0),
        ("31/02/2027", 0, 1),
        ("bientôt\n24.12.2026", 1, 1),
        ("04/01/2027 - 19/12/2026", 0, 1),
        ("01/01/2000 - 31/12/2099", 0, 1),
        ("", 0, 0),
    ],
)
def test_excluded_days(text, days, wrong):
    found, errors = series.parse_days(text)
    assert (len(found), len(errors)) == (days, wrong)


@given(st.text(max_size=200))
def test_excluded_days_never_raise(text):
    series.parse_days(text)


@given(
    st.sampled_from(["weekly", "monthly_day", "monthly_nth"]),
    st.integers(1, 6),
    st.sets(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), max_size=3),
    st.sampled_from([1, 2, 3, 4, -1]),
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.sampled_from(["Europe/Paris", "Pacific/Tahiti", "Indian/Reunion"]),
)
def test_the_rrule_says_the_same_days(frequency, interval, weekdays, nth, start, zone):
    """Any reader of RFC 5545 finds our days in the text we give it."""
    one = rule(frequency=frequency, interval=interval, weekdays=",".join(weekdays), nth=nth, start_date=start)
    days = series.expand(one, until=start + timedelta(days=400))
    if not days:
        return
    text = series.rrule_text(one, last=days[-1], zone=zone)
    from datetime import datetime
    from zoneinfo import ZoneInfo

    first = datetime.combine(days[0], time(9), ZoneInfo(zone))
    assert [moment.date() for moment in rrulestr(text, dtstart=first)] == days


def test_rules_that_differ_in_how_one_takes_part_say_so():
    here, there = rule(interval=2), rule(interval=2, mode="en_ligne")
    assert series.all_in_words([here], "sur_place") == ["Le jeudi, une semaine sur 2, de 9\u00a0h à 12\u00a0h"]
    assert series.all_in_words([here, there], "sur_place") == [
        "Sur place\u00a0: le jeudi, une semaine sur 2, de 9\u00a0h à 12\u00a0h",
        "En ligne\u00a0: le jeudi, une semaine sur 2, de 9\u00a0h à 12\u00a0h",
    ]
