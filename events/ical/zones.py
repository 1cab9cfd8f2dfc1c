"""VTIMEZONE components of the fifteen time zones of France, written once and tested against the tz database.

Not generated: icalendar's ``Timezone.from_tzid`` writes the onset of daylight time an hour late, and
``add_missing_timezones()`` adds comments and 68 years of dates that strict readers refuse. Only Paris (European rule,
since 1996) and Miquelon (North American rule, since 2007) change their clocks; the others have kept one offset since
before any event of this portal.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..enums import Zone

# Zone: (offset, name of the offset in the tz database)
FIXED = {
    Zone.GUADELOUPE: ("-0400", "AST"),
    Zone.MARTINIQUE: ("-0400", "AST"),
    Zone.GUYANE: ("-0300", "-03"),
    Zone.REUNION: ("+0400", "+04"),
    Zone.MAYOTTE: ("+0300", "EAT"),
    Zone.SAINT_BARTHELEMY: ("-0400", "AST"),
    Zone.SAINT_MARTIN: ("-0400", "AST"),
    Zone.KERGUELEN: ("+0500", "+05"),
    Zone.WALLIS: ("+1200", "+12"),
    Zone.TAHITI: ("-1000", "-10"),
    Zone.MARQUISES: ("-0930", "-0930"),
    Zone.GAMBIER: ("-0900", "-09"),
    Zone.NOUMEA: ("+1100", "+11"),
}


def _observance(kind: str, start: str, before: str, after: str, name: str, rule: str = "") -> list[str]:
    lines = [f"BEGIN:{kind}", f"DTSTART:{start}", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}", f"TZNAME:{name}"]
    return [*lines, *([f"RRULE:{rule}"] if rule else []), f"END:{kind}"]


def _zone(tzid: str, *observances: list[str]) -> bytes:
    lines = ["BEGIN:VTIMEZONE", f"TZID:{tzid}", *(line for block in observances for line in block), "END:VTIMEZONE"]
    return "".join(f"{line}\r\n" for line in lines).encode()


VTIMEZONES: dict[str, bytes] = {
    tzid.value: _zone(tzid, _observance("STANDARD", "19700101T000000", offset, offset, name))
    for tzid, (offset, name) in FIXED.items()
} | {
    Zone.PARIS.value: _zone(
        Zone.PARIS,
        _observance("DAYLIGHT", "19960331T020000", "+0100", "+0200", "CEST", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
        _observance("STANDARD", "19961027T030000", "+0200", "+0100", "CET", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
    ),
    Zone.MIQUELON.value: _zone(
        Zone.MIQUELON,
        _observance("DAYLIGHT", "20070311T020000", "-0300", "-0200", "-02", "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"),
        _observance("STANDARD", "20071104T020000", "-0200", "-0300", "-03", "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"),
    ),
}


def vtimezones(tzids: Iterable[str]) -> bytes:
    """The VTIMEZONE blocks of those zones, in the order of their names."""
    return b"".join(VTIMEZONES[tzid] for tzid in sorted(set(tzids)))
