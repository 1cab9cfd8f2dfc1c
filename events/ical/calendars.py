"""A whole calendar: header, time zones, events."""

from __future__ import annotations

from collections.abc import Iterable

from icalendar import vText
from icalendar.parser import Contentline, Parameters

from .text import plain
from .zones import vtimezones

PRODID = "-//Portail de l'inclusion numerique//Agenda//FR"


def _line(name: str, value: str) -> bytes:
    """A property whose value is text, escaped and folded at 75 octets."""
    return Contentline.from_parts(name, Parameters(), vText(plain(value))).to_ical() + b"\r\n"


def calendar_bytes(
    vevents: Iterable[bytes], zones: Iterable[str], *, name: str = "", url: str = "", method: str = "PUBLISH"
) -> bytes:
    """A VCALENDAR of VEVENTs already rendered. ``name`` and ``url`` are a feed's; files of one event carry none."""
    parts = [
        b"BEGIN:VCALENDAR\r\n",
        b"VERSION:2.0\r\n",
        f"PRODID:{PRODID}\r\n".encode(),
        b"CALSCALE:GREGORIAN\r\n",
        f"METHOD:{method}\r\n".encode(),
    ]
    if name:
        parts += [
            _line("NAME", name),
            _line("X-WR-CALNAME", name),
            b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n",
            b"X-PUBLISHED-TTL:PT1H\r\n",
        ]
    if url:
        parts.append(Contentline(f"URL:{url}").to_ical() + b"\r\n")
    return b"".join([*parts, vtimezones(zones), *vevents, b"END:VCALENDAR\r\n"])
