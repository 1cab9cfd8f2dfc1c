"""What is read of registrations."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from ..enums import RegistrationKind, RegistrationState
from ..models import EventPage, Occurrence, Registration, Seating
from .rules import availability

MOST = 200


def place_in_line(registration: Registration) -> int:
    """1 for who is first to be offered a seat; 0 for who does not wait. One query."""
    if registration.state != RegistrationState.WAITING or registration.queued_at is None:
        return 0
    before = Registration.objects.filter(
        Q(queued_at__lt=registration.queued_at) | Q(queued_at=registration.queued_at, number__lt=registration.number),
        occurrence=registration.occurrence_id,
        attending=registration.attending,
        state=RegistrationState.WAITING,
    )
    return before.count() + 1


def with_availability(page: EventPage, coming: list[Occurrence]) -> list[Occurrence]:
    """``coming``, each with its ``availability``, where one registers on the portal. One query, or none."""
    if page.registration == RegistrationKind.INTERNAL and coming:
        seats = Seating.objects.in_bulk([occurrence.pk for occurrence in coming if occurrence.pk])
        now = timezone.now()
        for occurrence in coming:
            occurrence.availability = availability(page, occurrence, seats.get(occurrence.pk), now)  # type: ignore[attr-defined]
    return coming


def registrations_of(user: Any) -> Any:
    """Those made by a signed-in person, soonest first, with what lists show. One query."""
    return (
        Registration.objects.filter(user=user, purged_at=None)
        .select_related("occurrence__page", "occurrence__venue__commune")
        .order_by("occurrence__starts_at", "pk")[:MOST]
    )
