"""Tables (CSV), as spreadsheets and forms export them: French or English headings, any separator. Never raises.

A row is an event on one date; ``line`` is the line of the file it begins at. Each row but the first (headings) and the
empty ones is read, refused or set aside.
"""

from __future__ import annotations

import csv
import hashlib
import io
import logging
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..enums import Status, Zone
from .components import MOST_EVENTS
from .dates import Window
from .french import key_of, read_hour, read_when
from .headings import FIELDS, MODES, STATUSES, YES, guess_mapping
from .ics import MAX_BYTES, MAX_INSTANCES, MAX_LINES, default_window
from .lines import decode, to_utf8
from .parsed import (
    LOCATION_LENGTH,
    NAME_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    UID_LENGTH,
    Kind,
    Notes,
    ParsedEvent,
    ParsedFile,
    Rejection,
    refused,
)
from .series import AFTER, BEFORE
from .tzids import known_zone
from .values import UnreadableError, plain, read_geo, split_list, to_utc, to_wall, web_address

__all__ = ["FIELDS", "guess_mapping", "parse_csv", "read_headers"]

logger = logging.getLogger(__name__)

SEPARATORS = ";,\t|"
LONGEST_FIELD = 131_072


def read_headers(data: bytes) -> list[str]:
    """The headings of a table, for whoever maps them; none when there is no table."""
    try:
        rows = _Rows(decode(to_utf8(bytes(data)[:200_000])))
        return rows.headers
    except Exception:
        logger.exception("The headings of a table could not be read.")
        return []


def parse_csv(
    data: bytes,
    mapping: dict[str, str] | None = None,
    *,
    default_zone: str = Zone.PARIS.value,
    window: tuple[date, date] | None = None,
    max_bytes: int = MAX_BYTES,
    max_instances: int = MAX_INSTANCES,
) -> ParsedFile:
    """The events of a table that have a day in ``window``.

    ``mapping`` gives the heading of each field (see :mod:`.headings`); without one it is guessed. A row's identifier is
    its column ``uid``, else a digest of its title, its start and its place.
    """
    try:
        default = default_zone if default_zone in Zone.values else Zone.PARIS.value
        days = Window.of(window or default_window())
        return _parse(bytes(data), mapping, default, days, max_bytes, max_instances)
    except Exception:
        logger.exception("A table could not be read.")
        return refused("Ce fichier n'a pas pu être lu.")


def _parse(
    data: bytes, mapping: dict[str, str] | None, default: str, days: Window, max_bytes: int, max_instances: int
) -> ParsedFile:
    if len(data) > max_bytes:
        return refused(f"Ce fichier dépasse {max_bytes // 1024 // 1024 or 1} Mo.")
    for sign, what in ((b"PK\x03\x04", "un classeur : enregistrez-le en CSV"), (b"%PDF", "un document PDF")):
        if data.startswith(sign):
            return refused(f"Ce fichier n'est pas un tableau CSV mais {what}.")
    text = decode(to_utf8(data))
    if not text.strip():
        return refused("Ce fichier est vide.")
    if text.count("\n") > MAX_LINES:
        return refused(f"Ce fichier dépasse {MAX_LINES} lignes.")
    rows = _Rows(text)
    mapping = guess_mapping(rows.headers) if mapping is None else mapping
    absent = [header for header in mapping.values() if header not in rows.headers]
    if absent:
        return refused(f"Cette colonne n'est pas dans le fichier : « {absent[0][:60]} ».")
    if not {"start", "start_date"} & mapping.keys() or "title" not in mapping:
        return refused("Aucune colonne ne donne le titre ou la date de début des événements.")
    notes = Notes()
    events: dict[str, ParsedEvent] = {}
    rejections: list[Rejection] = []
    seen = 0
    for line, cells, problem in rows:
        seen += 1
        if seen > MOST_EVENTS:
            notes.count(line, "", f"Plus de {MOST_EVENTS} événements : les suivants ne sont pas lus.", Kind.SET_ASIDE)
            continue
        values = {field: cells.get(header, "").strip() for field, header in mapping.items()}
        uid = values.get("uid", "")[:UID_LENGTH]
        if problem:
            rejections.append(Rejection(line, uid, problem))
            continue
        try:
            event = _event(values, line, default, notes)
        except UnreadableError as error:
            reason = str(error)
            rejections.append(Rejection(line, uid, f"{reason[:1].upper()}{reason[1:]}."))
            continue
        except Exception:
            logger.exception("A row of a table could not be read.")
            rejections.append(Rejection(line, uid, "Cette ligne n'a pas pu être lue."))
            continue
        _place(event, days, events, notes, max_instances)
    if not seen:
        notes.add(1, "", "Ce tableau ne contient aucun événement.", Kind.FILE)
    return ParsedFile(
        events=tuple(sorted(events.values(), key=lambda event: (event.starts_at, *event.key))),
        rejections=tuple(rejections),
        notes=notes.taken(),
        seen=seen,
    )


def _place(event: ParsedEvent, days: Window, events: dict[str, ParsedEvent], notes: Notes, max_instances: int) -> None:
    """Among the events, in place of an earlier row of the same identifier, or in the notes."""
    place = days.place(event)
    if place:
        text = (BEFORE if place < 0 else AFTER).format(days.first if place < 0 else days.last)
        notes.count(event.line, event.uid, text, Kind.SET_ASIDE)
        return
    known = events.get(event.uid)
    if known is None and len(events) >= max_instances:
        notes.count(event.line, event.uid, "Événements au-delà du nombre de dates permis.", Kind.SET_ASIDE)
        return
    if known is not None:
        text = "Lignes de même identifiant : la dernière est prise."
        notes.count(known.line, known.uid, text, Kind.SET_ASIDE)
    events[event.uid] = event


class _Rows:
    """The rows of a table, each with its line. A quote left open costs its own line, not the rest of the file."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.at = next((n for n, line in enumerate(self.lines) if line.strip()), 0)
        if self.lines[self.at].lower().startswith("sep=") and len(self.lines[self.at].strip()) == 5:
            self.separator = self.lines[self.at][4]
            self.at += 1
        else:
            head = self.lines[self.at]
            self.separator = max(SEPARATORS, key=lambda sign: (head.count(sign), -SEPARATORS.index(sign)))
        first, _ = self._next()
        self.headers = [" ".join(cell.split()) for cell in first]

    def _next(self) -> tuple[list[str], str]:
        """One record and what is wrong with it; goes past it."""
        start = self.at
        length = 1
        # A record goes on as long as its quotes are open; a hundred lines and it is an open quote.
        quotes = self.lines[start].count('"')
        while quotes % 2 and length < 100 and start + length < len(self.lines):
            quotes += self.lines[start + length].count('"')
            length += 1
        problem = ""
        if quotes % 2:
            length, problem = 1, "Un guillemet est ouvert et n'est pas fermé."
        self.at = start + length
        record = "\n".join(self.lines[start : self.at])
        if len(record) > LONGEST_FIELD:
            return [], "Cette ligne est trop longue."
        try:
            cells = next(csv.reader(io.StringIO(record, newline=""), delimiter=self.separator), [])
        except csv.Error:
            return [], problem or "Cette ligne est illisible."
        return cells, problem

    def __iter__(self) -> Iterator[tuple[int, dict[str, str], str]]:
        while self.at < len(self.lines):
            line = self.at + 1
            if not self.lines[self.at].strip(f' "{SEPARATORS}'):
                self.at += 1
                continue
            cells, problem = self._next()
            yield line, dict(zip(self.headers, cells, strict=False)), problem


def _event(values: dict[str, str], line: int, default: str, notes: Notes) -> ParsedEvent:
    """:raises UnreadableError: no title, no date, or an end before the start"""
    title = " ".join(plain(values.get("title", "")).split())
    if not title:
        raise UnreadableError("pas de titre")
    uid = values.get("uid", "")
    zone, clock = _zone(values.get("time_zone", ""), line, uid, default, notes)
    first, start, last, end = _extent(values, line, uid, clock, notes)
    if start is not None and end is not None:
        starts, ends = datetime.combine(first, start), datetime.combine(last, end)
        begin = to_utc(starts, clock)
        finish = to_utc(ends, clock)
        if finish < begin:
            raise UnreadableError("la fin précède le début")
        if to_wall(begin, clock).replace(fold=0) != starts:
            notes.add(line, uid, f"Le {starts:%d/%m/%Y à %H:%M} n'existe pas (passage à l'heure d'été).")
        own = ZoneInfo(zone)
        starts, ends = to_wall(begin, own), to_wall(finish, own)
        first, start, last, end = starts.date(), starts.time(), ends.date(), ends.time()
    elif last < first:
        raise UnreadableError("la fin précède le début")
    if (last - first).days > 3660:
        raise UnreadableError("l'événement durerait plus de dix ans")
    if not uid:
        said = "\x1f".join([key_of(title), f"{first}", f"{start}", key_of(values.get("location", ""))])
        uid = f"ligne-{hashlib.sha256(said.encode()).hexdigest()[:32]}"
    if len(title) > TITLE_LENGTH:
        notes.add(line, uid, f"Titre de {len(title)} caractères, abrégé à {TITLE_LENGTH}.")
        title = title[: TITLE_LENGTH - 1].rstrip() + "…"
    status = STATUSES.get(key_of(values.get("status", "")), Status.PROGRAMME)
    mode = MODES.get(key_of(values.get("mode", "")))
    latitude, longitude = _point(values, line, uid, notes)
    return ParsedEvent(
        uid=uid[:UID_LENGTH],
        recurrence_id=None,
        sequence=0,
        modified=_modified(values.get("modified", ""), clock),
        start_date=first,
        start_time=start,
        end_date=last,
        end_time=end,
        time_zone=zone,
        title=title,
        line=line,
        text=plain(values.get("text", ""))[:TEXT_LENGTH],
        location=_one_line(values, "location", LOCATION_LENGTH),
        latitude=latitude,
        longitude=longitude,
        url=web_address(values.get("url", "")),
        join_url=web_address(values.get("join_url", "")),
        categories=tuple(dict.fromkeys(split_list(values.get("categories", "").replace(";", ",").replace("|", ",")))),
        organiser=_one_line(values, "organiser", NAME_LENGTH),
        status={Status.ANNULE: "cancelled", Status.REPORTE: "tentative"}.get(status, "confirmed"),
        portal_status=status.value if values.get("status") else "",
        mode=mode.value if mode else "",
        image=web_address(values.get("image", "")),
        address=_one_line(values, "address", LOCATION_LENGTH),
        postal_code=_one_line(values, "postal_code", 10),
        city=_one_line(values, "city", NAME_LENGTH),
        insee=_one_line(values, "insee", 5),
        registration_url=web_address(values.get("registration_url", "")),
    )


def _one_line(values: dict[str, str], field: str, length: int) -> str:
    return " ".join(values.get(field, "").split())[:length]


def _zone(named: str, line: int, uid: str, default: str, notes: Notes) -> tuple[str, ZoneInfo]:
    """The zone the row's times are shown in, one of France's, and that in which they are written."""
    if not named:
        return default, ZoneInfo(default)
    found = known_zone(named)
    if not isinstance(found, ZoneInfo):
        if found is not None:
            return default, ZoneInfo("UTC")
        notes.count(line, uid, f"Fuseau « {named[:60]} » inconnu : les heures sont lues à l'{Zone(default).label}.")
        return default, ZoneInfo(default)
    return (found.key if found.key in Zone.values else default), found


def _extent(
    values: dict[str, str], line: int, uid: str, clock: ZoneInfo, notes: Notes
) -> tuple[date, time | None, date, time | None]:
    """First day, its hour, last day (included), its hour."""
    written = values.get("start") or ""
    hours = values.get("start_time", "")
    if written:
        first, start = read_when(written, clock)
    elif values.get("start_date"):
        first, start = read_when(values["start_date"], clock)
    else:
        raise UnreadableError("pas de date de début")
    last, end = first, None
    if hours and start is None:
        start, end = read_hour(hours)
    if values.get("end") or values.get("end_date"):
        last, end = read_when(values.get("end") or values["end_date"], clock, end)
    if values.get("end_time"):
        end = read_hour(values["end_time"])[0] or end
    if key_of(values.get("all_day", "")) in YES:
        return first, None, last, None
    if start is None:
        if end is not None:
            notes.add(line, uid, "Heure de fin sans heure de début : lu comme une journée entière.")
        return first, None, last, None
    if end is None:
        end = start if last == first else time.min
        last = last if last == first else last + timedelta(days=1)
    elif last == first and end < start:
        # « 20 h – 1 h » ends on the day after; midnight is always that which follows.
        dated = bool(values.get("end") or values.get("end_date"))
        last += timedelta(days=end == time.min or (end <= time(6) and not dated))
    return first, start, last, end


def _modified(text: str, clock: ZoneInfo) -> datetime | None:
    if not text:
        return None
    try:
        day, hour = read_when(text, clock)
    except UnreadableError:
        return None
    return to_utc(datetime.combine(day, hour or time.min), clock)


def _point(values: dict[str, str], line: int, uid: str, notes: Notes) -> tuple[float | None, float | None]:
    written = values.get("geo") or f"{values.get('latitude', '')};{values.get('longitude', '')}".strip(";")
    if not written:
        return None, None
    point = read_geo(written)
    if point is None:
        notes.add(line, uid, f"Coordonnées illisibles ignorées : {written[:40]}.")
        return None, None
    return point
