"""What the processes of a race do with events: see tests/security/racers.py."""

from __future__ import annotations

from typing import Any


def an_event(fields: dict[str, Any]) -> int:
    """An event with registration in a space of its own, in ten days; returns its occurrence."""
    from pages.services import open_territory_space
    from portal.territories.models import Territory
    from tests.events.factories import make_event

    page = make_event(
        open_territory_space(territory=Territory.objects.get(level="departement", code="40")),
        registration="internal",
        **fields,
    )
    return page.occurrences.get().pk


def register_many(argument: list[int]) -> list[str]:
    """Ten people at once, each in a thread with its own connection, the first of them numbered so."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    from events.models import Occurrence
    from events.registration.services import register

    occurrence_id, first = argument

    def one(number: int) -> str:
        try:
            occurrence = Occurrence.objects.get(pk=occurrence_id)
            email = f"p{number}@exemple.fr"
            return register(occurrence=occurrence, actor=None, name="A", email=email, attending="on_site").state
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        return list(pool.map(one, range(first, first + 10)))


def state_of_registrations(occurrence_id: int) -> dict[str, Any]:
    from events.models import EventMail, Registration, Seating

    found = Registration.objects.filter(occurrence=occurrence_id).order_by("number")
    seating = Seating.objects.get(pk=occurrence_id)
    return {
        "states": [each.state for each in found],
        "numbers": [each.number for each in found],
        "line": [each.number for each in found.filter(state="waiting").in_line()],
        "seating": [seating.taken, seating.waiting],
        "mails": sorted(EventMail.objects.values_list("kind", "state")),
    }


def leave_many(occurrence_id: int) -> list[str]:
    """Whoever holds a seat leaves it, as long as somebody does; offers are taken at once."""
    from events.models import Registration
    from events.registration.rules import RegistrationRefused
    from events.registration.services import accept_offer, withdraw

    done = []
    for _ in range(6):
        for each in Registration.objects.filter(occurrence=occurrence_id, state="offered").order_by("number"):
            try:
                accept_offer(registration=each)
            except RegistrationRefused as refusal:
                done.append(refusal.code)
        first = Registration.objects.filter(occurrence=occurrence_id, state="confirmed").order_by("number").first()
        if first is not None:
            withdraw(registration=first, actor=None)
    return done


def plan_for_tomorrow(count: int) -> int:
    """That many people confirmed for a date that starts in twenty hours, all their mails of confirmation sent."""
    from datetime import datetime, timedelta
    from zoneinfo import ZoneInfo

    from django.utils import timezone

    from events.models import EventMail, Occurrence, Registration
    from events.registration.services import register

    occurrence_id = an_event({"remind_day": True})
    occurrence = Occurrence.objects.get(pk=occurrence_id)
    for number in range(count):
        register(occurrence=occurrence, actor=None, name="A", email=f"p{number}@exemple.fr", attending="on_site")
    EventMail.objects.update(state="sent")
    past = timezone.now() - timedelta(days=20)
    Registration.objects.update(changed_at=past)
    starts = timezone.now() + timedelta(hours=2)
    local: datetime = starts.astimezone(ZoneInfo(occurrence.time_zone))
    Occurrence.objects.filter(pk=occurrence_id).update(
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        start_date=local.date(),
        last_day=local.date(),
        past_from=starts + timedelta(days=1),
    )
    return occurrence_id


def remind(_: Any = None) -> int:
    from events.registration.reminders import remind as run

    return run()


def age_leases(_: Any = None) -> None:
    """As if five minutes had passed since a process died."""
    from datetime import timedelta

    from django.utils import timezone

    from events.models import EventMail
    from portal.jobs.models import PeriodicRun

    EventMail.objects.exclude(claim=None).update(leased_until=timezone.now() - timedelta(seconds=1))
    PeriodicRun.objects.update(started_at=None, leased_until=None)
