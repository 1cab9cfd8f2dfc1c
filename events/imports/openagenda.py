"""OpenAgenda exports in JSON (version 2): the reading API, whole exports, and the open data platform's. Never raises.

https://developers.openagenda.com/10-lecture/ : ``{"events": [...]}`` with texts by language and ``timings``. Each
timing is an instance. ``line`` is the rank of the event in the list: exports are often one single line.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from ..enums import Zone
from .components import MOST_EVENTS
from .dates import PER_SERIES, Window
from .ics import MAX_BYTES, MAX_INSTANCES, default_window
from .lines import decode, to_utf8
from .openagenda_fields import first_of, line_of, said, text_of
from .parsed import (
    NAME_LENGTH,
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
from .values import UnreadableError, read_date, read_moment, to_utc

logger = logging.getLogger(__name__)

_LISTS = ("events", "results", "records", "data", "items")
_OPENING = re.compile(rf'"(?:{"|".join(_LISTS)})"\s*:\s*\[')


class _Refused(UnreadableError):  # noqa: N818
    """The event cannot be read; its text says why."""


def parse_openagenda(
    data: bytes,
    *,
    default_zone: str = Zone.PARIS.value,
    window: tuple[date, date] | None = None,
    max_bytes: int = MAX_BYTES,
    max_instances: int = MAX_INSTANCES,
) -> ParsedFile:
    """The events of an export that have a timing in ``window``. See :func:`events.imports.ics.parse_ics`."""
    try:
        default = default_zone if default_zone in Zone.values else Zone.PARIS.value
        return _parse(bytes(data), default, Window.of(window or default_window()), max_bytes, max_instances)
    except Exception:
        logger.exception("An OpenAgenda export could not be read.")
        return refused("Ce fichier n'a pas pu être lu.")


def _parse(data: bytes, default: str, days: Window, max_bytes: int, max_instances: int) -> ParsedFile:
    if len(data) > max_bytes:
        return refused(f"Ce fichier dépasse {max_bytes // 1024 // 1024 or 1} Mo.")
    text = decode(to_utf8(data)).strip()
    if not text:
        return refused("Ce fichier est vide.")
    if text[0] not in "{[":
        return refused("Ce fichier n'est pas un export JSON d'OpenAgenda.")
    notes = Notes()
    name = ""
    rejections: list[Rejection] = []
    try:
        whole = json.loads(text)
        items = _list_of(whole)
        name = _name(whole)
    except (ValueError, RecursionError) as error:
        items, at = _salvaged(text)
        if not items:
            return refused(f"Ce JSON est illisible{_where(error)}.")
        reason = f"JSON illisible{_where(error)} : les {len(items)} événements d'avant sont lus."
        notes.add(at, "", reason, Kind.FILE)
        rejections.append(Rejection(len(items) + 1, "", "Cet événement et ceux qui le suivent sont illisibles."))
    if items is None:
        return refused("Ce JSON n'a pas de liste d'événements (« events »).")
    return _events(items, name, default, days, notes, rejections, max_instances)


def _events(
    items: list[Any],
    name: str,
    default: str,
    days: Window,
    notes: Notes,
    rejections: list[Rejection],
    max_instances: int,
) -> ParsedFile:
    events: dict[tuple[str, str], ParsedEvent] = {}
    seen = len(items) + len(rejections)
    if len(items) > MOST_EVENTS:
        text = f"Plus de {MOST_EVENTS} événements : les suivants ne sont pas lus."
        notes.count(MOST_EVENTS + 1, "", text, Kind.SET_ASIDE, number=len(items) - MOST_EVENTS)
    best: dict[str, _Item] = {}
    for rank, raw in enumerate(items[:MOST_EVENTS], start=1):
        try:
            item = _item(raw, rank, default, notes)
        except UnreadableError as error:
            uid = str(raw.get("uid", ""))[:UID_LENGTH] if isinstance(raw, dict) else ""
            rejections.append(Rejection(rank, uid, str(error)))
            continue
        except Exception:
            logger.exception("An event of OpenAgenda could not be read.")
            rejections.append(Rejection(rank, "", "Cet événement n'a pas pu être lu."))
            continue
        known = best.get(item.uid)
        if known is None or (item.modified or _NEVER) >= (known.modified or _NEVER):
            best[item.uid], item = item, known or item
        if known is not None:
            text = "Versions dépassées d'un même événement (même identifiant) : la plus récente est prise."
            notes.count(item.rank, item.uid, text, Kind.SET_ASIDE)
    for item in best.values():
        if len(events) >= max_instances:
            notes.count(item.rank, item.uid, "Événements au-delà du nombre de dates permis.", Kind.SET_ASIDE)
            continue
        if len(item.timings) > PER_SERIES:
            notes.add(item.rank, item.uid, f"Trop d'horaires : {PER_SERIES} au plus sont lus.")
            item.timings = [timing for timing in item.timings if timing[1].date() >= days.first][:PER_SERIES]
        made = {event.key: event for event in item.events() if days.place(event) == 0}
        if not made:
            past = all(days.place(event) < 0 for event in item.events())
            text = (BEFORE if past else AFTER).format(days.first if past else days.last)
            notes.count(item.rank, item.uid, text, Kind.SET_ASIDE)
        events |= made
    if not seen:
        notes.add(1, "", "Cet export ne contient aucun événement.", Kind.FILE)
    return ParsedFile(
        name=name,
        events=tuple(sorted(events.values(), key=lambda event: (event.starts_at, *event.key))),
        rejections=tuple(sorted(rejections, key=lambda rejection: rejection.line)),
        notes=notes.taken(),
        seen=seen,
    )


_NEVER = datetime.min.replace(tzinfo=UTC)


def _list_of(whole: Any) -> list[Any] | None:
    if isinstance(whole, list):
        return whole
    if not isinstance(whole, dict):
        return None
    for key in _LISTS:
        if isinstance(whole.get(key), list):
            return whole[key]
    if isinstance(whole.get("event"), dict):
        return [whole["event"]]
    return [whole] if "timings" in whole else None


def _name(whole: Any) -> str:
    if not isinstance(whole, dict):
        return ""
    agenda = whole.get("agenda")
    return text_of(agenda.get("title") if isinstance(agenda, dict) else whole.get("title"))[:NAME_LENGTH]


def _where(error: Exception) -> str:
    return f" (ligne {error.lineno}, caractère {error.colno})" if isinstance(error, json.JSONDecodeError) else ""


def _salvaged(text: str) -> tuple[list[Any], int]:
    """The events before the place where the JSON breaks, and the line it breaks at."""
    opening = _OPENING.search(text) if text[0] == "{" else re.match(r"\[", text)
    found: list[Any] = []
    position = opening.end() if opening else len(text)
    decoder = json.JSONDecoder()
    while opening:
        start = re.compile(r"[\s,]*").match(text, position)
        assert start is not None
        try:
            item, position = decoder.raw_decode(text, start.end())
        except (ValueError, RecursionError):
            break
        found.append(item)
    return found, text.count("\n", 0, position) + 1


@dataclass(slots=True)
class _Item:
    """An event understood: what it says, and its timings as UTC instants."""

    rank: int
    uid: str
    modified: datetime | None
    zone: str
    timings: list[tuple[datetime, datetime]]
    said: dict[str, Any]

    def events(self) -> Iterator[ParsedEvent]:
        clock = ZoneInfo(self.zone)
        for begin, end in self.timings:
            first, last = begin.astimezone(clock), end.astimezone(clock)
            yield ParsedEvent(
                uid=self.uid,
                recurrence_id=f"{begin:%Y%m%dT%H%M%SZ}",
                sequence=0,
                modified=self.modified,
                start_date=first.date(),
                start_time=first.time(),
                end_date=last.date(),
                end_time=last.time(),
                time_zone=self.zone,
                line=self.rank,
                **self.said,
            )


def _item(raw: Any, rank: int, default: str, notes: Notes) -> _Item:
    """:raises UnreadableError: it is no event, has no identifier, or no timing that can be read"""
    if not isinstance(raw, dict):
        raise _Refused("Ce n'est pas un événement.")
    for wrapper in ("fields", "event"):
        if isinstance(raw.get(wrapper), dict):
            raw = raw[wrapper]
    uid = line_of(first_of(raw, "uid", "id", "slug"))[: UID_LENGTH - 20]
    if not uid:
        raise _Refused("Pas d'identifiant (« uid »).")
    place = raw.get("location") if isinstance(raw.get("location"), dict) else {}
    assert isinstance(place, dict)
    named = line_of(first_of(raw, "timezone") or place.get("timezone"))
    clock = known_zone(named) if named else ZoneInfo(default)
    if clock is None:
        notes.add(rank, uid, f"Fuseau « {named[:60]} » inconnu : les heures sont lues à l'{Zone(default).label}.")
        clock = ZoneInfo(default)
    timings = _timings(raw, rank, uid, clock, notes)
    key = getattr(clock, "key", "")
    return _Item(
        rank=rank,
        uid=uid,
        modified=_moment(first_of(raw, "updatedAt", "updatedat", "updated_at"), UTC),
        zone=key if key in Zone.values else default,
        timings=timings,
        said=said(raw, place, rank, uid, notes),
    )


def _moment(value: Any, clock: tzinfo) -> datetime | None:
    try:
        wall, offset = read_moment(text_of(value))
    except UnreadableError:
        return None
    return to_utc(wall, offset or clock)


def _timings(raw: dict[str, Any], rank: int, uid: str, clock: tzinfo, notes: Notes) -> list[tuple[datetime, datetime]]:
    """UTC begins and ends, in order, none twice; those that cannot be read are noted.

    :raises UnreadableError: none is left
    """
    listed = raw.get("timings")
    if isinstance(listed, str):
        try:
            listed = json.loads(listed)
        except (ValueError, RecursionError):
            listed = None
    if isinstance(listed, dict):
        listed = list(listed.values())
    if not listed:
        alone = first_of(raw, "firstTiming", "nextTiming", "lastTiming")
        listed = [alone] if alone else []
        if not listed and first_of(raw, "firstdate_begin"):
            listed = [{"begin": raw["firstdate_begin"], "end": raw.get("firstdate_end")}]
    found = set()
    reasons = []
    for timing in listed if isinstance(listed, list) else []:
        try:
            found.add(_timing(timing, clock))
        except UnreadableError as error:
            reasons.append(str(error))
    if not found:
        raise _Refused(reasons[0] if reasons else "Aucun horaire (« timings »).")
    for reason in reasons:
        notes.add(rank, uid, f"Un horaire est ignoré. {reason}")
    return sorted(found)


def _timing(timing: Any, clock: tzinfo) -> tuple[datetime, datetime]:
    if not isinstance(timing, dict):
        raise _Refused("Un horaire est illisible.")
    begin_text, end_text = text_of(first_of(timing, "begin", "start")), text_of(first_of(timing, "end"))
    instants = []
    for text in (begin_text, end_text or begin_text):
        day = read_date(text) if len(text) == 10 else None
        try:
            wall, offset = read_moment(f"{day}T00:00" if day else text)
        except UnreadableError as error:
            raise _Refused(f"Horaire « {text[:40]} » : {error}.") from None
        instants.append(to_utc(wall, offset or clock))
    if instants[1] < instants[0]:
        raise _Refused(f"Horaire « {begin_text[:40]} » : la fin précède le début.")
    return instants[0], instants[1]
