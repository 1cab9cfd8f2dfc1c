"""Calendars (.ics): iCalendar (RFC 5545, 7986), vCalendar 1.0, and what producers make of them. Never raises."""

from __future__ import annotations

import logging
import zlib
from datetime import UTC, date, datetime, timedelta

from ..enums import Zone
from .components import Calendar, Component, read_components
from .dates import Window
from .details import uid_of
from .expansion import Budget
from .parsed import Kind, Notes, ParsedEvent, ParsedFile, Rejection, refused
from .series import Series
from .tzids import Zones
from .values import UnreadableError, plain, unescape_text
from .vevents import Draft, Reader

logger = logging.getLogger(__name__)

MAX_BYTES = 20 * 1024 * 1024
MAX_LINES = 1_000_000
MAX_INSTANCES = 20_000
PAST_DAYS, FUTURE_DAYS = 30, 540
_SIGNATURES = (
    (b"%PDF", "un document PDF"),
    (b"PK\x03\x04", "une archive ZIP"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
    (b"\xd0\xcf\x11\xe0", "un document Office ancien"),
    (b"{", "du JSON"),
    (b"[", "du JSON"),
    (b"begin:vcard", "un carnet d'adresses (vCard)"),
    (b"<?xml", "du XML (un flux RSS ?)"),
    (b"<rss", "un flux RSS"),
    (b"<", "une page web"),
)


def default_window(today: date | None = None) -> tuple[date, date]:
    """From thirty days ago to eighteen months ahead."""
    today = today or datetime.now(UTC).date()
    return today - timedelta(days=PAST_DAYS), today + timedelta(days=FUTURE_DAYS)


def parse_ics(
    data: bytes,
    *,
    default_zone: str = Zone.PARIS.value,
    window: tuple[date, date] | None = None,
    max_bytes: int = MAX_BYTES,
    max_instances: int = MAX_INSTANCES,
) -> ParsedFile:
    """The events of a calendar file that have a day in ``window`` (both days included).

    ``default_zone`` (of :class:`events.enums.Zone`) is where times without zone are read, when the file names none
    either. Never raises: what cannot be read is among the rejections, with its line.
    """
    try:
        return _parse(bytes(data), default_zone, window, max_bytes, max_instances)
    except Exception:
        logger.exception("A calendar could not be read.")
        return refused("Ce fichier n'a pas pu être lu.")


def _parse(
    data: bytes, default_zone: str, window: tuple[date, date] | None, max_bytes: int, max_instances: int
) -> ParsedFile:
    notes = Notes()
    if len(data) <= max_bytes and data[:2] == b"\x1f\x8b":
        data, whole = _unzipped(data, max_bytes)
        if not data:
            return refused("Ce fichier est compressé (gzip) et abîmé.")
        if not whole:
            notes.add(1, "", "Ce fichier est compressé (gzip) et incomplet.", Kind.FILE)
    if len(data) > max_bytes:
        return refused(f"Ce fichier dépasse {max_bytes // 1024 // 1024 or 1} Mo.")
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        return refused("Ce fichier est vide.")
    if data.count(b"\n") + data.count(b"\r") > 2 * MAX_LINES:
        return refused(f"Ce fichier dépasse {MAX_LINES} lignes.")
    calendars, beyond = read_components(data, notes)
    if not calendars:
        return refused(f"Ce fichier n'est pas un calendrier (.ics){_looks_like(data)}.")
    default = default_zone if default_zone in Zone.values else Zone.PARIS.value
    days = Window.of(window or default_window())
    drafts, rejections = _drafts(calendars, notes, default)
    events: list[ParsedEvent] = []
    lost = _expand(drafts, days, notes, events, rejections, max_instances)
    if lost:
        notes.add(lost[0].line, "", f"Plus de {max_instances} dates : les suivantes ne sont pas lues.", Kind.FILE)
        for draft in lost:
            notes.count(draft.line, draft.uid, "Événements au-delà du nombre de dates permis.", Kind.SET_ASIDE)
    seen = sum(len(calendar.events) for calendar in calendars) + beyond
    if not seen:
        notes.add(calendars[0].own.line, "", "Ce calendrier ne contient aucun événement.", Kind.FILE)
    own = calendars[0].own
    return ParsedFile(
        name=_name(own),
        events=tuple(sorted(events, key=lambda event: (event.starts_at, *event.key, event.line))),
        rejections=tuple(sorted(rejections, key=lambda rejection: rejection.line)),
        notes=notes.taken(),
        zone=_zones(calendars[0], default, Budget()).name,
        method=own.text("METHOD").upper()[:20],
        seen=seen,
    )


def _unzipped(data: bytes, most: int) -> tuple[bytes, bool]:
    """What a server compressed, no more than ``most`` and one byte of it, and whether it is not cut short."""
    unpacking = zlib.decompressobj(31)
    try:
        text = unpacking.decompress(data, most + 1)
    except zlib.error:
        return b"", False
    return text, unpacking.eof or len(text) > most


def _looks_like(data: bytes) -> str:
    head = data[:1000].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").lower()
    found = next((what for sign, what in _SIGNATURES if head.startswith(sign.lower())), "")
    return f" mais {found}" if found else ""


def _name(own: Component) -> str:
    return " ".join(plain(unescape_text(own.text("X-WR-CALNAME") or own.text("NAME"))).split())[:200]


def _zones(calendar: Calendar, default: str, budget: Budget) -> Zones:
    named = calendar.own.text("X-WR-TIMEZONE") or calendar.own.text("TIMEZONE-ID") or calendar.own.text("TZ")
    return Zones(calendar.zones, named, default, budget)


def _drafts(calendars: list[Calendar], notes: Notes, default: str) -> tuple[list[Draft], list[Rejection]]:
    drafts: list[Draft] = []
    rejections: list[Rejection] = []
    budget = Budget()
    for calendar in calendars:
        zones = _zones(calendar, default, budget)
        if zones.unknown_name:
            text = f"Le fuseau du calendrier, « {zones.unknown_name[:60]} », est inconnu."
            notes.add(calendar.own.line, "", text, Kind.FILE)
        cancelled = calendar.own.text("METHOD").upper() == "CANCEL"
        reader = Reader(zones, notes, cancelled=cancelled)
        for component in calendar.events:
            uid = ""
            try:
                uid = uid_of(component)
                drafts.append(reader.draft(component))
            except UnreadableError as error:
                rejections.append(Rejection(component.line, uid, _sentence(str(error))))
            except Exception:
                logger.exception("An event of a calendar could not be read.")
                rejections.append(Rejection(component.line, uid, "Cet événement n'a pas pu être lu."))
    return drafts, rejections


def _expand(
    drafts: list[Draft],
    days: Window,
    notes: Notes,
    events: list[ParsedEvent],
    rejections: list[Rejection],
    max_instances: int,
) -> list[Draft]:
    """Put the events in ``events``, ``max_instances`` at most; the components left out for it."""
    by_uid: dict[str, list[Draft]] = {}
    for draft in drafts:
        by_uid.setdefault(draft.uid, []).append(draft)
    lost: list[Draft] = []
    budget = Budget()
    for group in by_uid.values():
        if len(events) >= max_instances:
            lost += group
            continue
        taking = Notes()
        try:
            made = Series(group, days, taking, budget).events()
        except Exception:
            logger.exception("The dates of an event could not be read.")
            rejections += [
                Rejection(draft.line, draft.uid, "Les dates de cet événement n'ont pas pu être lues.")
                for draft in group
            ]
            continue
        notes.merge(taking)
        events += made
    return lost


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."
