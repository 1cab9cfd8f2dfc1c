"""What reading a file gives, whatever its format: events, what was refused, what was read otherwise than written.

Nothing here touches the database. The three readers (:mod:`.ics`, :mod:`.openagenda`, :mod:`.tabular`) never raise;
whoever imports gets a :class:`ParsedFile` whose counts add up: see :attr:`ParsedFile.adds_up`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

TITLE_LENGTH = 255
TEXT_LENGTH = 20_000
LOCATION_LENGTH = 300
URL_LENGTH = 500
NAME_LENGTH = 200
UID_LENGTH = 255


def words(text: str) -> frozenset[str]:
    """The words of ``text``: tables of names are read more easily in lines."""
    return frozenset(text.split())


class Kind(Enum):
    """What a note is about."""

    ADJUSTED = "adjusted"  # An event was kept, and something of it read otherwise than written.
    SET_ASIDE = "set_aside"  # ``count`` events were understood and give nothing to import.
    SKIPPED = "skipped"  # ``count`` parts of the file that are no event: tasks, free/busy times.
    FILE = "file"  # About the whole file.


@dataclass(frozen=True, slots=True)
class Rejection:
    """An event that could not be read, or the whole file when ``line`` is 0. ``reason`` is a French sentence."""

    line: int
    uid: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about what was read. ``line`` is that of the first event concerned, of ``count``."""

    line: int
    uid: str
    text: str
    kind: Kind = Kind.ADJUSTED
    count: int = 1


@dataclass(frozen=True, slots=True)
class ParsedEvent:
    """One event on one date, as :mod:`events` stores dates: wall time and zone.

    ``recurrence_id`` tells the instances of one ``uid`` apart: their original start, ``20261203T083000Z`` in UTC or
    ``20261203`` when they last whole days; ``None`` for an event that has one date only.

    Without ``start_time`` it lasts whole days, ``end_date`` the last of them, included. With one, ``end_time`` is set
    too, and equals the start when the file gives no duration. ``time_zone`` is one of :class:`events.enums.Zone`.
    ``modified`` (UTC) is LAST-MODIFIED, else DTSTAMP. ``status`` is ``confirmed``, ``tentative`` or ``cancelled``;
    ``portal_status`` a value of :class:`events.enums.Status` when the source says more precisely. ``text`` is plain.
    ``line`` is where the event begins in the file (its row in a table, its rank in a list).
    """

    uid: str
    recurrence_id: str | None
    sequence: int
    modified: datetime | None
    start_date: date
    start_time: time | None
    end_date: date
    end_time: time | None
    time_zone: str
    title: str
    line: int
    text: str = ""
    location: str = ""
    latitude: float | None = None
    longitude: float | None = None
    url: str = ""
    join_url: str = ""
    categories: tuple[str, ...] = ()
    organiser: str = ""
    status: str = "confirmed"
    image: str = ""
    # What only some sources say.
    portal_status: str = ""
    mode: str = ""
    address: str = ""
    postal_code: str = ""
    city: str = ""
    insee: str = ""
    registration_url: str = ""
    accessibility: tuple[str, ...] = ()  # In words, as the source says it.
    access: tuple[str, ...] = ()  # Values of :class:`events.enums.Access` that it means for sure.
    private: bool = False

    @property
    def all_day(self) -> bool:
        return self.start_time is None

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other of the same source."""
        return self.uid, self.recurrence_id or ""

    @property
    def starts_at(self) -> datetime:
        """The UTC instant it starts at; the first midnight when it lasts whole days."""
        return _instant(self.start_date, self.start_time or time.min, self.time_zone)

    @property
    def ends_at(self) -> datetime:
        """The UTC instant it ends at; the midnight after the last day when it lasts whole days."""
        if self.end_time is None:
            return _instant(self.end_date + timedelta(days=1), time.min, self.time_zone)
        return _instant(self.end_date, self.end_time, self.time_zone)


def _instant(day: date, hour: time, zone: str) -> datetime:
    # ``hour`` may carry fold=1, for the second of two equal hours.
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """All that a file gave. ``seen`` counts the events met in it, whether or not they could be read.

    ``zone`` is the zone the file names for itself, as an IANA name, or empty; ``method`` its METHOD, in capitals.
    """

    name: str = ""
    events: tuple[ParsedEvent, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    notes: tuple[Note, ...] = ()
    zone: str = ""
    method: str = ""
    seen: int = 0

    @property
    def read(self) -> int:
        """How many of the events met gave something to import (a series counts once)."""
        return len({event.line for event in self.events})

    @property
    def rejected(self) -> int:
        return sum(1 for rejection in self.rejections if rejection.line)

    @property
    def set_aside(self) -> int:
        return sum(note.count for note in self.notes if note.kind is Kind.SET_ASIDE)

    @property
    def adds_up(self) -> bool:
        """Whether every event met is either read, refused or set aside, once."""
        return self.seen == self.read + self.rejected + self.set_aside

    @property
    def unreadable(self) -> str:
        """Why nothing at all could be read, or nothing."""
        return next((rejection.reason for rejection in self.rejections if not rejection.line), "")


def refused(reason: str) -> ParsedFile:
    """A file that could not be read at all."""
    return ParsedFile(rejections=(Rejection(0, "", reason),))


class Notes:
    """Notes being taken; those that are true of many events are one, with a count."""

    def __init__(self) -> None:
        self._single: list[Note] = []
        # Kind and text: how many, the last line counted, the first event.
        self._grouped: dict[tuple[Kind, str], tuple[int, int, tuple[int, str]]] = {}

    def add(self, line: int, uid: str, text: str, kind: Kind = Kind.ADJUSTED) -> None:
        """One note about one event."""
        self._single.append(Note(line, uid, text, kind))

    def count(self, line: int, uid: str, text: str, kind: Kind = Kind.ADJUSTED, *, number: int = 1) -> None:
        """``number`` more events that ``text`` is true of. An event that says it twice in a row counts once."""
        count, last, first = self._grouped.get((kind, text), (0, -1, (line, uid)))
        if line != last:
            self._grouped[kind, text] = (count + number, line, min(first, (line, uid)))

    def merge(self, others: Notes) -> None:
        """Take those of ``others`` too."""
        self._single += others._single
        for (kind, text), (number, last, first) in others._grouped.items():
            count, _, known = self._grouped.get((kind, text), (0, -1, first))
            self._grouped[kind, text] = (count + number, last, min(known, first))

    def taken(self) -> tuple[Note, ...]:
        """All of them, by line."""
        grouped = [Note(*first, text, kind, count) for (kind, text), (count, _, first) in self._grouped.items()]
        return tuple(sorted([*dict.fromkeys(self._single), *grouped], key=lambda note: (note.line, note.text)))
