"""One occurrence as a VEVENT."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icalendar import Event

from .. import rules
from ..enums import Mode, Status

if TYPE_CHECKING:
    from ..models import EventPage, Occurrence

# Everything RFC 5545 keeps out of TEXT but the line feed, and the separators of Unicode that readers take for one.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


def plain(text: str) -> str:
    """``text`` without control characters; line ends are line feeds."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


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
        event = self.event.copy(recursive=True)
        event.add("sequence", sequence)
        event.add("dtstamp", modified_at)
        event.add("created", created_at)
        event.add("last-modified", modified_at)
        return event.to_ical()


def _digest(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode("utf-8", "replace")).hexdigest()


def render(occurrence: Occurrence, page: EventPage, url: str, categories: list[str]) -> Rendered:
    """The VEVENT of ``occurrence``, without its stamps. The page's join link is never in it."""
    status = Status(occurrence.status)
    event = Event()
    event.add("uid", str(occurrence.uid))
    if occurrence.all_day:
        event.add("dtstart", occurrence.start_date)
        event.add("dtend", occurrence.end_date + timedelta(days=1))
    else:
        zone = ZoneInfo(occurrence.time_zone)
        event.add("dtstart", occurrence.starts_at.astimezone(zone))
        event.add("dtend", occurrence.ends_at.astimezone(zone))
    title = plain(occurrence.shown_title)
    event.add("summary", title if status == Status.PROGRAMME else f"{status.label} : {title}")
    event.add("status", rules.ICAL_STATUS[status])
    event.add("description", plain(_description(occurrence, page, url)))
    place = plain(occurrence.place_text)
    if place:
        event.add("location", place)
    venue = occurrence.venue if occurrence.venue_id else None
    if venue and venue.latitude is not None and venue.longitude is not None:
        event.add("geo", (float(venue.latitude), float(venue.longitude)))
    event.add("url", url)
    event.add("class", "PUBLIC")
    event.add("transp", "TRANSPARENT" if status == Status.ANNULE or occurrence.all_day else "OPAQUE")
    if categories:
        event.add("categories", [plain(category) for category in categories])
    significant = _digest(
        occurrence.starts_at,
        occurrence.ends_at,
        occurrence.time_zone,
        occurrence.all_day,
        status,
        occurrence.mode,
        place,
    )
    return Rendered(event, significant, _digest(event.to_ical()))


def _description(occurrence: Occurrence, page: EventPage, url: str) -> str:
    """Status, lead, how to take part, where to read more: one idea a line."""
    status = Status(occurrence.status)
    lines = []
    if status != Status.PROGRAMME:
        lines.append(f"{status.label}. {page.status_reason}".strip())
    if occurrence.note:
        lines.append(occurrence.note)
    lines.append(page.lead)
    if occurrence.is_online:
        lines.append(f"{Mode(occurrence.mode).label}. {page.joining_text}".strip())
    if page.access_list:
        lines.append(f"Accessibilité : {', '.join(page.access_list)}.")
    if page.registration_url:
        lines.append(f"Inscription : {page.registration_url}")
    lines.append(url)
    return "\n".join(lines)
