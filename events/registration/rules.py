"""Who may register when, and what is said otherwise. Pure: no database, no request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, TypeAlias

from django.utils import timezone

from ..enums import ACTIVE, Attending, Mode, RegistrationKind, RegistrationState, Status

# Rules stand below the models: what they read of an EventPage, an Occurrence and its Seating is said here.
EventPage: TypeAlias = Any
Occurrence: TypeAlias = Any
Seating: TypeAlias = Any

_S = RegistrationState
#: People are checked in from the day before.
CHECK_IN_BEFORE = timedelta(days=1)
#: From each state, those it may go to. What ended begins again only as another registration.
TRANSITIONS: dict[RegistrationState, tuple[RegistrationState, ...]] = {
    _S.PENDING: (_S.CONFIRMED, _S.REFUSED, _S.CANCELLED),
    _S.CONFIRMED: (_S.CANCELLED, _S.REFUSED),
    _S.WAITING: (_S.OFFERED, _S.CONFIRMED, _S.PENDING, _S.CANCELLED, _S.REFUSED),
    _S.OFFERED: (_S.CONFIRMED, _S.PENDING, _S.EXPIRED, _S.CANCELLED, _S.REFUSED),
    _S.EXPIRED: (),
    _S.REFUSED: (),
    _S.CANCELLED: (),
}


class RegistrationRefused(Exception):  # noqa: N818 - a refusal, not a fault
    """``message`` is for the person, in French; ``field`` names the field it stands beside ("" for the whole form)."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.field = code, message, field


class Opening(Enum):
    """Where the registrations to an occurrence stand."""

    OPEN = "open"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    PAST = "past"
    CALLED_OFF = "called_off"
    ELSEWHERE = "elsewhere"


MESSAGES = {
    Opening.NOT_YET: "Les inscriptions ne sont pas encore ouvertes.",
    Opening.CLOSED: "Les inscriptions sont closes.",
    Opening.PAST: "Cette date est passée.",
    Opening.CALLED_OFF: "Cette date n’aura pas lieu.",
    Opening.ELSEWHERE: "On ne s’inscrit pas sur le portail à cet événement.",
}


def closes_at(page: EventPage, occurrence: Occurrence) -> datetime:
    """The instant from which nobody registers any more."""
    closing: datetime = occurrence.starts_at - timedelta(hours=page.registration_closes_hours)
    return closing


def opening(page: EventPage, occurrence: Occurrence, now: datetime | None = None) -> Opening:
    """Whether one may register now, seats aside."""
    now = now or timezone.now()
    if page.registration != RegistrationKind.INTERNAL:
        return Opening.ELSEWHERE
    if occurrence.status in (Status.ANNULE, Status.REPORTE):
        return Opening.CALLED_OFF
    if occurrence.starts_at <= now:
        return Opening.PAST
    if page.registration_opens_at and now < page.registration_opens_at:
        return Opening.NOT_YET
    return Opening.CLOSED if now >= closes_at(page, occurrence) else Opening.OPEN


def ways(occurrence: Occurrence) -> list[Attending]:
    """The ways of taking part in it."""
    return {
        Mode.SUR_PLACE: [Attending.ON_SITE],
        Mode.EN_LIGNE: [Attending.ONLINE],
        Mode.HYBRIDE: [Attending.ON_SITE, Attending.ONLINE],
    }[Mode(occurrence.mode)]


def capacity(occurrence: Occurrence, way: str) -> int | None:
    """Seats for that way of taking part; None: without limit."""
    seats: int | None = occurrence.capacity_online if way == Attending.ONLINE else occurrence.capacity
    return seats


def taken(seating: Seating | None, way: str) -> int:
    if seating is None:
        return 0
    return int(seating.taken_online if way == Attending.ONLINE else seating.taken)


def free(occurrence: Occurrence, seating: Seating | None, way: str) -> int | None:
    """Seats left, never below zero (a capacity may be lowered under the registered); None: without limit.

    None is left where the organiser says « complet », whatever is counted.
    """
    if occurrence.status == Status.COMPLET:
        return 0
    seats = capacity(occurrence, way)
    return None if seats is None else max(0, seats - taken(seating, way))


def is_full(occurrence: Occurrence, seating: Seating | None) -> bool:
    """Whether every way of taking part is full."""
    return all(free(occurrence, seating, way) == 0 for way in ways(occurrence))


def may_become(state: str, target: str) -> bool:
    return RegistrationState(target) in TRANSITIONS[RegistrationState(state)]


def offer_deadline(page: EventPage, occurrence: Occurrence, now: datetime) -> datetime:
    """Until when a seat offered ``now`` is kept: never after it starts."""
    starts_at: datetime = occurrence.starts_at
    return min(now + timedelta(hours=page.offer_hours), starts_at)


@dataclass(frozen=True)
class Availability:
    """What the public is shown of the registrations to an occurrence. It changes when the first or last seat does, not
    at each registration: pages of visitors are kept."""

    opening: Opening
    full: bool
    waiting_list: bool

    @property
    def can_register(self) -> bool:
        return self.opening == Opening.OPEN and (not self.full or self.waiting_list)

    @property
    def label(self) -> str:
        """What the button says, or why there is none."""
        if self.opening != Opening.OPEN:
            return MESSAGES[self.opening]
        if not self.full:
            return "S’inscrire"
        return "Rejoindre la liste d’attente" if self.waiting_list else "Complet"


def availability(
    page: EventPage, occurrence: Occurrence, seating: Seating | None, now: datetime | None = None
) -> Availability:
    return Availability(opening(page, occurrence, now), is_full(occurrence, seating), page.waiting_list)


def is_active(state: str) -> bool:
    return state in ACTIVE
