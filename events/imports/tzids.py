"""What time zone a TZID means: IANA names however prefixed, Windows names, offsets, VTIMEZONEs of the file itself."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from ..enums import Zone
from .components import Component
from .expansion import Budget, expand
from .parsed import words
from .recurrence import Rule, RuleError
from .values import UnreadableError, read_moment, read_offset

# Names of Paris time that are in no table: what Outlook, Exchange and Zimbra write in French, German and English.
_PARIS = ("paris", "bruxelles, copenhague", "brussels, copenhagen", "romance", "heure d'europe centrale", "cet/cest")
LONGEST = 200  # Characters of a name.
MOST_OBSERVANCES = 60
_LATEST = datetime(2200, 1, 1)  # noqa: DTZ001 - wall time
_UTC = words("utc gmt z zulu etc/utc greenwich tzone://microsoft/utc coordinated-universal-time")


def _folded(name: str) -> str:
    kept = unicodedata.normalize("NFKD", name.replace("’", "'")).encode("ascii", "ignore").decode()
    return " ".join(kept.lower().replace("_", " ").split())


@cache
def _iana() -> dict[str, str]:
    return {_folded(name): name for name in sorted(available_timezones()) if not name.startswith(("posix", "right"))}


@cache
def _windows() -> dict[str, str]:
    return {_folded(name): zone for name, zone in WINDOWS_TO_OLSON.items()}


@lru_cache(maxsize=1000)
def known_zone(tzid: str) -> tzinfo | None:
    """The zone that everybody knows under that name, or None."""
    if len(tzid) > LONGEST:
        return None
    name = _folded(tzid.strip().strip("\"'").replace("\\", ""))
    if not name:
        return None
    if name in _UTC:
        return UTC
    found = _iana().get(name) or _windows().get(name) or _windows().get(re.sub(r"[ -]\d+$", "", name))
    if not found and "/" in name:
        # /mozilla.org/20050126_1/Europe/Paris, /freeassociation.sourceforge.net/Tzfile/America/Indiana/Knox
        parts = name.split("/")
        found = next((_iana()[tail] for n in (3, 2) if (tail := "/".join(parts[-n:]).strip()) in _iana()), None)
    if not found:
        # « Romance Daylight Time », « W. Europe Summer Time »
        found = _windows().get(re.sub(r" (daylight|summer) time$", " standard time", name))
    if not found and any(sign in name for sign in _PARIS):
        found = Zone.PARIS.value
    return ZoneInfo(found) if found else None


@lru_cache(maxsize=1000)
def offset_zone(tzid: str) -> tzinfo | None:
    """The fixed offset that a name spells: « UTC+02:00 », « (GMT+01.00) Somewhere », « +0200 », « GMT-3 »."""
    match = re.search(r"(?:\b(?:utc|gmt)\s*|^\s*|\()([+-])(\d{1,2})(?:[:.]?(\d{2}))?(?!\d)", tzid[:LONGEST].lower())
    if not match or int(match[2]) > 14 or int(match[3] or 0) > 59:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(-offset if match[1] == "-" else offset)


class EmbeddedZone(tzinfo):
    """A zone as a VTIMEZONE of the file defines it (RFC 5545 3.6.5), when nothing else knows its name.

    Onsets are wall times in the offset before them. Before the first onset, the offset before it holds.
    """

    def __init__(self, name: str, onsets: list[tuple[datetime, timedelta, timedelta]]) -> None:
        self.name = name
        self.onsets = sorted(onsets)
        self.walls = [onset[0] for onset in self.onsets]

    def utcoffset(self, when: datetime | None) -> timedelta:
        if when is None:
            return self.onsets[0][1]
        wall = when.replace(tzinfo=None)
        at = bisect_right(self.walls, wall) - 1
        if at < 0:
            return self.onsets[0][1]
        onset, before, after = self.onsets[at]
        # Between 02:00 and 03:00 the day clocks go forward, no hour is shown: the offset before still holds.
        return before if wall - onset < after - before else after

    def dst(self, when: datetime | None) -> timedelta:
        return timedelta(0)

    def tzname(self, when: datetime | None) -> str:
        return self.name

    def fromutc(self, when: datetime) -> datetime:
        """Of an instant given, as tzinfo wants, with this zone as its tzinfo."""
        utc = when.replace(tzinfo=None)
        offset = self.onsets[0][1]
        for wall, before, after in self.onsets:
            if wall - before > utc:
                break
            offset = after
        return (utc + offset).replace(tzinfo=self)


def embedded_zone(component: Component, budget: Budget) -> EmbeddedZone | None:
    """The zone that a VTIMEZONE defines, or None when it cannot be read."""
    onsets = []
    for observance in component.children[:MOST_OBSERVANCES]:
        if observance.kind not in ("STANDARD", "DAYLIGHT"):
            continue
        try:
            onsets += _onsets(observance, budget)
        except (UnreadableError, RuleError, OverflowError):
            continue
    return EmbeddedZone(component.text("TZID"), onsets) if onsets else None


def _onsets(observance: Component, budget: Budget) -> list[tuple[datetime, timedelta, timedelta]]:
    after = _offset(observance.text("TZOFFSETTO"))
    before = _offset(observance.text("TZOFFSETFROM") or observance.text("TZOFFSETTO"))
    start, _ = read_moment(observance.text("DTSTART"))
    walls = {start}
    for line in observance.all("RRULE")[:2]:
        rule = Rule.read(line.value)
        since = max(start, datetime(1970, 1, 1))  # noqa: DTZ001
        until = min(_LATEST, rule.until or _LATEST)
        walls |= set(expand(rule, start, since, until, most=300, budget=budget).walls)
    for line in observance.all("RDATE")[:50]:
        for value in line.value.split(",")[:200]:
            walls.add(read_moment(value.strip())[0])
    return [(wall, before, after) for wall in walls]


def _offset(text: str) -> timedelta:
    offset = read_offset(text).utcoffset(None)
    assert offset is not None
    return offset


class Zones:
    """The zones of one calendar. ``floating`` is that of times that name none; ``local`` that in which results are
    given when the zone written is none of France's."""

    def __init__(self, blocks: Iterable[Component], named: str, default: str, budget: Budget) -> None:
        self.blocks: dict[str, Component] = {}
        for block in blocks:
            self.blocks.setdefault(block.text("TZID").strip("\"'"), block)
        self.cached: dict[str, tzinfo | None] = {}
        self.budget = budget
        self.default = ZoneInfo(default)
        self.name = ""
        self.named = False
        self.unknown_name = ""
        self.floating: tzinfo = self.default
        if named:
            found = self.find(named)
            if found:
                self.floating = found
                self.named = True
                self.name = found.key if isinstance(found, ZoneInfo) else ""
            else:
                self.unknown_name = named
        self.local = self.name if self.name in Zone.values else default

    def find(self, tzid: str) -> tzinfo | None:
        """The zone that ``tzid`` means in this calendar, or None."""
        if tzid not in self.cached:
            self.cached[tzid] = self._find(tzid)
        return self.cached[tzid]

    def _find(self, tzid: str) -> tzinfo | None:
        found = known_zone(tzid)
        block = self.blocks.get(tzid.strip("\"'"))
        if found is None and block is not None:
            found = known_zone(block.text("X-LIC-LOCATION"))
            if found is None and self.budget.zones:
                self.budget.zones -= 1
                found = embedded_zone(block, self.budget)
        return found or offset_zone(tzid)
