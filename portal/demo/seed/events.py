"""Series, events with registration and events of the overseas zones: pages like the others, and people registered.

Registrations are written as the services leave them, without their mails: nobody is there to read them.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.text import slugify

from events import series
from events.enums import HOLDING, Attending, Mode, RegistrationState
from events.models import (
    EventDate,
    EventPage,
    EventRule,
    Occurrence,
    Registration,
    RegistrationQuestion,
    Seating,
    Venue,
)
from portal.territories.selectors import territory_by_key

from ..content import registrations as content
from .body import typeset

if TYPE_CHECKING:
    from .pages import Seeder

_KEYS = uuid.UUID("6f1c6a3e-7b0e-4d0c-9b1e-0d2f5a7c9e11")
THURSDAY = 3


def seed_events(seeder: Seeder) -> None:
    _series(seeder)
    for row in content.REGISTERED:
        _registered(seeder, row)
    for place in content.OVERSEAS:
        _overseas(seeder, place)


def _labels(seeder: Seeder, page: EventPage, row: dict[str, Any]) -> None:
    seeder.themed(page, row)
    page.audiences.set([seeder.audiences[slug] for slug in row["audiences"] if slug in seeder.audiences])


# --- The series -------------------------------------------------------------------------------------------------------
def _series(seeder: Seeder) -> None:
    row = content.SERIES
    parent, venue = seeder.section(row["space"], "agenda"), seeder.venue(row["venue"])
    if parent is None or venue is None:
        return

    def make() -> EventPage:
        first = seeder.today + dt.timedelta(days=(THURSDAY - seeder.today.weekday()) % 7 or 7)
        june = dt.date(first.year + (first.month > 4), 6, 30)
        common = {
            "start_time": dt.time(14),
            "end_time": dt.time(15, 30),
            "interval": 2,
            "weekdays": "TH",
            "until": june,
        }
        rules = [
            EventRule(key=uuid.uuid5(_KEYS, "here"), start_date=first, skip_holidays=True, sort_order=0, **common),
            EventRule(
                key=uuid.uuid5(_KEYS, "online"), start_date=first + dt.timedelta(days=7), skip_holidays=True,
                sort_order=1, **common, **{name: typeset(text) for name, text in row["online"].items()},
            ),
        ]  # fmt: skip
        days = series.expand(rules[0], until=series.horizon(seeder.today), departement="40")
        page = EventPage(
            **seeder.common(row), **row["fields"], venue=venue, rules=rules, dates=_exceptions(rules[0], days)
        )
        made: EventPage = seeder.publish(parent, page, days_ago=30, after=lambda each: _labels(seeder, each, row))
        on_site = Occurrence.objects.filter(page=made, mode=Mode.SUR_PLACE).order_by("starts_at")
        for place, people in row["people"].items():
            _register(on_site[place], people)
        return made

    seeder.store.once("event:series", make)


def _exceptions(rule: EventRule, days: list[dt.date]) -> list[EventDate]:
    """The dates of the series that are not as the others: called off, moved, with more seats."""
    row = content.SERIES

    def own(place: int, **fields: Any) -> EventDate:
        day = days[place]
        values = {"start_date": day, "start_time": rule.start_time, "end_time": rule.end_time} | fields
        return EventDate(key=series.key_of(rule.key, day), rule_key=rule.key, rule_date=day, sort_order=place, **values)

    off, moved, raised = row["called_off"], row["moved"], row["raised"]
    if len(days) <= max(off[0], moved[0], raised[0]):
        return []
    day_before = days[moved[0]] - dt.timedelta(days=1)
    return [
        own(off[0], status=off[1], note=typeset(off[2])),
        own(moved[0], status=moved[1], note=typeset(moved[2]), start_date=day_before),
        own(raised[0], capacity=raised[1], note=typeset(raised[2])),
    ]


# --- Events one registers to ------------------------------------------------------------------------------------------
def _registered(seeder: Seeder, row: dict[str, Any]) -> None:
    parent = seeder.section(row["space"], "agenda")
    venue = seeder.venue(row["venue"]) if row["venue"] else None
    if parent is None or (row["venue"] and venue is None):
        return

    def make() -> EventPage:
        day = seeder.today + dt.timedelta(days=row["day"])
        page = EventPage(
            **seeder.common(row),
            **row["fields"],
            venue=venue,
            dates=[EventDate(start_date=day, start_time=dt.time(9, 30), end_time=dt.time(12))],
            questions=[
                RegistrationQuestion(
                    label=typeset(label), kind=kind, choices=choices, required=required, sort_order=place
                )
                for place, (label, kind, choices, required) in enumerate(row["questions"])
            ],
        )
        made: EventPage = seeder.publish(parent, page, days_ago=40, after=lambda each: _labels(seeder, each, row))
        _register(Occurrence.objects.get(page=made), row["people"], past=row["day"] < 0)
        return made

    seeder.store.once(f"event:registered:{row['key']}", make)


def _register(occurrence: Occurrence, people: dict[str, int], *, past: bool = False) -> None:
    """Register as many people in each state as ``people`` says, and count their seats."""
    now, number = timezone.now(), 0
    seating = Seating(occurrence=occurrence)
    for state, wanted in people.items():
        for place in range(wanted):
            name = content.PEOPLE[number % len(content.PEOPLE)]
            email = f"{slugify(name)}@exemple.fr"
            number += 1
            moment = now - dt.timedelta(days=12, minutes=-number)
            online = occurrence.mode == Mode.EN_LIGNE or (occurrence.mode == Mode.HYBRIDE and number % 2 == 0)
            Registration.objects.create(
                occurrence=occurrence, number=number, name=name, email=email, email_key=email, state=state,
                attending=Attending.ONLINE if online else Attending.ON_SITE,
                organisation=("Association fictive", "Commune inventée", "")[number % 3],
                needs="Une place près de la porte." if number == 4 else "",
                created_at=moment, changed_at=moment,
                queued_at=moment if state == RegistrationState.WAITING else None,
                attended=place < content.CAME if past and state == RegistrationState.CONFIRMED else None,
                checked_at=occurrence.starts_at if past and state == RegistrationState.CONFIRMED else None,
            )  # fmt: skip
            if state in HOLDING and online:
                seating.taken_online += 1
            elif state in HOLDING:
                seating.taken += 1
            elif state == RegistrationState.WAITING:
                seating.waiting += 1
    seating.save()


# --- Every zone -------------------------------------------------------------------------------------------------------
def _overseas(seeder: Seeder, row: tuple[str, ...]) -> None:
    key, insee, postal_code, where, zone, at = row
    parent, territory, commune = (
        seeder.section("nation-FR", "agenda"),
        territory_by_key(where),
        territory_by_key(f"commune-{insee}"),
    )
    if parent is None or territory is None or commune is None:
        return
    venue = seeder.store.once(
        f"venue:{key}",
        lambda: Venue.objects.create(
            name=typeset("Maison du réseau (démonstration)"), commune=commune, postal_code=postal_code,
            address="1 rue inventée", access_notes="Adresse inventée pour la démonstration.",
        ),
    )  # fmt: skip
    if venue is None:
        return
    content_row = {
        "title": f"Permanence du réseau {at}", "lead": "Une matinée d’échanges avec les acteurs du territoire.",
        "image": "accueil-orientation", "themes": (), "audiences": ("collectivites", "structures"),
    }  # fmt: skip

    def make() -> EventPage:
        day = seeder.today + dt.timedelta(days=21)
        page = EventPage(
            **seeder.common(content_row), format="rencontre", echelon="regional", territory=territory, venue=venue,
            time_zone=zone, wheelchair=True, organiser="Réseau de l’inclusion numérique (démonstration)",
            dates=[EventDate(start_date=day, start_time=dt.time(9), end_time=dt.time(12))],
        )  # fmt: skip
        return seeder.publish(parent, page, days_ago=15, after=lambda each: _labels(seeder, each, content_row))  # type: ignore[no-any-return]

    seeder.store.once(f"event:overseas:{key}", make)
