"""The agenda as JSON and CSV, under the filters of the list. Keys and columns are documented in docs/calendars.md."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.core.filters import all_themes
from portal.core.spreadsheets import table

from ..enums import Access, Mode, RegistrationKind
from ..models import AgendaPage, EventPage, Occurrence
from ..services import event_url
from ..vocabulary import all_audiences
from .conditional import CSV, JSON, File, answer
from .selection import selection

#: Dates in one file; ``truncated`` says that there are more, which filters reach.
MOST = 5_000
VERSION = 1
_DATE = (
    *("page", "uid", "start_date", "start_time", "end_date", "end_time", "time_zone", "starts_at", "ends_at"),
    *("status", "note", "title", "mode", "venue_note", "created_at", "modified_at"),
)
_PAGE = (
    *("title", "url_path", "lead", "format", "echelon", "language", "price", "status", "status_reason", "organiser"),
    *("co_organisers", "registration", "registration_url", *Access.values),
)
_VENUE = ("name", "address", "postal_code", "latitude", "longitude", "commune__name", "commune__code")


@require_safe
def agenda_json(request: HttpRequest, path: str) -> HttpResponse:
    """Every date under the filters, with all that is public of it."""

    def content(agenda: AgendaPage) -> File:
        dates, truncated = _dates(agenda, request)
        data = {
            "version": VERSION,
            "title": agenda.title,
            "space": str(agenda.space or ""),
            "url": agenda.get_full_url(request) or "",
            "truncated": truncated,
            "events": list(_records(dates)),
        }
        return File(json.dumps(data, ensure_ascii=False).encode(), JSON, "agenda.json")

    response = answer(request, AgendaPage, path, content)
    # Public data, read by scripts of other sites too.
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def agenda_csv(request: HttpRequest, path: str) -> HttpResponse:
    """The same dates as a table, for spreadsheets."""

    def content(agenda: AgendaPage) -> File:
        dates, _ = _dates(agenda, request)
        return File(table("csv", list(COLUMNS), _rows(_records(dates))), CSV, "agenda.csv", attachment=True)

    return answer(request, AgendaPage, path, content)


def _dates(agenda: AgendaPage, request: HttpRequest) -> tuple[list[Occurrence], bool]:
    """The dates of the list's set, in its order, at most :data:`MOST`, and whether there are more. One query."""
    columns = [*_DATE, "page__organisation__name"]
    columns += [f"page__fact__territory__{name}" for name in ("name", "level", "code")]
    columns += [f"page__{name}" for name in _PAGE] + [f"venue__{name}" for name in _VENUE]
    items = selection(agenda, request)[1].select_related(None)
    items = items.select_related("page__fact__territory", "page__organisation", "venue__commune").only(*columns)
    found = list(items[: MOST + 1])
    return found[:MOST], len(found) > MOST


def _labels(name: str, dates: Iterable[Occurrence], names: dict[Any, str]) -> dict[int, list[str]]:
    """The names of the themes or audiences of the dates' pages, in their order. One query."""
    field: Any = EventPage._meta.get_field(name)
    pages = {date.page_id for date in dates}
    pairs = set(
        field.remote_field.through.objects.filter(eventpage__in=pages).values_list(
            "eventpage_id", f"{field.m2m_reverse_field_name()}_id"
        )
    )
    found: dict[int, list[str]] = defaultdict(list)
    for key, label in names.items():
        for page_id in pages:
            if (page_id, key) in pairs:
                found[page_id].append(label)
    return found


def _records(dates: list[Occurrence]) -> Iterable[dict[str, Any]]:
    """One record a date. Nothing but what its page shows to anyone."""
    themes = _labels("themes", dates, {theme.pk: theme.name for theme in all_themes().values()})
    audiences = _labels("audiences", dates, {audience.pk: audience.name for audience in all_audiences().values()})
    urls: dict[int, str] = {}
    for date in dates:
        page = date.page
        url = urls.setdefault(date.page_id, "") or event_url(page)
        urls[date.page_id] = url
        territory = page.fact.territory
        yield {
            "id": str(date.uid),
            "url": url,
            "calendar": f"{url}dates/{date.uid}.ics",
            "title": date.title or page.title,
            "summary": page.lead,
            "start": date.machine_start,
            "end": date.machine_end,
            "all_day": date.all_day,
            "time_zone": date.time_zone,
            "when": date.when_and_zone,
            "status": date.status,
            "status_label": date.status_text,
            "status_reason": page.status_reason if date.status == page.status else "",
            "note": date.note,
            "mode": date.mode,
            "place": _place(date),
            "format": page.format,
            "echelon": page.echelon,
            "territory": {"key": territory.key, "name": territory.name} if territory else None,
            "themes": themes[date.page_id],
            "audiences": audiences[date.page_id],
            "accessibility": [name for name in Access.values if getattr(page, name)],
            "language": page.language,
            "price": f"{page.price:.2f}",
            "organiser": page.organiser_text,
            "registration": {"kind": page.registration, "url": _registration_url(page, url)},
            "created": date.created_at.isoformat(),
            "modified": date.modified_at.isoformat(),
        }


def _registration_url(page: EventPage, url: str) -> str:
    if page.registration == RegistrationKind.EXTERNAL:
        return page.registration_url
    return url if page.registration == RegistrationKind.INTERNAL else ""


def _place(date: Occurrence) -> dict[str, Any] | None:
    venue = date.venue if date.venue_id and date.mode != Mode.EN_LIGNE else None
    if venue is None:
        return None
    placed = venue.latitude is not None and venue.longitude is not None
    return {
        "name": venue.name,
        "note": date.venue_note,
        "address": venue.address,
        "postal_code": venue.postal_code,
        "city": venue.commune.name,
        "insee": venue.commune.code,
        "latitude": float(venue.latitude) if placed and venue.latitude is not None else None,
        "longitude": float(venue.longitude) if placed and venue.longitude is not None else None,
    }


#: Head of each column of the CSV file, and where its value is in a record ("place.city").
COLUMNS = {
    "Identifiant": "id",
    "Titre": "title",
    "Chapô": "summary",
    "Début": "start",
    "Fin": "end",
    "Journée entière": "all_day",
    "Fuseau horaire": "time_zone",
    "Quand": "when",
    "État": "status_label",
    "Raison": "status_reason",
    "Note": "note",
    "Mode": "mode",
    "Lieu": "place.name",
    "Précision": "place.note",
    "Adresse": "place.address",
    "Code postal": "place.postal_code",
    "Commune": "place.city",
    "Code INSEE": "place.insee",
    "Latitude": "place.latitude",
    "Longitude": "place.longitude",
    "Format": "format",
    "Échelon": "echelon",
    "Territoire": "territory.name",
    "Thèmes": "themes",
    "Publics": "audiences",
    "Accessibilité": "accessibility",
    "Langue": "language",
    "Tarif en euros": "price",
    "Organisateur": "organiser",
    "Inscription": "registration.url",
    "Page": "url",
    "Modifié le": "modified",
}


def _rows(records: Iterable[dict[str, Any]]) -> Iterable[list[Any]]:
    for record in records:
        yield [_cell(record, path) for path in COLUMNS.values()]


def _cell(record: dict[str, Any], path: str) -> Any:
    value: Any = record
    for name in path.split("."):
        value = value[name] if value is not None else None
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return " | ".join(value)
    return "" if value is None else value
