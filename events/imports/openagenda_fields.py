"""Fields of an OpenAgenda event: texts by language, places, codes, whatever their type."""

from __future__ import annotations

import json
import re
from typing import Any

from ..enums import Access, Mode, Status
from .lines import clean
from .parsed import LOCATION_LENGTH, NAME_LENGTH, TEXT_LENGTH, TITLE_LENGTH, Notes
from .values import plain, web_address

STATUSES = {
    1: Status.PROGRAMME,
    2: Status.REPROGRAMME,
    3: Status.PASSE_EN_LIGNE,
    4: Status.REPORTE,
    5: Status.COMPLET,
    6: Status.ANNULE,
}
MODES = {1: Mode.SUR_PLACE, 2: Mode.EN_LIGNE, 3: Mode.HYBRIDE}
DISABILITIES = {
    "hi": "Handicap auditif",
    "vi": "Handicap visuel",
    "pi": "Handicap psychique",
    "ii": "Handicap intellectuel",
    "mi": "Handicap moteur",
}
_LANGUAGES = ("fr", "fr-FR", "en")


def text_of(value: Any) -> str:
    """A text, or that in French of a text by language, else the first there is. Numbers are texts too."""
    if isinstance(value, dict):
        chosen = next((value[key] for key in _LANGUAGES if value.get(key)), None)
        value = chosen if chosen is not None else next((item for item in value.values() if item), "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return clean(str(value)).strip()


def line_of(value: Any) -> str:
    return " ".join(plain(text_of(value)).split())


def first_of(raw: dict[str, Any], *names: str) -> Any:
    return next((raw[name] for name in names if raw.get(name) not in (None, "", [], {})), None)


def said(raw: dict[str, Any], place: dict[str, Any], rank: int, uid: str, notes: Notes) -> dict[str, Any]:
    title = line_of(first_of(raw, "title", "title_fr"))
    if len(title) > TITLE_LENGTH:
        notes.add(rank, uid, f"Titre de {len(title)} caractères, abrégé à {TITLE_LENGTH}.")
        title = title[: TITLE_LENGTH - 1].rstrip() + "…"
    texts = [
        plain(text_of(first_of(raw, *names)))
        for names in (
            ("description", "description_fr"),
            ("longDescription", "longdescription_fr", "html"),
            ("conditions", "conditions_fr"),
        )
    ]
    number = _number(raw.get("status"))
    status = STATUSES.get(number, Status.PROGRAMME)
    mode = MODES.get(_number(first_of(raw, "attendanceMode", "attendancemode")))
    access = raw.get("accessibility")
    codes = [code for code in DISABILITIES if isinstance(access, dict) and access.get(code) is True]
    if isinstance(access, list | str):
        codes = [code for code in DISABILITIES if code in access]
    said = {
        "title": title or "Sans titre",
        "text": "\n\n".join(dict.fromkeys(text for text in texts if text))[:TEXT_LENGTH],
        "url": web_address(text_of(first_of(raw, "canonicalUrl", "canonicalurl", "url"))),
        "join_url": web_address(text_of(first_of(raw, "onlineAccessLink", "onlineaccesslink"))),
        "registration_url": _registration(raw),
        "categories": _keywords(first_of(raw, "keywords", "keywords_fr")),
        "organiser": line_of(_agenda_title(raw))[:NAME_LENGTH],
        "status": {Status.ANNULE: "cancelled", Status.REPORTE: "tentative"}.get(status, "confirmed"),
        "portal_status": status.value,
        "mode": mode.value if mode else "",
        "image": _image(raw),
        "accessibility": tuple(DISABILITIES[code] for code in codes),
        "access": (Access.WHEELCHAIR.value,) if "mi" in codes else (),
    }
    return said | _place(raw, place, rank, uid, notes)


def _place(raw: dict[str, Any], place: dict[str, Any], rank: int, uid: str, notes: Notes) -> dict[str, Any]:
    point = first_of(raw, "location_coordinates")
    source = point if isinstance(point, dict) else place
    latitude = _coordinate(first_of(source, "latitude", "lat") or raw.get("latitude"), 90)
    longitude = _coordinate(first_of(source, "longitude", "lon", "lng") or raw.get("longitude"), 180)
    written = [text_of(first_of(source, *names)) for names in (("latitude", "lat"), ("longitude", "lon", "lng"))]
    if latitude is None or longitude is None:
        if any(written):
            notes.add(rank, uid, f"Coordonnées illisibles ignorées : {', '.join(written)[:40]}.")
        latitude = longitude = None
    return {
        "location": line_of(first_of(place, "name") or first_of(raw, "location_name", "locationName"))[
            :LOCATION_LENGTH
        ],
        "address": line_of(first_of(place, "address") or first_of(raw, "location_address", "address"))[
            :LOCATION_LENGTH
        ],
        "postal_code": line_of(first_of(place, "postalCode") or first_of(raw, "location_postalcode", "postalCode"))[
            :10
        ],
        "city": line_of(first_of(place, "city") or first_of(raw, "location_city", "city"))[:NAME_LENGTH],
        "insee": line_of(first_of(place, "insee") or first_of(raw, "location_insee"))[:5],
        "latitude": latitude,
        "longitude": longitude,
    }


def _coordinate(value: Any, most: int) -> float | None:
    try:
        number = float(text_of(value).replace(",", "."))
    except ValueError:
        return None
    return number if -most <= number <= most and number else None


def _number(value: Any) -> int:
    """A code, alone or as ``{"id": 1}``, as the open data platform writes it."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return 0
    if isinstance(value, dict):
        value = value.get("id")
    text = text_of(value)
    return int(text) if re.match(r"\d{1,2}\Z", text) else 0


def _keywords(value: Any) -> tuple[str, ...]:
    if isinstance(value, dict):
        value = next((value[key] for key in _LANGUAGES if value.get(key)), None) or next(iter(value.values()), None)
    if isinstance(value, str):
        value = re.split(r"[,;]", value)
    names = [line_of(item)[:NAME_LENGTH] for item in value] if isinstance(value, list) else []
    return tuple(dict.fromkeys(name for name in names if name))[:50]


def _registration(raw: dict[str, Any]) -> str:
    """The first web address among the ways to register (the others are telephones and e-mail addresses)."""
    listed = first_of(raw, "registration", "registrationUrl")
    if isinstance(listed, str) and listed.startswith("["):
        try:
            listed = json.loads(listed)
        except (ValueError, RecursionError):
            listed = []
    for item in listed if isinstance(listed, list) else [listed]:
        value = item.get("value") if isinstance(item, dict) else item
        if address := web_address(text_of(value)):
            return address
    return ""


def _agenda_title(raw: dict[str, Any]) -> Any:
    for name in ("originAgenda", "sourceAgenda"):
        if isinstance(raw.get(name), dict):
            return raw[name].get("title")
    return first_of(raw, "originagenda_title", "organizer", "contributor_organization")


def _image(raw: dict[str, Any]) -> str:
    image = raw.get("image")
    if isinstance(image, dict):
        base, name = text_of(image.get("base")), text_of(image.get("filename"))
        return web_address(text_of(image.get("url")) or (base.rstrip("/") + "/" + name if base and name else ""))
    return web_address(text_of(image))
