"""How the tests of imports write a calendar and say what it must give."""

from __future__ import annotations

from datetime import date

from events.imports.ics import parse_ics
from events.imports.parsed import ParsedEvent, ParsedFile

WINDOW = (date(2026, 1, 1), date(2027, 12, 31))


def calendar(body: str, head: str = "") -> bytes:
    """A whole calendar around ``body``, its lines ended as RFC 5545 says. White space before lines is kept."""
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Essai//FR\n{head}{body.strip()}\nEND:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def event(*lines: str, uid: str = "un", title: str = "Atelier") -> str:
    """A VEVENT with those lines."""
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", *lines, "END:VEVENT", ""])


def read(data: bytes, **options: object) -> ParsedFile:
    """What the file gives in 2026 and 2027; its counts always add up."""
    parsed = parse_ics(data, **({"window": WINDOW} | options))  # type: ignore[arg-type]
    assert parsed.adds_up, parsed
    return parsed


def when(item: ParsedEvent) -> str:
    """« 20261203T083000Z/20261203T100000Z », or « 20261203/20261204 » for whole days (both included)."""
    if item.all_day:
        return f"{item.start_date:%Y%m%d}/{item.end_date:%Y%m%d}"
    return f"{item.starts_at:%Y%m%dT%H%M%SZ}/{item.ends_at:%Y%m%dT%H%M%SZ}"


def dates(parsed: ParsedFile) -> list[str]:
    return [when(item) for item in parsed.events]
