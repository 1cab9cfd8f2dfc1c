"""What organisers read: only of events in the spaces where they publish."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from portal.accounts.abilities import get_abilities
from portal.accounts.rules import Ability
from portal.territories.text import fold

from ..enums import ACTIVE, RegistrationKind, RegistrationState
from ..models import EventPage, Occurrence, Registration

#: What is listed first: what calls for an act, then who comes, then who waits, then the past.
ORDER = (
    RegistrationState.PENDING,
    RegistrationState.CONFIRMED,
    RegistrationState.OFFERED,
    RegistrationState.WAITING,
    RegistrationState.EXPIRED,
    RegistrationState.REFUSED,
    RegistrationState.CANCELLED,
)


def organised_by(user: Any) -> QuerySet[Occurrence]:
    """The occurrences of events with registration on the portal, in the spaces where ``user`` publishes."""
    territories = get_abilities(user).territories(Ability.PUBLISH)
    return Occurrence.objects.filter(
        page__fact__space__territory__in=territories, page__fact__space__closed_at=None
    ).filter(Q(page__registration=RegistrationKind.INTERNAL) | Q(pk__in=Registration.objects.values("occurrence")))


def with_figures(occurrences: QuerySet[Occurrence]) -> QuerySet[Occurrence]:
    """With the seats taken and the requests that wait for approval, in the same query."""
    return occurrences.select_related("page__fact__space__territory", "venue__commune", "seating").annotate(
        to_approve=Count("registrations", filter=Q(registrations__state=RegistrationState.PENDING)),
        confirmed=Count("registrations", filter=Q(registrations__state=RegistrationState.CONFIRMED)),
        waiting=Count("registrations", filter=Q(registrations__state=RegistrationState.WAITING)),
    )


def coming(user: Any) -> QuerySet[Occurrence]:
    """Those to come, soonest first."""
    return with_figures(organised_by(user)).filter(past_from__gt=timezone.now()).order_by("starts_at", "pk")


def past(user: Any) -> QuerySet[Occurrence]:
    """Those gone by, latest first."""
    return with_figures(organised_by(user)).filter(past_from__lte=timezone.now()).order_by("-starts_at", "-pk")


def registered_to(occurrence: Occurrence, *, state: str = "", words: str = "") -> list[Registration]:
    """Those registered to a date, those who call for an act first; filtered by state (« active » : those in course) and
    by words of the name, the address or the structure, accents and case ignored. One query."""
    found = Registration.objects.filter(occurrence=occurrence)
    if state == "active":
        found = found.filter(state__in=ACTIVE)
    elif state:
        found = found.filter(state=state)
    rows = list(found.order_by("number", "pk"))
    wanted = fold(words).split()
    if wanted:
        rows = [row for row in rows if all(word in _folded(row) for word in wanted)]
    rank = {value: number for number, value in enumerate(ORDER)}
    rows.sort(key=lambda row: (rank[RegistrationState(row.state)], row.number))
    return rows


def _folded(row: Registration) -> str:
    return fold(f"{row.name} {row.email} {row.organisation}")


def attending(occurrence: Occurrence, words: str = "") -> list[Registration]:
    """Those expected at a date, by name: for the sign-in sheet and the check-in. One query."""
    rows = registered_to(occurrence, state=RegistrationState.CONFIRMED, words=words)
    return sorted(rows, key=lambda row: (fold(row.name), row.number))


def figures_of(page: EventPage) -> list[dict[str, Any]]:
    """Each date of an event with what became of its registrations, soonest first. One query."""
    states = {
        "confirmed": Q(registrations__state=RegistrationState.CONFIRMED),
        "present": Q(registrations__attended=True),
        "absent": Q(registrations__attended=False),
        "cancelled": Q(registrations__state=RegistrationState.CANCELLED),
        "waiting": Q(registrations__state__in=[RegistrationState.WAITING, RegistrationState.EXPIRED]),
    }
    counts = {name: Count("registrations", filter=condition) for name, condition in states.items()}
    dates = Occurrence.objects.filter(page=page).annotate(**counts).order_by("starts_at", "pk")
    return [{"occurrence": date, **{name: getattr(date, name) for name in states}} for date in dates]
