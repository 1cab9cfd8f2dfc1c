"""Reminders: which are due, once each, on the clocks of where the event is held."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from .. import rules as clock
from ..enums import EventMailKind, RegistrationState, Status
from ..models import EventMail, Occurrence, Registration
from .mailing import send_due
from .relevance import AFTERWARDS_FOR

#: When a day's reminder leaves, there.
MORNING, LATE_MORNING = time(9), time(10)
_BATCH = 500
_K = EventMailKind


def moment_of(kind: EventMailKind, occurrence: Occurrence) -> datetime:
    """The instant a reminder of that kind is due: 9 h on the day, where it is held, a week or a day before; an hour
    before it starts; 10 h the day after its last."""
    zone = occurrence.time_zone
    if kind == _K.HOUR_BEFORE:
        return occurrence.starts_at - timedelta(hours=1)
    if kind == _K.AFTERWARDS:
        return clock.to_utc(occurrence.last_day + timedelta(days=1), LATE_MORNING, zone)
    days = 7 if kind == _K.WEEK_BEFORE else 1
    return clock.to_utc(occurrence.start_date - timedelta(days=days), MORNING, zone)


def due_kind(occurrence: Occurrence, now: datetime) -> EventMailKind | None:
    """The reminder that is due at ``now``, if any: of several, the nearest to the event, since a week's reminder says
    nothing more once the day's is due."""
    page = occurrence.page
    if occurrence.starts_at > now:
        asked = (
            (_K.HOUR_BEFORE, page.remind_hour),
            (_K.DAY_BEFORE, page.remind_day),
            (_K.WEEK_BEFORE, page.remind_week),
        )
        return next((kind for kind, wanted in asked if wanted and moment_of(kind, occurrence) <= now), None)
    if page.follow_up and moment_of(_K.AFTERWARDS, occurrence) <= now < occurrence.ends_at + AFTERWARDS_FOR:
        return _K.AFTERWARDS
    return None


def plan_reminders(*, now: datetime | None = None) -> int:
    """Write the reminders that are due to the ledger; returns how many. Idempotent: a row is written once for a
    registration, a kind and a start, whatever runs twice or late; a moved occurrence is reminded of anew.

    Somebody who registered after the moment of a reminder does not get it: the confirmation said it all.
    """
    now = now or timezone.now()
    near = Occurrence.objects.filter(
        starts_at__lte=now + timedelta(days=9),
        ends_at__gt=now - AFTERWARDS_FOR,
        page__live=True,
        page__registration="internal",
    ).exclude(status__in=[Status.ANNULE, Status.REPORTE])
    registered = Registration.objects.filter(occurrence=OuterRef("pk"), state=RegistrationState.CONFIRMED)
    planned, batch = 0, []
    for occurrence in near.filter(Exists(registered)).select_related("page").order_by("pk").iterator(_BATCH):
        if kind := due_kind(occurrence, now):
            batch.append((occurrence, kind))
        if len(batch) == _BATCH:
            planned += _write(batch, now)
            batch = []
    return planned + _write(batch, now)


def _write(due: list[tuple[Occurrence, EventMailKind]], now: datetime) -> int:
    """The rows of those registered who have not got theirs. A few queries, however many occurrences are due."""
    kinds = {occurrence.pk: (kind, occurrence) for occurrence, kind in due}
    if not kinds:
        return 0
    ledger = EventMail.objects.filter(occurrence__in=kinds, kind__in={kind for _, kind in due})
    told = set(ledger.values_list("registration_id", "kind", "moment"))
    wanted = Registration.objects.filter(
        occurrence__in=kinds, state=RegistrationState.CONFIRMED, purged_at=None
    ).values_list("pk", "occurrence_id", "changed_at", "attended")
    rows = []
    for key, occurrence_id, changed_at, attended in wanted.order_by("pk").iterator(_BATCH):
        kind, occurrence = kinds[occurrence_id]
        moment = occurrence.starts_at.isoformat()
        absent = kind == _K.AFTERWARDS and attended is False
        if absent or changed_at >= moment_of(kind, occurrence) or (key, kind.value, moment) in told:
            continue
        rows.append(
            EventMail(registration_id=key, occurrence=occurrence, kind=kind, moment=moment, created_at=now, due_at=now)
        )
    EventMail.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    return len(rows)


def remind(*, now: datetime | None = None) -> int:
    """Plan what is due and send it: what the schedule runs. Returns how many mails left."""
    plan_reminders(now=now)
    return send_due(now)
