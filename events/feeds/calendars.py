"""Calendars: of the agenda under any filter, of one event, of one of its dates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..ical import calendar_bytes
from ..ical.tombstones import tombstones_for
from ..models import AgendaPage, EventPage, Occurrence, SeriesCalendar, Tombstone
from .conditional import File, answer
from .selection import is_understood, selection


@require_safe
def agenda_calendar(request: HttpRequest, path: str) -> HttpResponse:
    """The calendar of an agenda under the list's filters."""

    def content(agenda: AgendaPage) -> File:
        space = agenda.space
        name = f"{agenda.title} — {space}" if space else agenda.title
        form, dates = selection(agenda, request)
        gone = tombstones_for(form) if is_understood(form) else []
        return File(_bytes(dates, name, gone), name="agenda.ics")

    return answer(request, AgendaPage, path, content)


@require_safe
def event_calendar(request: HttpRequest, path: str) -> HttpResponse:
    """The calendar of one event: all its dates."""

    def content(event: EventPage) -> File:
        dates = Occurrence.objects.filter(page_id=event.pk).order_by("starts_at", "pk")
        gone = Tombstone.objects.standing(timezone.now()).filter(page_id=event.pk).order_by("starts_at", "pk")
        return File(_bytes(dates, gone=gone), name=f"{event.slug}.ics", attachment=True)

    return answer(request, EventPage, path, content)


@require_safe
def series_calendar(request: HttpRequest, path: str) -> HttpResponse:
    """The calendar of an event whose dates come back: a recurring VEVENT a rule, with its exceptions."""

    def content(event: EventPage) -> File:
        rows = list(SeriesCalendar.objects.filter(page_id=event.pk).order_by("position", "pk"))
        if not rows:
            raise Http404("Cet événement n’a pas de série.")
        data = calendar_bytes([bytes(row.ics) for row in rows], {row.time_zone for row in rows if row.time_zone})
        return File(data, name=f"{event.slug}-serie.ics", attachment=True)

    return answer(request, EventPage, path, content)


@require_safe
def date_calendar(request: HttpRequest, path: str, uid: UUID) -> HttpResponse:
    """The calendar of one date of an event."""

    def content(event: EventPage) -> File:
        data = _bytes(Occurrence.objects.filter(page_id=event.pk, uid=uid).order_by("pk"))
        if b"BEGIN:VEVENT" not in data:
            raise Http404("Cette date n’existe pas.")
        return File(data, name=f"{event.slug}.ics", attachment=True)

    return answer(request, EventPage, path, content)


def _bytes(occurrences: QuerySet[Any], name: str = "", gone: Iterable[Tombstone] = ()) -> bytes:
    """The calendar of those occurrences, as rendered at publication, and of those that went. A query each."""
    rows = list(occurrences.values_list("ics", "time_zone", "start_time"))
    zones = {zone for _, zone, start_time in rows if start_time is not None}
    vevents = [bytes(ics) for ics, _, _ in rows]
    for grave in gone:
        vevents.append(bytes(grave.ics))
        if not grave.all_day:
            zones.add(grave.time_zone)
    return calendar_bytes(vevents, zones, name=name)
