"""Calendars: of the agenda under any filter, of one event, of one of its dates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ..ical import calendar_bytes
from ..models import AgendaPage, EventPage, Occurrence
from .conditional import File, answer


@require_safe
def agenda_calendar(request: HttpRequest, path: str) -> HttpResponse:
    """The calendar of an agenda under the list's filters."""

    def content(agenda: AgendaPage) -> File:
        space = agenda.space
        name = f"{agenda.title} — {space}" if space else agenda.title
        return File(_bytes(agenda.calendar_items(request), name), name="agenda.ics")

    return answer(request, AgendaPage, path, content)


@require_safe
def event_calendar(request: HttpRequest, path: str) -> HttpResponse:
    """The calendar of one event: all its dates."""

    def content(event: EventPage) -> File:
        dates = Occurrence.objects.filter(page_id=event.pk).order_by("starts_at", "pk")
        return File(_bytes(dates), name=f"{event.slug}.ics", attachment=True)

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


def _bytes(occurrences: QuerySet[Any], name: str = "") -> bytes:
    """The calendar of those occurrences, as rendered at publication. One query."""
    rows = list(occurrences.values_list("ics", "time_zone", "start_time"))
    zones = {zone for _, zone, start_time in rows if start_time is not None}
    return calendar_bytes([bytes(ics) for ics, _, _ in rows], zones, name=name)
