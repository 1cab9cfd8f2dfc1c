"""Makers of events and venues for the tests."""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from events.enums import HOLDING, Attending, RegistrationState
from events.models import EventDate, EventPage, EventRule, Occurrence, Registration, Seating, Venue
from portal.territories.models import Space, Territory
from tests.factories import add_page, section

_numbers = itertools.count(1)
JOIN_URL = "https://visio.exemple.fr/secret-7f3a"


def commune(code: str = "40192") -> Territory:
    return Territory.objects.get(level="commune", code=code)


def make_venue(**fields: Any) -> Venue:
    number = next(_numbers)
    fields = {
        "name": f"Maison {number}",
        "address": "4 rue du Lavoir",
        "postal_code": "40000",
        "access_notes": "Entrée par la cour.",
    } | fields
    fields.setdefault("commune", commune())
    return Venue.objects.create(**fields)


def day_in(days: int, zone: str = "Europe/Paris") -> date:
    """The day ``days`` from today, there."""
    return timezone.now().astimezone(ZoneInfo(zone)).date() + timedelta(days=days)


def a_date(
    day: date | None = None,
    start: time | None = time(9),
    end: time | None = time(12),
    last: date | None = None,
    **fields: Any,
) -> EventDate:
    return EventDate(start_date=day or day_in(10), start_time=start, end_date=last, end_time=end, **fields)


def make_event(space: Space, *dates: EventDate, live: bool = True, **fields: Any) -> EventPage:
    """A published event of ``space``, held on the spot in ten days unless told otherwise."""
    number = next(_numbers)
    fields = {"title": f"Événement {number}", "slug": f"evenement-{number}", "lead": "Un chapô."} | fields
    themes, audiences = fields.pop("themes", []), fields.pop("audiences", [])
    page_rules, questions = fields.pop("rules", []), fields.pop("questions", [])
    if fields.get("mode", "sur_place") != "en_ligne" and "venue" not in fields:
        fields["venue"] = make_venue()
    page = EventPage(live=live, **fields)
    if live:
        page.first_published_at = page.last_published_at = timezone.now()
    page.dates = list(dates) or ([] if page_rules else [a_date()])
    page.rules, page.questions = page_rules, questions
    page.themes = themes
    page.audiences = audiences
    return add_page(section(space, "agenda"), page)


def a_rule(
    first: date | None = None, start: time | None = time(9), end: time | None = time(12), **fields: Any
) -> EventRule:
    """Every week from ``first``, in ten days unless told otherwise."""
    return EventRule(start_date=first or day_in(10), start_time=start, end_time=end, **fields)


def make_registration(occurrence: Occurrence, state: str = "confirmed", **fields: Any) -> Registration:
    """A row as the services leave it, its seat counted."""
    number, now = next(_numbers), timezone.now()
    email = fields.pop("email", f"personne{number}@exemple.fr")
    fields = {"name": f"Personne {number}", "number": number, "created_at": now, "changed_at": now} | fields
    if state == RegistrationState.WAITING:
        fields.setdefault("queued_at", now)
    if state == RegistrationState.OFFERED:
        fields.setdefault("offer_expires_at", now + timedelta(hours=24))
    made = Registration.objects.create(
        occurrence=occurrence, state=state, email=email, email_key=email.lower(), **fields
    )
    seating, _ = Seating.objects.get_or_create(occurrence=occurrence)
    if state in HOLDING:
        name = "taken_online" if made.attending == Attending.ONLINE else "taken"
        setattr(seating, name, getattr(seating, name) + 1)
    elif state == RegistrationState.WAITING:
        seating.waiting += 1
    seating.save()
    return made


def reload(page: EventPage) -> EventPage:
    return EventPage.objects.get(pk=page.pk)


def publish(page: EventPage) -> EventPage:
    """Publish the page as it is in memory, as an editor does: a revision, then its publication."""
    page.save_revision().publish()
    return reload(page)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, zone: str = "UTC") -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))
