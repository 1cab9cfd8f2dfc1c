"""Calendars as text, and sources, for the tests of imports."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from events.imports.services import run_import
from events.models import EventPage, ImportRun, ImportSource
from portal.territories.models import Space

from ..factories import day_in


def vevent(uid: str = "un@exemple.fr", day: date | None = None, hour: int = 9, **fields: str) -> str:
    """A VEVENT of two hours at Mont-de-Marsan, in ten days unless told otherwise. ``RECURRENCE_ID`` is written with a
    hyphen; an empty value leaves the property out."""
    day = day or day_in(10)
    values = {
        "UID": uid,
        "DTSTAMP": "20260101T000000Z",
        "DTSTART;TZID=Europe/Paris": f"{day:%Y%m%d}T{hour:02d}0000",
        "DTEND;TZID=Europe/Paris": f"{day:%Y%m%d}T{hour + 2:02d}0000",
        "SUMMARY": f"Atelier {uid}",
        "LOCATION": "Médiathèque\\, 4 rue du Lavoir\\, 40000 Mont-de-Marsan",
    } | {name.replace("_", "-"): value for name, value in fields.items()}
    lines = "".join(f"{name}:{value}\r\n" for name, value in values.items() if value)
    return f"BEGIN:VEVENT\r\n{lines}END:VEVENT\r\n"


def calendar(*events: str) -> bytes:
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Exemple//FR\r\n"
    return f"{head}{''.join(events)}END:VCALENDAR\r\n".encode()


def make_source(space: Space, owner: Any, **fields: Any) -> ImportSource:
    number = ImportSource.objects.count() + 1
    values = {"name": f"Agenda {number}", "url": f"https://agenda{number}.exemple.fr/a.ics", "publish": True} | fields
    return ImportSource.objects.create(space=space, owner=owner, **values)


def bring(source: ImportSource, *events: str, **options: Any) -> ImportRun:
    """One run over a calendar of ``events``; its counts must be those of its lines."""
    source.refresh_from_db()
    run = run_import(source=source, data=calendar(*events), actor=source.owner, **options)
    run.refresh_from_db()
    lines = list(run.lines.order_by("pk").values_list("outcome", flat=True))
    for name, _ in ((each, 0) for each in ("created", "updated", "cancelled", "vanished", "unchanged", "skipped")):
        assert getattr(run, name) == lines.count(name)
    assert len(lines) == run.total
    return run


def page_of(source: ImportSource, uid: str = "un@exemple.fr") -> EventPage:
    return EventPage.objects.get(imported_from__source=source, imported_from__uid=uid)


def later(days: int) -> timedelta:
    return timedelta(days=days)
