"""The guarantees that hold for every calendar file."""

from __future__ import annotations

import pytest

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
