"""From the dates of one UID to the page that stands for them. Writes nothing but venues."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from wagtail.rich_text import RichText

from portal.core.html import clean_html
from portal.core.models import Theme
from portal.territories.text import fold

from .. import rules
from ..enums import Access, Mode, OrganiserKind, RegistrationKind, Status
from ..models.dates import EventDate
from .models import ImportSource
from .parsed import ParsedEvent
from .places import Place, Places, without_links

_KEYS = uuid.UUID("6f1d4f38-1f1c-4c37-9a55-6b8d5f2f6c11")
CANCELLED = "Annulé par l’organisateur, dans l’agenda d’origine."
VANISHED = "Retiré de l’agenda d’origine."
LEAD = 300
BLOCK = 15_000
# What changes without the event changing.
_VOLATILE = {"line", "modified", "sequence", "image"}
Wall = tuple[date, time | None, date | None, time | None]


def digest_of(event: ParsedEvent) -> str:
    """What the source says of one date, in 64 characters: equal as long as it says the same."""
    said = {name: getattr(event, name) for name in sorted(ParsedEvent.__dataclass_fields__) if name not in _VOLATILE}
    return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()


def key_of(source: ImportSource, event: ParsedEvent) -> uuid.UUID:
    """The key of its date: the same at each run, so that an occurrence keeps its identity and its registrations."""
    return uuid.uuid5(_KEYS, f"{source.pk}\x1f{event.uid}\x1f{event.recurrence_id or ''}")


@dataclass
class Drafted:
    """The page as it should be: ``fields`` by name, ``dates`` (not saved) by the event's key, and what to tell.

    ``told`` is {key: French sentences}; ``wrong`` the dates that no agenda can hold, with why. ``problem`` says what an
    editor must still decide: the page is then a draft.
    """

    fields: dict[str, Any]
    themes: list[Theme]
    dates: dict[tuple[str, str], EventDate] = field(default_factory=dict)
    told: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    wrong: list[tuple[ParsedEvent, str]] = field(default_factory=list)
    problem: str = ""


def draft(
    source: ImportSource, events: list[ParsedEvent], places: Places, themes: dict[str, Theme], now: datetime
) -> Drafted:
    """The page for ``events``, all of one UID. ``themes`` are known by folded name."""
    main = _main(events, now)
    place = places.of(main)
    whole = _statuses(events)
    drafted = Drafted(_fields(source, main, place, whole), _themes(source, main, themes))
    drafted.problem = place.problem or _unlinked(drafted.fields)
    for event in events:
        wall, told = _wall(event, main.time_zone)
        if errors := rules.wall_errors(*wall, main.time_zone):
            drafted.wrong.append((event, next(iter(errors.values()))))
            continue
        if told:
            drafted.told.setdefault(event.key, []).append(told)
        made = EventDate(key=key_of(source, event))
        made.start_date, made.start_time, made.end_date, made.end_time = wall
        own = place if _same_place(event, main) else places.of(event)
        drafted.problem = drafted.problem or own.problem
        _own_details(made, event, main, own, place)
        status = _status(event)
        made.status = status if status != whole else ""
        if status == Status.ANNULE and whole != Status.ANNULE:
            made.note = CANCELLED
        elif event.status == "tentative" and not event.portal_status:
            made.note = "À confirmer."
        drafted.dates[event.key] = made
    return drafted


def _main(events: list[ParsedEvent], now: datetime) -> ParsedEvent:
    """The one whose title is the commonest among those that take place, the next to come of these."""
    on = [event for event in events if event.status != "cancelled"] or events
    title = Counter(event.title for event in on).most_common(1)[0][0]
    alike = [event for event in on if event.title == title]
    coming = [event for event in alike if event.ends_at > now]
    return min(coming, key=lambda each: each.starts_at) if coming else max(alike, key=lambda each: each.starts_at)


def _status(event: ParsedEvent) -> str:
    if event.status == "cancelled":
        return Status.ANNULE
    return event.portal_status if event.portal_status in Status.values else Status.PROGRAMME


def _statuses(events: list[ParsedEvent]) -> str:
    """That of the page: theirs when they agree."""
    found = {_status(event) for event in events}
    return found.pop() if len(found) == 1 else Status.PROGRAMME


def _same_place(event: ParsedEvent, main: ParsedEvent) -> bool:
    names = ("location", "address", "postal_code", "city", "insee", "mode", "join_url")
    return all(getattr(event, name) == getattr(main, name) for name in names)


def _own_details(made: EventDate, event: ParsedEvent, main: ParsedEvent, own: Place, place: Place) -> None:
    """What is of this date only."""
    if event.title != main.title:
        made.title = event.title[:255]
    if own is place:
        return
    if own.mode != place.mode:
        made.mode = own.mode
    if own.venue is not None and own.venue != place.venue:
        made.venue = own.venue
    if own.note:
        made.venue_note = own.note
    if event.join_url != main.join_url and own.mode != Mode.SUR_PLACE:
        made.join_url = event.join_url[:500]


def _wall(event: ParsedEvent, zone: str) -> tuple[Wall, str]:
    """Its days and hours on the clocks of ``zone``, as :class:`EventDate` keeps them, and what was read otherwise."""
    if event.start_time is None:
        return (event.start_date, None, event.end_date if event.end_date != event.start_date else None, None), ""
    told = ""
    starts_at, ends_at = event.starts_at, event.ends_at
    if ends_at == starts_at:
        ends_at, told = starts_at + timedelta(hours=1), "Sans heure de fin : une heure est comptée."
    start, end = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    if start.fold and rules.to_utc(start.date(), start.time(), zone) != starts_at:
        told = "Cette heure existe deux fois ce jour-là : la première est retenue."
    last = end.date() if end.date() != start.date() else None
    return (start.date(), start.time().replace(fold=0), last, end.time().replace(fold=0)), told


def _fields(source: ImportSource, main: ParsedEvent, place: Place, status: str) -> dict[str, Any]:
    text = without_links(main.text, main.join_url).strip()
    lead, rest = _lead(text, main.title)
    mode = Mode.EN_LIGNE if status == Status.PASSE_EN_LIGNE else place.mode
    online = mode in (Mode.EN_LIGNE, Mode.HYBRIDE)
    registration_url = main.registration_url
    if online and not main.join_url and not registration_url:
        registration_url = main.url
    if registration_url == main.join_url or len(registration_url) > 500:
        registration_url = ""
    organiser = main.organiser if "@" not in main.organiser else ""
    fields: dict[str, Any] = {
        "title": main.title[:255],
        "lead": lead,
        "body": _body(rest, main),
        "time_zone": main.time_zone,
        "mode": mode,
        "venue": place.venue if mode != Mode.EN_LIGNE else None,
        "venue_note": place.note[:150],
        "join_url": main.join_url[:500] if online and len(main.join_url) <= 500 else "",
        "status": status,
        "status_reason": CANCELLED if status == Status.ANNULE else "",
        "organiser": (organiser or source.name)[:200],
        "organiser_kind": OrganiserKind.STRUCTURE,
        "format": source.default_format,
        "registration": RegistrationKind.EXTERNAL if registration_url else RegistrationKind.NONE,
        "registration_url": registration_url,
    }
    return fields | {name: name in main.access for name in Access.values}


def _unlinked(fields: dict[str, Any]) -> str:
    online = fields["mode"] in (Mode.EN_LIGNE, Mode.HYBRIDE)
    if online and not (fields["join_url"] or fields["registration_url"]):
        return "Ni lien de connexion ni lien d’inscription : à compléter."
    return ""


def _lead(text: str, title: str) -> tuple[str, str]:
    """The first sentences, for the lists, and the whole text where it says more."""
    flat = " ".join(text.split())
    if not flat:
        return title, ""
    if len(flat) <= LEAD:
        return flat, ""
    cut = flat[:LEAD]
    end = max(cut.rfind(mark) for mark in (". ", "! ", "? ", "… "))
    return (cut[: end + 1] if end > 80 else cut.rsplit(" ", 1)[0].rstrip(" ,;:") + "…"), text


def _body(text: str, main: ParsedEvent) -> list[tuple[str, RichText]]:
    """Paragraphs, the source's words on access, and the link to its page."""
    paragraphs = [f"<p>{escape(one.strip())}</p>" for one in re.split(r"\n\s*\n|\n", text) if one.strip()]
    if main.accessibility:
        paragraphs.append(f"<p>Accessibilité : {escape(', '.join(main.accessibility))}.</p>")
    if main.url and main.url != main.join_url and len(main.url) <= 500:
        paragraphs.append(f'<p><a href="{escape(main.url)}">Page de l’événement chez son organisateur</a></p>')
    blocks: list[str] = []
    for each in paragraphs:
        if blocks and len(blocks[-1]) + len(each) < BLOCK:
            blocks[-1] += each
        else:
            blocks.append(each)
    return [("text", RichText(clean_html(block))) for block in blocks]


def _themes(source: ImportSource, main: ParsedEvent, known: dict[str, Theme]) -> list[Theme]:
    found = {theme.pk: theme for name in main.categories if (theme := known.get(fold(name)))}
    if source.default_theme_id and source.default_theme:
        found.setdefault(source.default_theme_id, source.default_theme)
    return [found[key] for key in sorted(found)]
