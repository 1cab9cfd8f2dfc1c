"""Calendars: of one event, and of the agenda under any filter."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, time
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_etags, quote_etag
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from . import rules
from .enums import Zone
from .ical import calendar_bytes
from .models import AgendaPage, EventPage, Occurrence
from .services import agenda_stamp

P = TypeVar("P", bound=Page)
#: The occurrences of a calendar, its name ("" for none), the name of its file.
Calendar = tuple[QuerySet[Any], str, str]
# Raised when the bytes of a calendar change though no event did.
FORMAT = 1


@require_safe
def agenda_calendar(request: HttpRequest, path: str) -> HttpResponse:
    """The calendar of an agenda under the list's filters."""

    def occurrences(agenda: AgendaPage) -> Calendar:
        space = agenda.space
        name = f"{agenda.title} — {space}" if space else agenda.title
        return agenda.calendar_items(request), name, "agenda.ics"

    return _calendar(request, AgendaPage, path, occurrences)


@require_safe
def event_calendar(request: HttpRequest, path: str) -> HttpResponse:
    """The calendar of one event: all its dates."""

    def occurrences(event: EventPage) -> Calendar:
        return Occurrence.objects.filter(page_id=event.pk).order_by("starts_at", "pk"), "", f"{event.slug}.ics"

    return _calendar(request, EventPage, path, occurrences, attachment=True)


def _calendar(
    request: HttpRequest, model: type[P], path: str, content: Callable[[P], Calendar], *, attachment: bool = False
) -> HttpResponse:
    """The calendar of the page at ``path``: ``content`` gives its occurrences, its name, that of the file."""
    etag, modified = _validators(request)
    if early := _not_modified(request, etag, modified):
        return early
    page = _page(model, path)
    response, filename = _fresh(request, etag, modified), ""
    if response is None:
        occurrences, name, filename = content(page)
        rows = list(occurrences.values_list("ics", "time_zone", "start_time"))
        zones = {zone for _, zone, start_time in rows if start_time is not None}
        response = HttpResponse(calendar_bytes([bytes(ics) for ics, _, _ in rows], zones, name=name))
    return _with_headers(response, etag, modified, filename, attachment=attachment)


def _validators(request: HttpRequest) -> tuple[str, datetime]:
    """A strong ETag and the Last-Modified of any calendar at this address. One query.

    The set under « à venir » or « aujourd'hui » changes at midnight without a change to an event, so the days it is in
    the zones of France are part of the tag, and the latest of their midnights bounds the date from below.
    """
    version, changed_at = agenda_stamp()
    now = timezone.now()
    days = {zone: rules.today_in(zone, now) for zone in Zone.values}
    midnight = max(rules.to_utc(day, time.min, zone) for zone, day in days.items())
    parts = [str(FORMAT), str(version), changed_at.isoformat(), request.get_full_path(), *map(str, days.values())]
    tag = hashlib.blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return quote_etag(tag), max(changed_at, midnight)


def _not_modified(request: HttpRequest, etag: str, modified: datetime) -> HttpResponse | None:
    """A 304 where the reader names the very tag: it was given by a 200 of this version, so nothing is looked up."""
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _with_headers(HttpResponseNotModified(), etag, modified)
    return None


def _fresh(request: HttpRequest, etag: str, modified: datetime) -> HttpResponse | None:
    """The 304 or 412 that the other conditions of the request ask for (``*``, If-Modified-Since…), or None."""
    return get_conditional_response(request, etag=etag, last_modified=int(modified.timestamp()))


def _with_headers(
    response: HttpResponse, etag: str, modified: datetime, filename: str = "", *, attachment: bool = False
) -> HttpResponse:
    response["ETag"] = etag
    response["Last-Modified"] = http_date(modified.timestamp())
    # Kept by readers, asked about each time: a cancellation is not to wait.
    response["Cache-Control"] = "no-cache"
    if response.status_code == 200:
        response["Content-Type"] = "text/calendar; charset=utf-8"
        response["Content-Length"] = str(len(response.content))
        if filename:
            response["Content-Disposition"] = f'{"attachment" if attachment else "inline"}; filename="{filename}"'
    return response


def _page(model: type[P], path: str) -> P:
    """The page of that model at that address, if anyone may read it; 404 otherwise. One query."""
    slug = path.rstrip("/").rpartition("/")[2]
    addresses = [f"{root.root_path}{path}" for root in Site.get_site_root_paths()]
    found = model._default_manager.filter(slug=slug, url_path__in=addresses, fact__visible=True).first()
    if found is None:
        raise Http404("Ce calendrier n’existe pas.")
    return found
