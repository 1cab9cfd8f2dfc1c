"""One occurrence as a VEVENT."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Event, Parameters, vCalAddress, vUri

from .. import rules
from ..enums import Mode, RegistrationKind, Status
from .text import mailto, parameter, plain, uri

if TYPE_CHECKING:
    from ..models import EventPage, Occurrence, Venue


@dataclass(frozen=True)
class Rendered:
    """A VEVENT: its content, and digests that tell what changed.

    ``significant`` covers what matters to someone who comes (when, where, how, whether); ``digest`` everything.
    """

    event: Event
    significant: str
    digest: str

    def stamped(self, *, sequence: int, created_at: datetime, modified_at: datetime) -> bytes:
        """The component's bytes. DTSTAMP is that of the last change, so two renders are the same bytes."""
        return stamp(self.event, sequence=sequence, created_at=created_at, modified_at=modified_at).to_ical()


def stamp(event: Event, *, sequence: int, created_at: datetime, modified_at: datetime) -> Event:
    """A copy of ``event`` with what says which version of it this is. To the second, in UTC."""
    event = event.copy(recursive=True)
    event.add("sequence", sequence)
    event.add("dtstamp", modified_at)
    event.add("created", created_at)
    event.add("last-modified", modified_at)
    return event


def digest_of(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode("utf-8", "replace")).hexdigest()


def render(occurrence: Occurrence, page: EventPage, url: str, categories: list[str]) -> Rendered:
    """The VEVENT of ``occurrence``, without its stamps. The join link is never in it."""
    event = describe(occurrence, page, url, categories)
    return Rendered(event, significance(occurrence), digest_of(event.to_ical()))


def significance(occurrence: Occurrence) -> str:
    """A digest of what matters to who comes: when, where, how, whether."""
    return digest_of(
        occurrence.starts_at,
        occurrence.ends_at,
        occurrence.time_zone,
        occurrence.all_day,
        Status(occurrence.status),
        occurrence.mode,
        place_of(occurrence),
    )


def describe(
    occurrence: Occurrence, page: EventPage, url: str, categories: list[str], *, join_url: str = "", note: str = ""
) -> Event:
    """The content of a VEVENT. ``join_url`` and ``note`` are for a file that goes to one person, never for a feed."""
    status, mode = Status(occurrence.status), Mode(occurrence.mode)
    event = Event()
    event.add("uid", str(occurrence.uid))
    add_times(event, occurrence)
    title = plain(occurrence.title or page.title)
    event.add("summary", title if status == Status.PROGRAMME else f"{status.label} : {title}")
    event.add("status", rules.ICAL_STATUS[status])
    event.add("description", plain("\n".join(_description(occurrence, page, url, join_url, note))))
    if place := plain(place_of(occurrence)):
        event.add("location", place)
    venue = _venue(occurrence)
    if venue and venue.latitude is not None and venue.longitude is not None:
        event.add("geo", (float(venue.latitude), float(venue.longitude)))
    event.add("url", uri(url))
    event.add("organizer", organiser(page))
    if mode != Mode.SUR_PLACE and status != Status.ANNULE:
        event.add("conference", _conference(page, url, join_url))
    event.add("class", "PUBLIC")
    event.add("transp", "TRANSPARENT" if status == Status.ANNULE or occurrence.all_day else "OPAQUE")
    if categories:
        event.add("categories", [plain(category) for category in categories])
    return event


def add_times(event: Event, occurrence: Occurrence) -> None:
    """Whole days as dates, the end excluded; else wall time with its zone, never floating.

    An hour that the clocks show twice is written in UTC: RFC 5545 has it be the first, not every reader knows.
    """
    if occurrence.all_day:
        event.add("dtstart", occurrence.start_date)
        event.add("dtend", occurrence.end_date + timedelta(days=1))
    elif is_ambiguous(occurrence):
        event.add("dtstart", occurrence.starts_at.astimezone(UTC))
        event.add("dtend", occurrence.ends_at.astimezone(UTC))
    else:
        zone = ZoneInfo(occurrence.time_zone)
        event.add("dtstart", occurrence.starts_at.astimezone(zone))
        event.add("dtend", occurrence.ends_at.astimezone(zone))


def is_ambiguous(occurrence: Occurrence) -> bool:
    """Whether it starts or ends at a wall time that comes twice that day."""
    zone = ZoneInfo(occurrence.time_zone)
    walls = (moment.astimezone(zone) for moment in (occurrence.starts_at, occurrence.ends_at))
    return any(wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset() for wall in walls)


def organiser(page: EventPage | None = None) -> vCalAddress:
    """Who organises. The address is the portal's own, nobody's: PUBLISH and REQUEST both ask for one (RFC 5546)."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return vCalAddress(
        mailto(address), params=Parameters({"CN": parameter((page.organiser_text if page else "") or name)})
    )


def _conference(page: EventPage, url: str, join_url: str) -> vUri:
    """How to take part online (RFC 7986, 5.11): for anyone, where to register."""
    if join_url:
        return vUri(uri(join_url), params=Parameters({"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": "Se connecter"}))
    target = page.registration_url if page.registration == RegistrationKind.EXTERNAL else ""
    label = "S’inscrire" if page.registration != RegistrationKind.NONE else "Pour se connecter"
    return vUri(uri(target or url), params=Parameters({"VALUE": "URI", "LABEL": label}))


def _venue(occurrence: Occurrence) -> Venue | None:
    return occurrence.venue if occurrence.mode != Mode.EN_LIGNE and occurrence.venue_id else None


def place_of(occurrence: Occurrence) -> str:
    """« Mairie, salle 2, 4 rue du Lavoir, 40000 Mont-de-Marsan », or « En ligne »."""
    venue = _venue(occurrence)
    if venue is None:
        return "En ligne" if occurrence.mode == Mode.EN_LIGNE else ""
    return ", ".join(part for part in (venue.name, occurrence.venue_note, venue.full_address) if part)


def _description(occurrence: Occurrence, page: EventPage, url: str, join_url: str, note: str) -> list[str]:
    """Status, lead, how to take part, where to read more: one idea a line."""
    status, mode = Status(occurrence.status), Mode(occurrence.mode)
    lines = []
    if note:
        lines.append(note)
    if status != Status.PROGRAMME:
        lines.append(f"{status.label}. {page.status_reason}".strip())
    if occurrence.note:
        lines.append(occurrence.note)
    lines.append(page.lead)
    if join_url:
        lines.append(f"Lien de connexion : {join_url}")
    elif mode != Mode.SUR_PLACE:
        lines.append(f"{mode.label}. Le lien de connexion est envoyé aux personnes inscrites.")
    if page.access_list:
        lines.append(f"Accessibilité : {', '.join(page.access_list)}.")
    if page.registration_url:
        lines.append(f"Inscription : {page.registration_url}")
    lines.append(url)
    return lines
