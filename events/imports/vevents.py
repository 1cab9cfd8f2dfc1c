"""One VEVENT read: when it is, what it says. What repeats is expanded in :mod:`.series`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from ..enums import Zone
from .components import Component
from .details import instant, said, uid_of
from .lines import Line
from .parsed import Notes, ParsedEvent
from .recurrence import Rule, RuleError
from .tzids import Zones
from .values import (
    LONGEST,
    Length,
    Stamp,
    UnreadableError,
    read_date,
    read_duration,
    read_moment,
    to_wall,
)

MOST_DATES = 5000  # Of one RDATE or EXDATE.
MOST = 2**31 - 1  # What a column of integers holds.
_ALL_DAY_FLAGS = ("X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT", "X-FUNAMBOL-ALLDAY")


@dataclass(slots=True)
class Draft:
    """A VEVENT understood, its instances not made yet. ``said`` are the fields of :class:`ParsedEvent` it gives."""

    line: int
    uid: str
    sequence: int
    stamp: datetime | None
    start: Stamp
    length: Length
    said: dict[str, object]
    zones: Zones
    rules: list[tuple[Rule, int]] = field(default_factory=list)
    exclusions: list[tuple[Rule, int]] = field(default_factory=list)
    added: list[tuple[Stamp, Length | None]] = field(default_factory=list)
    removed: list[Stamp] = field(default_factory=list)
    recurrence: Stamp | None = None
    and_future: bool = False
    untitled: bool = False
    starts_as_recurrence: bool = False

    @property
    def repeats(self) -> bool:
        return bool(self.rules or self.added)

    @property
    def version(self) -> tuple[int, datetime]:
        """The greater is the newer (RFC 5546 2.1.5)."""
        return self.sequence, self.stamp or datetime.min.replace(tzinfo=UTC)


class Reader:
    """Reads the VEVENTs of one calendar, in its zones; notes what it reads otherwise than written."""

    def __init__(self, zones: Zones, notes: Notes, *, cancelled: bool) -> None:
        self.zones, self.notes, self.cancelled = zones, notes, cancelled

    def draft(self, component: Component) -> Draft:
        """:raises UnreadableError: it says not when it starts, or ends before it starts; the line is named"""
        uid = uid_of(component)
        line = component.line
        recurrence_line = component.first("RECURRENCE-ID")
        recurrence = self.stamp(recurrence_line, line, uid) if recurrence_line else None
        start_line = component.first("DTSTART")
        if start_line is None:
            if recurrence is None:
                raise UnreadableError("pas de date de début (DTSTART)")
            start = recurrence
        else:
            start = self.stamp(start_line, line, uid)
            if start.floating and not self.zones.named:
                label = Zone(self.zones.default.key).label
                self.notes.count(line, uid, f"Heures sans fuseau : lues à l'{label}.")
        start, length = self.extent(component, start, line, uid)
        sequence = component.text("SEQUENCE")
        spoken = said(component, uid, self.notes, cancelled=self.cancelled)
        draft = Draft(
            line=line,
            uid=uid,
            sequence=min(int(sequence), MOST) if re.match(r"\d{1,20}\Z", sequence) else 0,
            stamp=instant(component, "DTSTAMP") or spoken["modified"],  # type: ignore[arg-type]
            start=start,
            length=length,
            said=spoken,
            zones=self.zones,
            recurrence=recurrence,
            untitled=not component.text("SUMMARY"),
            starts_as_recurrence=start_line is None,
        )
        if recurrence_line:
            span = recurrence_line.params.get("RANGE", "").upper()
            draft.and_future = span == "THISANDFUTURE"
            if span and not draft.and_future:
                self.notes.add(line, uid, f"RANGE={span[:30]} n'est pas pris en compte : une seule date est modifiée.")
        self.repetition(component, draft)
        return draft

    # When

    def stamp(self, line: Line, at: int, uid: str, value: str | None = None) -> Stamp:
        """The date or date-time of ``line`` (or ``value`` of it). Errors name the line."""
        text = (line.value if value is None else value).strip()
        try:
            return self._stamp(text, line, at, uid)
        except UnreadableError as error:
            shown = f"{line.name}:{text[:60]}"
            raise UnreadableError(f"ligne {line.number}, {shown} : {error}") from None

    def _stamp(self, text: str, line: Line, at: int, uid: str) -> Stamp:
        day = read_date(text)
        if day:
            return Stamp(datetime.combine(day, time.min), True, self.zones.floating)
        wall, offset = read_moment(text)
        if line.params.get("VALUE", "").upper() == "DATE" and wall.time() == time.min:
            return Stamp(wall, True, self.zones.floating)
        tzid = line.params.get("TZID", "")
        if offset is not None:
            if tzid:
                self.notes.count(at, uid, f"Heure UTC et fuseau « {tzid[:60]} » ensemble : l'heure UTC est prise.")
            return Stamp(wall, False, offset)
        if not tzid:
            return Stamp(wall, False, self.zones.floating, floating=True)
        zone = self.zones.find(tzid)
        if zone is None:
            name = Zone(self.zones.default.key).label
            self.notes.count(at, uid, f"Fuseau « {tzid[:60]} » inconnu : les heures sont lues à l'{name}.")
            zone = self.zones.default
        return Stamp(wall, False, zone)

    def extent(self, component: Component, start: Stamp, at: int, uid: str) -> tuple[Stamp, Length]:
        """Start and duration. All-day events of Outlook, written midnight to midnight, become days."""
        end_line, duration_line = component.first("DTEND"), component.first("DURATION")
        if end_line is None:
            return start, self.duration(start, duration_line, at, uid)
        end = self.stamp(end_line, at, uid)
        flagged = any(component.text(name).upper() in ("TRUE", "1") for name in _ALL_DAY_FLAGS)
        if flagged and not start.all_day:
            start, end = self.whole_days(start, end)
        if start.all_day:
            if not end.all_day:
                self.notes.add(at, uid, "Début sans heure et fin avec une heure : lu comme des journées entières.")
                wall = to_wall(end.utc, self.zones.floating)
                end = Stamp(datetime.combine(wall.date(), time.min), True, start.zone)
                if wall.time() > time.min:
                    end = replace(end, wall=end.wall + timedelta(days=1))
            days = (end.day - start.day).days
            if days < 0:
                raise UnreadableError(f"ligne {end_line.number}, {end_line} : la fin précède le début")
            self.bounded(timedelta(days=days), end_line)
            return start, Length(days=max(days, 1))
        if end.all_day:
            wall = end.wall
            if end.day <= to_wall(start.utc, start.zone).date():
                wall = datetime.combine(end.day + timedelta(days=1), time.min)
            self.notes.add(at, uid, "Début avec une heure et fin sans : la fin est lue à minuit.")
            end = Stamp(wall, False, start.zone)
        if end.utc < start.utc:
            raise UnreadableError(f"ligne {end_line.number}, {end_line} : la fin précède le début")
        self.bounded(end.utc - start.utc, end_line)
        return start, Length(exact=end.utc - start.utc)

    def bounded(self, length: timedelta, line: Line) -> None:
        if length > LONGEST:
            raise UnreadableError(f"ligne {line.number}, {line} : l'événement durerait plus de dix ans")

    def duration(self, start: Stamp, line: Line | None, at: int, uid: str) -> Length:
        if line is None:
            return Length(days=1) if start.all_day else Length()
        try:
            length = read_duration(line.value)
        except UnreadableError as error:
            raise UnreadableError(f"ligne {line.number}, {line} : {error}") from None
        if start.all_day:
            if length.exact % timedelta(days=1):
                self.notes.add(at, uid, "Durée en heures d'un événement sans heure : lue en journées entières.")
            return Length(days=max(1, length.days - (-length.exact // timedelta(days=1))))
        return length

    def whole_days(self, start: Stamp, end: Stamp) -> tuple[Stamp, Stamp]:
        """Midnight to midnight as days, in the zone written or in that of the calendar; else as given."""
        for zone in (start.zone, self.zones.floating, self.zones.default):
            first, last = to_wall(start.utc, zone), to_wall(end.utc, zone)
            if first.time() == last.time() == time.min:
                return Stamp(first, True, self.zones.floating), Stamp(last, True, self.zones.floating)
        return start, end

    # What repeats

    def repetition(self, component: Component, draft: Draft) -> None:
        for name, into in (("RRULE", draft.rules), ("EXRULE", draft.exclusions)):
            for line in component.all(name)[:10]:
                if not line.value.strip():
                    continue
                try:
                    rule = Rule.read(line.value)
                except RuleError as error:
                    self.notes.add(
                        draft.line, draft.uid, f"Ligne {line.number}, {line} : {error}. La règle n'est pas suivie."
                    )
                    continue
                for text in rule.notes:
                    self.notes.add(draft.line, draft.uid, f"Ligne {line.number}, {name} : {text}.")
                into.append((rule, line.number))
        if draft.recurrence and draft.rules:
            self.notes.add(draft.line, draft.uid, "Une date modifiée porte une règle de répétition : elle est ignorée.")
            draft.rules.clear()
        for line in component.all("EXDATE"):
            draft.removed += [stamp for stamp, _ in self.dates(line, draft)]
        for line in component.all("RDATE"):
            draft.added += self.dates(line, draft)

    def dates(self, line: Line, draft: Draft) -> list[tuple[Stamp, Length | None]]:
        """The dates of RDATE or EXDATE; those that cannot be read are noted."""
        found: list[tuple[Stamp, Length | None]] = []
        items = line.value.split(",")
        if len(items) > MOST_DATES:
            text = f"Ligne {line.number}, {line.name} : {MOST_DATES} dates au plus sont lues."
            self.notes.add(draft.line, draft.uid, text)
        for item in items[:MOST_DATES]:
            value = item.strip()
            if not value:
                continue
            try:
                first, _, rest = value.partition("/")
                stamp = self.stamp(line, draft.line, draft.uid, first)
                if stamp.floating and not draft.start.all_day:
                    stamp = replace(stamp, zone=draft.start.zone)
                found.append((stamp, self.period(line, draft, stamp, rest) if rest else None))
            except UnreadableError as error:
                self.notes.add(draft.line, draft.uid, f"Une date ({line.name}) est ignorée : {error}.")
        return found

    def period(self, line: Line, draft: Draft, start: Stamp, rest: str) -> Length:
        if "P" in rest.upper():
            return read_duration(rest)
        end = self.stamp(line, draft.line, draft.uid, rest)
        if end.utc < start.utc:
            raise UnreadableError(f"ligne {line.number} : la fin de la période précède son début")
        self.bounded(end.utc - start.utc, line)
        return Length(exact=end.utc - start.utc)


def event_of(draft: Draft, start: Stamp, length: Length, recurrence_id: str | None, line: int) -> ParsedEvent:
    """What ``draft`` says, at ``start``: in its own zone if it is one of France's, else in that of the calendar."""
    end = length.end(start)
    if start.all_day:
        last = max(end.day - timedelta(days=1), start.day)
        when: dict[str, date | time | None] = {"start_date": start.day, "end_date": last}
        when |= {"start_time": None, "end_time": None}
        zone = draft.zones.local
    else:
        zone = _name(start.zone) or draft.zones.local
        clock = _zone(zone)
        first, last_at = start.utc.astimezone(clock), end.utc.astimezone(clock)
        when = {"start_date": first.date(), "start_time": first.time(), "end_date": last_at.date()}
        when["end_time"] = last_at.time()
    return ParsedEvent(
        uid=draft.uid,
        recurrence_id=recurrence_id,
        sequence=draft.sequence,
        line=line,
        time_zone=zone,
        **when,  # type: ignore[arg-type]
        **draft.said,  # type: ignore[arg-type]
    )


def _name(zone: tzinfo) -> str:
    key = getattr(zone, "key", "")
    return key if key in Zone.values else ""


def _zone(name: str) -> tzinfo:
    return ZoneInfo(name)
