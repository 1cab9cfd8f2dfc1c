"""The guarantees that hold for every calendar file."""

from __future__ import annotations

import gzip
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from events.imports.ics import parse_ics
from events.imports.parsed import Kind

from .reading import calendar, dates, event, read

GOOD = event("DTSTART:20261203T083000Z", "DTEND:20261203T100000Z", uid="bon")


def test_a_broken_event_is_named_and_the_good_ones_of_the_file_kept():
    body = event("DTSTART:20260231T100000Z", uid="faux") + GOOD
    parsed = read(calendar(body))
    assert dates(parsed) == ["20261203T083000Z/20261203T100000Z"]
    (rejection,) = parsed.rejections
    assert (rejection.line, rejection.uid) == (4, "faux")
    assert rejection.reason == "Ligne 7, DTSTART:20260231T100000Z : ce jour n'existe pas."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "Ce fichier est vide."),
        (b"\xef\xbb\xbf\r\n", "Ce fichier est vide."),
        (b"<!DOCTYPE html><html>", "Ce fichier n'est pas un calendrier (.ics) mais une page web."),
        (b'{"events": []}', "Ce fichier n'est pas un calendrier (.ics) mais du JSON."),
        (b"%PDF-1.7\n%\xe2\xe3", "Ce fichier n'est pas un calendrier (.ics) mais un document PDF."),
        (b"PK\x03\x04\x14\x00", "Ce fichier n'est pas un calendrier (.ics) mais une archive ZIP."),
        (b"\x1f\x8b\x08\x00broken", "Ce fichier est compressé (gzip) et abîmé."),
    ],
)  # fmt: skip
def test_what_is_no_calendar_says_what_it_is(data, reason):
    parsed = read(data)
    assert parsed.unreadable == reason
    assert not parsed.events


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"]
)
def test_encodings(encoding):
    text = event("DTSTART:20261203T083000Z", title="Été à Orthez", uid="é")
    (item,) = read(calendar(text).decode().encode(encoding)).events
    assert (item.title, item.uid) == ("Été à Orthez", "é")


def test_what_a_server_compressed_is_read():
    whole = gzip.compress(calendar(GOOD * 200 + event("DTSTART:20261203", uid="un")))
    assert len(read(whole).events) == 2
    parsed = read(whole[:-12])
    assert "Ce fichier est compressé (gzip) et incomplet." in [note.text for note in parsed.notes]


def test_a_file_too_large_is_refused_before_it_is_read_compressed_or_not():
    assert read(calendar(GOOD), max_bytes=100).unreadable == "Ce fichier dépasse 1 Mo."
    bomb = gzip.compress(b"BEGIN:VEVENT\r\n" * 2_000_000)
    assert len(bomb) < 100_000
    assert read(bomb).unreadable == "Ce fichier dépasse 20 Mo."
    assert read(b"a\n" * 2_100_000).unreadable == "Ce fichier dépasse 1000000 lignes."


def test_five_thousand_events_take_seconds():
    lines = ["DTEND;TZID=Romance Standard Time:20261203T110000", "DESCRIPTION:" + "Un texte\\, long. " * 40]
    body = "".join(
        event("DTSTART;TZID=Romance Standard Time:20261203T093000", *lines, uid=f"{n}@example.org") for n in range(5000)
    )
    started = time.monotonic()
    parsed = read(calendar(body))
    assert len(parsed.events) == 5000
    assert time.monotonic() - started < 5


def test_as_many_dates_as_permitted_and_the_rest_counted():
    body = "".join(event(f"DTSTART:2026120{n}", "RRULE:FREQ=DAILY;COUNT=5", uid=f"{n}") for n in range(1, 6))
    parsed = read(calendar(body), max_instances=10)
    assert len(parsed.events) == 10
    assert [(note.count, note.kind) for note in parsed.notes if "au-delà" in note.text] == [(3, Kind.SET_ASIDE)]


def test_a_series_of_a_thousand_dates_at_most_is_told_where_it_is_cut():
    parsed = read(calendar(event("DTSTART:20261203T080000Z", "RRULE:FREQ=MINUTELY;COUNT=1000000")))
    assert len(parsed.events) == 1000
    assert [note.text for note in parsed.notes] == ["Série trop longue : 1000 dates au plus sont lues."]


def test_without_a_window_thirty_days_ago_to_eighteen_months_ahead():
    today = datetime.now(UTC).date()
    days = [today + timedelta(days=n) for n in (-40, -20, 0, 500, 560)]
    body = "".join(event(f"DTSTART;VALUE=DATE:{day:%Y%m%d}", uid=f"{n}") for n, day in enumerate(days))
    parsed = parse_ics(calendar(body))
    assert {item.uid for item in parsed.events} == {"1", "2", "3"}
    assert sum(note.count for note in parsed.notes) == 2
    assert parsed.adds_up


def test_the_zone_of_the_source_is_that_of_times_that_name_none():
    body = event("DTSTART:20261203T090000") + event("DTSTART:20261203T090000Z", uid="utc")
    parsed = read(calendar(body), default_zone="America/Cayenne")
    assert dates(parsed) == ["20261203T090000Z/20261203T090000Z", "20261203T120000Z/20261203T120000Z"]
    assert {item.time_zone for item in parsed.events} == {"America/Cayenne"}
    assert read(calendar(body), default_zone="Mars/Olympus").events[0].time_zone == "Europe/Paris"


def test_the_second_of_two_equal_hours_keeps_its_instant():
    (item,) = read(calendar(event("DTSTART:20261025T013000Z", "DTEND:20261025T020000Z"))).events
    assert (item.start_time.isoformat(), item.start_time.fold) == ("02:30:00", 1)
    assert item.starts_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_order_of_the_file_does_not_matter():
    good = [event(f"DTSTART:202612{n:02d}", uid=f"{n % 5}", title=f"{n}") for n in range(1, 20)]
    first, second = (read(calendar("".join(items))) for items in (good, good[::-1]))
    assert [item.key for item in first.events] == [item.key for item in second.events]
    assert dates(first) == dates(second)


def test_anything_but_bytes_is_refused_and_never_raises():
    for data in (None, 3.5, [1000], "texte"):
        assert parse_ics(data).unreadable  # type: ignore[arg-type]


def test_days_of_the_window_are_both_included():
    body = "".join(event(f"DTSTART;VALUE=DATE:202612{n:02d}", uid=f"{n}") for n in (1, 2, 3, 4))
    assert [item.uid for item in read(calendar(body), window=(date(2026, 12, 2), date(2026, 12, 3))).events] == [
        "2",
        "3",
    ]


def test_an_event_of_the_same_uid_and_start_stands_in_for_a_date_of_its_series():
    """Producers that forget RECURRENCE-ID: the date is cancelled, once."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        "UID:un",
        "SUMMARY:Comité",
        "DTSTART:20261203T083000Z",
        "DTEND:20261203T100000Z",
        "RRULE:FREQ=DAILY;COUNT=3",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:un",
        "SUMMARY:Comité",
        "DTSTART:20261204T083000Z",
        "DTEND:20261204T100000Z",
        "STATUS:CANCELLED",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    window = (date(2026, 12, 1), date(2026, 12, 31))
    found = parse_ics("\r\n".join(lines).encode(), window=window)
    assert [(event.recurrence_id, event.status) for event in found.events] == [
        ("20261203T083000Z", "confirmed"),
        ("20261204T083000Z", "cancelled"),
        ("20261205T083000Z", "confirmed"),
    ]
    assert found.adds_up
