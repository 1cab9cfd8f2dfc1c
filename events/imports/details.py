"""What a VEVENT says, besides when: title, text, place, links, people."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from urllib.parse import unquote

from .components import Component
from .lines import clean
from .parsed import LOCATION_LENGTH, NAME_LENGTH, TEXT_LENGTH, TITLE_LENGTH, UID_LENGTH, Notes
from .values import UnreadableError, plain, read_geo, read_moment, split_list, to_utc, unescape_text, web_address

STATUSES = {"TENTATIVE": "tentative", "CANCELLED": "cancelled", "CANCELED": "cancelled"}
_JOIN_LINKS = (
    "CONFERENCE",
    "X-GOOGLE-CONFERENCE",
    "X-GOOGLE-HANGOUT",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
    "X-MICROSOFT-ONLINEMEETINGCONFLINK",
    "X-ZOOM-MEETING-URL",
    "X-NEXTCLOUD-TALK-URL",
)
MEETING = re.compile(
    r"https://(?:[\w.-]+\.)?(?:teams\.microsoft\.com/l/meetup-join|teams\.live\.com/meet|zoom\.us/[jw]|meet\.google\.com"
    r"|meet\.jit\.si|webex\.com|whereby\.com|numerique\.gouv\.fr/(?:conf|meeting|welcome)|webconf\.numerique\.gouv\.fr"
    r"|visio\.numerique\.gouv\.fr|webinaire\.numerique\.gouv\.fr|framatalk\.org|bbb\.[\w.-]+)[^\s<>\"']*",
    re.IGNORECASE,
)


def instant(component: Component, name: str) -> datetime | None:
    """The UTC instant of DTSTAMP and the like; None when it cannot be read."""
    line = component.first(name)
    if line is None:
        return None
    try:
        wall, offset = read_moment(line.value.strip())
    except UnreadableError:
        return None
    return to_utc(wall, offset or UTC)


def uid_of(component: Component) -> str:
    """Its UID; without one, a digest of what it says, the same as long as it says the same."""
    uid = " ".join(component.text("UID").split())
    if not uid:
        names = ("DTSTART", "DTEND", "DURATION", "SUMMARY", "LOCATION", "RRULE", "RECURRENCE-ID", "URL")
        said = "\x1f".join(line.value.strip() for name in names for line in component.all(name))
        return f"sans-uid-{hashlib.sha256(said.encode()).hexdigest()[:32]}"
    if len(uid) > UID_LENGTH:
        return f"{uid[: UID_LENGTH - 33]}-{hashlib.sha256(uid.encode()).hexdigest()[:32]}"
    return uid


def said(component: Component, uid: str, notes: Notes, *, cancelled: bool) -> dict[str, object]:
    title = " ".join(plain(unescape_text(component.text("SUMMARY"))).split())
    if len(title) > TITLE_LENGTH:
        notes.add(component.line, uid, f"Titre de {len(title)} caractères, abrégé à {TITLE_LENGTH}.")
        title = title[: TITLE_LENGTH - 1].rstrip() + "…"
    text = plain(unescape_text(component.text("DESCRIPTION")))
    if not text:
        text = plain(unescape_text(component.text("STYLED-DESCRIPTION") or component.text("X-ALT-DESC")))
    if len(text) > TEXT_LENGTH:
        notes.add(component.line, uid, f"Texte de {len(text)} caractères, abrégé à {TEXT_LENGTH}.")
        text = text[: TEXT_LENGTH - 1] + "…"
    location, latitude, longitude = place(component, uid, notes)
    join = join_url(component, location, text)
    if location and location == join:
        location = ""
    cancelled = cancelled or STATUSES.get(component.text("STATUS").upper()) == "cancelled"
    return {
        "title": title or "Sans titre",
        "text": text,
        "location": location[:LOCATION_LENGTH],
        "latitude": latitude,
        "longitude": longitude,
        "url": web_address(component.text("URL")),
        "join_url": join,
        "categories": categories(component),
        "organiser": organiser(component),
        "status": "cancelled" if cancelled else STATUSES.get(component.text("STATUS").upper(), "confirmed"),
        "image": image(component),
        "private": component.text("CLASS").upper() in ("PRIVATE", "CONFIDENTIAL"),
        "modified": instant(component, "LAST-MODIFIED") or instant(component, "DTSTAMP"),
    }


def place(component: Component, uid: str, notes: Notes) -> tuple[str, float | None, float | None]:
    lines = [" ".join(row.split()) for row in plain(unescape_text(component.text("LOCATION"))).split("\n")]
    location = ", ".join(row.strip(" ,") for row in lines if row.strip(" ,"))
    point = read_geo(component.text("GEO"))
    if component.text("GEO") and point is None and not re.match(r"[0.;,\s]*\Z", component.text("GEO")):
        notes.add(component.line, uid, f"Coordonnées illisibles ignorées : {component.text('GEO')[:40]}.")
    apple = component.first("X-APPLE-STRUCTURED-LOCATION")
    if apple:
        point = point or read_geo(apple.value.lower().removeprefix("geo:"))
        location = location or " ".join(unescape_text(apple.params.get("X-TITLE", "")).split())
    return location, *(point or (None, None))


def join_url(component: Component, location: str, text: str) -> str:
    for name in _JOIN_LINKS:
        for line in component.all(name):
            if address := web_address(unescape_text(line.value)):
                return address
    for said in (location, text):
        if found := MEETING.search(said):
            return web_address(found[0].rstrip(".,;)>"))
    return web_address(location)


def categories(component: Component) -> tuple[str, ...]:
    names = [name[:NAME_LENGTH] for line in component.all("CATEGORIES") for name in split_list(line.value)]
    return tuple(dict.fromkeys(names))[:50]


def organiser(component: Component) -> str:
    line = component.first("ORGANIZER")
    if line is None:
        return ""
    name = line.params.get("CN", "").strip() or re.sub(r"(?i)^mailto:", "", line.value.strip())
    if "%" in name and " " not in name:
        name = unquote(name, errors="replace")
    return " ".join(clean(name).split())[:NAME_LENGTH]


def image(component: Component) -> str:
    for line in [*component.all("IMAGE"), *component.all("ATTACH")]:
        kind = line.params.get("FMTTYPE", "").lower()
        pictured = line.name == "IMAGE" or kind.startswith("image/")
        if pictured and (address := web_address(line.value)):
            return address
    written = re.search(r"https?://[^;\\\s]+", component.text("X-WP-IMAGES-URL"))
    return web_address(written[0]) if written else ""
