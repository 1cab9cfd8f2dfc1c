"""Files damaged at random: no reader raises, and every event met is accounted for."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.imports.ics import parse_ics
from events.imports.openagenda import parse_openagenda
from events.imports.parsed import ParsedFile
from events.imports.tabular import parse_csv

from .corpus import cases
from .reading import WINDOW
from .test_openagenda import ATELIER

CALENDARS = [case.data for _, case in cases()]
EDGE = re.compile(rb"(?:\A|[\r\n])(?:\xef\xbb\xbf)?BEGIN:VEVENT[ \t]*(?=[\r\n]|\Z)")
TABLE = (
    "Titre;Date;Heure de début;Heure de fin;Lieu\nAtelier;03/12/2026;9h30;11h;Dax\n\"Salon; suite\";2026-12-04;;;\n"
    "Réunion;5 décembre 2026;de 14h à 16h;;Mairie\n"
).encode()  # fmt: skip
UNFORESEEN = ("n'a pas pu être lu", "n'ont pas pu être lues")
SLIDES = [b"\x00", b"\xff", b"\n", b"\r", b" ", b":", b";", b'"', b"\\", b"=", b"9", b"\xe2\x80\xa8", "é😀".encode()]


@st.composite
def damaged(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    """A file of ``originals`` after up to five accidents."""
    data = draw(st.sampled_from(originals))
    for _ in range(draw(st.integers(1, 5))):
        accident = draw(st.sampled_from(["byte", "delete", "double", "move", "cut", "insert", "join", "digit"]))
        rows = data.split(b"\n")
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        row = draw(st.integers(0, len(rows) - 1))
        if accident == "byte":
            data = data[:at] + bytes([draw(st.integers(0, 255))]) + data[at + 1 :]
        elif accident == "delete":
            data = b"\n".join(rows[:row] + rows[row + 1 :])
        elif accident == "double":
            data = b"\n".join([*rows[:row], rows[row], *rows[row:]])
        elif accident == "move":
            other = draw(st.integers(0, len(rows) - 1))
            rows[row], rows[other] = rows[other], rows[row]
            data = b"\n".join(rows)
        elif accident == "cut":
            data = data[:at]
        elif accident == "insert":
            data = data[:at] + draw(st.sampled_from(SLIDES)) + data[at:]
        elif accident == "join":
            data += draw(st.sampled_from(originals))
        else:
            digits = [n for n, octet in enumerate(data) if 48 <= octet <= 57]
            if digits:
                at = draw(st.sampled_from(digits))
                data = data[:at] + bytes([draw(st.integers(48, 57))]) + data[at + 1 :]
    return data


def assert_sound(parsed: ParsedFile) -> None:
    assert parsed.adds_up, parsed
    for event in parsed.events:
        assert event.end_date >= event.start_date
        assert event.ends_at >= event.starts_at
        assert event.title
        assert event.uid
        assert not re.search("[\x00-\x08\x0b-\x1f\ud800-\udfff]", event.title + event.text + event.location + event.uid)
    assert len({event.key for event in parsed.events}) == len(parsed.events)
    for rejection in parsed.rejections:
        assert not any(sign in rejection.reason for sign in UNFORESEEN), rejection


def check_calendar(data: bytes) -> None:
    parsed = parse_ics(data, window=WINDOW)
    assert_sound(parsed)
    if not parsed.unreadable:
        assert parsed.seen >= len(EDGE.findall(data))
    assert parse_ics(data, window=WINDOW) == parsed


def check_openagenda(data: bytes) -> None:
    assert_sound(parse_openagenda(data, window=WINDOW))


def check_table(data: bytes) -> None:
    assert_sound(parse_csv(data, window=WINDOW))


EXPORTS = [json.dumps({"events": [ATELIER, ATELIER | {"uid": 2}]}, indent=1).encode()]
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=6000, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(damaged(CALENDARS))
def test_damaged_calendars(data):
    check_calendar(data)


@QUICK
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-8", "ignore"))))
def test_anything_at_all(data):
    check_calendar(data)
    check_calendar(b"BEGIN:VEVENT\nDTSTART:20261203\n" + data)
    check_openagenda(data)
    check_table(data)


@QUICK
@given(damaged(EXPORTS), damaged([TABLE]))
def test_damaged_exports_and_tables(export, table):
    check_openagenda(export)
    check_table(table)


@pytest.mark.wide
@LONG
@given(damaged(CALENDARS))
def test_many_damaged_calendars(data):
    check_calendar(data)


@pytest.mark.wide
@LONG
@given(damaged(EXPORTS), damaged([TABLE]))
def test_many_damaged_exports_and_tables(export, table):
    check_openagenda(export)
    check_table(table)


WORDS = [
    *("BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "END:VALARM", "BEGIN:VCALENDAR", "END:VCALENDAR"),
    *("UID:a", "UID:b", "DTSTART:20261203", "DTSTART:20261203T090000Z", "DTEND:20261204", "DURATION:P1D"),
    *("RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261204", "RDATE:20261210", "RECURRENCE-ID:20261204T090000Z"),
    *("RECURRENCE-ID;RANGE=THISANDFUTURE:20261204", "SEQUENCE:2", "STATUS:CANCELLED"),
    *("SUMMARY:A", "SUMMARY:B", "DESCRIPTION:x", " suite", "texte"),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_any_order_of_lines(lines):
    check_calendar("\r\n".join(lines).encode())


def test_the_window_is_any_two_days():
    for window in [(date(1, 1, 2), date(9999, 12, 30)), (date(2026, 12, 31), date(2026, 1, 1))]:
        for data in CALENDARS:
            assert_sound(parse_ics(data, window=window))


def test_an_outdated_change_of_all_that_follows_shifts_nothing():
    """It is set aside, once: its series, newer, no longer holds its date."""
    text = """BEGIN:VEVENT
UID:a
RECURRENCE-ID;RANGE=THISANDFUTURE:20261204
BEGIN:VEVENT
UID:a
DTSTART:20261203
RDATE:20261210
SEQUENCE:2
"""
    parsed = parse_ics(text.encode(), window=WINDOW)
    assert_sound(parsed)
    assert [(event.start_date.day, event.line) for event in parsed.events] == [(3, 4), (10, 4)]
