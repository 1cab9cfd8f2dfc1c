"""Days and hours: what is past where, hours that do not exist, the zones of calendars."""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from django.db import connection
from django.utils import timezone

from events import rules, text
from events.enums import Zone
from events.ical.zones import VTIMEZONES
from events.models import Occurrence
from events.months import Month, MonthDates, month_grid
from events.screens import upcoming_highlights
from events.services import refresh_dates
from portal.core.models import PageFact

from .factories import a_date, at, commune, day_in, make_event, make_venue


@pytest.mark.parametrize("zone", Zone.values)
def test_vtimezones_agree_with_the_tz_database(zone):
    calendar = b"BEGIN:VCALENDAR\r\n" + VTIMEZONES[zone] + b"END:VCALENDAR\r\n"
    written = tzical(StringIO(calendar.decode())).get(zone)
    moment = datetime(2020, 1, 1, 12)  # noqa: DTZ001 - a wall time, read in both zones
    while moment.year < 2041:
        assert moment.replace(tzinfo=written).utcoffset() == moment.replace(tzinfo=ZoneInfo(zone)).utcoffset(), moment
        moment += timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "day"), [("Europe/Paris", date(2027, 3, 28)), ("America/Miquelon", date(2027, 11, 7))]
)
def test_the_very_hour_of_the_change_is_that_of_the_tz_database(zone, day):
    calendar = b"BEGIN:VCALENDAR\r\n" + VTIMEZONES[zone] + b"END:VCALENDAR\r\n"
    written = tzical(StringIO(calendar.decode())).get(zone)
    for hour in (0, 1, 3, 4, 12):
        wall = datetime.combine(day, time(hour))
        assert wall.replace(tzinfo=written).utcoffset() == wall.replace(tzinfo=ZoneInfo(zone)).utcoffset(), hour


def test_an_hour_that_exists_twice_is_the_first():
    assert rules.to_utc(date(2027, 10, 31), time(2, 30), "Europe/Paris") == at(2027, 10, 31, 0, 30)
    assert rules.wall_errors(date(2027, 10, 31), time(2, 30), None, time(4), "Europe/Paris") == {}


def test_the_end_is_compared_in_instants():
    spring = date(2027, 3, 28)
    lasts = rules.moment(spring, time(1, 30), None, time(3), "Europe/Paris")
    assert lasts.ends_at - lasts.starts_at == timedelta(minutes=30)
    assert "start_time" in rules.wall_errors(spring, time(2, 30), None, time(5), "Europe/Paris")
    assert rules.wall_errors(spring, time(2, 30), None, time(5), "Indian/Reunion") == {}


def test_midnight_belongs_to_the_day_before_and_whole_days_end_after_their_last():
    evening = rules.moment(date(2027, 7, 1), time(20), date(2027, 7, 2), time(0), "Europe/Paris")
    assert evening.last_day == date(2027, 7, 1)
    assert evening.past_from == at(2027, 7, 1, 22)
    days = rules.moment(date(2027, 7, 1), None, date(2027, 7, 3), None, "Pacific/Noumea")
    assert (days.starts_at, days.ends_at) == (at(2027, 6, 30, 13), at(2027, 7, 3, 13))


@pytest.mark.parametrize(
    ("zone", "now", "is_past"),
    [
        # Evening of 1 July in Paris: already the 2nd in La Réunion and Nouméa, still the morning in Tahiti.
        ("Europe/Paris", at(2027, 7, 1, 21, 30), False),
        ("Europe/Paris", at(2027, 7, 1, 22, 0), True),
        ("Indian/Reunion", at(2027, 7, 1, 19, 59), False),
        ("Indian/Reunion", at(2027, 7, 1, 20, 0), True),
        ("Pacific/Noumea", at(2027, 7, 1, 13, 0), True),
        ("Pacific/Tahiti", at(2027, 7, 2, 9, 59), False),
        ("Pacific/Tahiti", at(2027, 7, 2, 10, 0), True),
    ],
)
def test_what_ends_today_is_not_past_where_it_is_held(landes_space, zone, now, is_past):
    event = make_event(landes_space, a_date(date(2027, 7, 1), time(8), time(9)), time_zone=zone)
    assert event.occurrences.upcoming(now).exists() is not is_past
    assert event.occurrences.past(now).exists() is is_past


def test_days_of_one_instant_differ_in_france():
    days = rules.zones_by_today(at(2027, 7, 1, 11, 30))
    assert "Pacific/Wallis" in days[date(2027, 7, 1)]
    later = rules.zones_by_today(at(2027, 7, 1, 23, 0))
    assert later[date(2027, 7, 1)] != []
    assert {"Indian/Reunion", "Europe/Paris"} <= set(later[date(2027, 7, 2)])
    assert "Pacific/Tahiti" in later[date(2027, 7, 1)]
    assert sum(len(zones) for zones in later.values()) == 15


def test_the_zone_follows_the_venue_unless_chosen(landes_space):
    on_the_spot = make_event(landes_space, venue=make_venue(commune=commune("97411")))
    assert on_the_spot.occurrences.get().time_zone == "Indian/Reunion"
    assert on_the_spot.occurrences.get().zone_text == "heure de La Réunion"
    online = make_event(landes_space, mode="en_ligne", registration_url="https://exemple.fr/i")
    assert online.occurrences.get().time_zone == "Europe/Paris"
    chosen = make_event(landes_space, venue=make_venue(commune=commune("97411")), time_zone="Pacific/Tahiti")
    assert chosen.occurrences.get().time_zone == "Pacific/Tahiti"


def test_a_venue_that_moves_to_another_zone_takes_its_events_along(landes_space):
    venue = make_venue()
    event = make_event(landes_space, a_date(date(2027, 7, 1), time(9), time(10)), venue=venue)
    venue.commune = commune("97411")
    venue.save()
    occurrence = event.occurrences.get()
    assert (occurrence.starts_at, occurrence.sequence) == (at(2027, 7, 1, 5), 1)


@pytest.mark.parametrize(
    ("first", "start", "last", "end", "words"),
    [
        (date(2026, 12, 1), time(9), date(2026, 12, 1), time(12, 30), "mardi 1er décembre 2026, de 9 h à 12 h 30"),
        (date(2026, 12, 1), None, date(2026, 12, 1), None, "mardi 1er décembre 2026, toute la journée"),
        (date(2026, 12, 1), None, date(2026, 12, 3), None, "du 1er au 3 décembre 2026"),
        (date(2026, 11, 30), None, date(2026, 12, 2), None, "du 30 novembre au 2 décembre 2026"),
        (date(2026, 12, 31), None, date(2027, 1, 1), None, "du 31 décembre 2026 au 1er janvier 2027"),
        (
            date(2026, 12, 1), time(14), date(2026, 12, 2), time(12),
            "du mardi 1er décembre 2026 à 14 h au mercredi 2 décembre 2026 à 12 h",
        ),
    ],
)  # fmt: skip
def test_dates_in_words(first, start, last, end, words):
    assert text.when_text(first, start, last, end).replace("\u00a0", " ") == words


def test_a_month_has_whole_weeks_and_bounds():
    weeks = month_grid(Month(2026, 12), MonthDates([], {}, []), date(2026, 12, 9))
    assert [len(week.cells) for week in weeks] == [7] * 5
    assert (weeks[0].cells[0].day, weeks[-1].cells[-1].day) == (date(2026, 11, 30), date(2027, 1, 3))
    assert [week.number for week in weeks] == [49, 50, 51, 52, 53]
    assert (Month(2026, 12).next.key, Month(2027, 1).previous.key) == ("2027-01", "2026-12")
    assert [Month.parse(key) for key in ("2026-13", "2026-1", "0000-01", "२०२६-०१", "2026-12-01")] == [None] * 5


def test_as_time_passes_the_fact_follows_the_next_date(landes_space):
    event = make_event(landes_space, a_date(day_in(2)), a_date(day_in(30)))
    first, second = event.occurrences.order_by("starts_at")
    assert PageFact.objects.get(page=event).date == first.starts_at
    assert refresh_dates(now=first.past_from - timedelta(seconds=1)) == 0
    assert refresh_dates(now=first.past_from) == 1
    assert PageFact.objects.get(page=event).date == second.starts_at
    assert refresh_dates(now=second.past_from) == 0
    assert refresh_dates(now=second.past_from) == 0


def test_highlights_are_the_next_date_of_each_event_that_concerns_the_reader(landes_space, landes):
    make_event(landes_space, a_date(day_in(4)), a_date(day_in(5)), title="Deux dates")
    make_event(landes_space, a_date(day_in(3)), title="Annulé", status="annule", status_reason="Non")
    make_event(landes_space, a_date(day_in(9)), title="Plus tard")
    draft = make_event(landes_space, a_date(day_in(1)), title="Brouillon", live=False)
    titles = [occurrence.page.title for occurrence in upcoming_highlights(territory=landes, limit=3)]
    assert titles == ["Deux dates", "Plus tard"]
    assert [o.page.title for o in upcoming_highlights(space=landes_space, limit=1)] == ["Deux dates"]
    gers = type(landes).objects.get(level="departement", code="32")
    assert upcoming_highlights(territory=gers, limit=3) == []
    assert draft.title not in titles


def test_the_soonest_are_those_of_everything_to_come_put_in_order(landes_space):
    """Read as two ranges of the index, what is under way and what is ahead are the head of the whole."""
    for first, length in itertools.product((-40, -3, -1, 0, 1, 5), (0, 2, 60)):
        make_event(landes_space, a_date(day_in(first), last=day_in(first + length)), a_date(day_in(first + 2)))
    all_coming = list(Occurrence.objects.upcoming().order_by("starts_at", "pk"))
    assert any(each.starts_at < timezone.now() for each in all_coming)
    for limit in (1, 4, 12, 100):
        assert list(Occurrence.objects.soonest(limit)) == all_coming[:limit]
    later = timezone.now() + timedelta(days=4)
    coming_then = list(Occurrence.objects.upcoming(later).order_by("starts_at", "pk"))
    assert 0 < len(coming_then) < len(all_coming)
    assert list(Occurrence.objects.soonest(100, later)) == coming_then


def test_the_soonest_are_found_in_the_index_of_starts(landes_space):
    if connection.vendor != "sqlite":
        pytest.skip("the plan is read in SQLite's words")
    plan = Occurrence.objects.soonest(3).explain()
    assert "occurrence_starts_at" in plan
    assert "SCAN events_occurrence" not in plan
