"""Seats, given and given back under one lock: the row of the occurrence's :class:`~events.models.Seating`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import log

from portal.core.enums import ContentKind
from portal.core.page_cache import invalidate_pages

from ..enums import HOLDING, Attending, RegistrationState
from ..models import EventPage, Occurrence, Registration, Seating
from . import rules
from .rules import RegistrationRefused


@dataclass
class Room:
    """An occurrence whose seats this transaction holds: nobody else gives or takes one until it ends."""

    occurrence: Occurrence
    seating: Seating
    now: datetime

    @property
    def page(self) -> EventPage:
        return self.occurrence.page

    @classmethod
    def locked(cls, occurrence_id: int, now: datetime | None = None) -> Room:
        """The room, read after its lock was had. To be called inside a transaction."""
        Seating.objects.get_or_create(occurrence_id=occurrence_id)
        seating = Seating.objects.select_for_update(of=("self",)).get(pk=occurrence_id)
        occurrence = Occurrence.objects.select_related("page__fact", "venue__commune").get(pk=occurrence_id)
        return cls(occurrence, seating, now or timezone.now())

    def free(self, way: str) -> int | None:
        return rules.free(self.occurrence, self.seating, way)

    def line(self, way: str) -> Any:
        """Those that wait for a seat of that way, first come first."""
        return Registration.objects.filter(occurrence=self.occurrence, attending=way).in_line()

    def next_number(self) -> int:
        last = Registration.objects.filter(occurrence=self.occurrence).aggregate(last=Max("number"))["last"]
        return (last or 0) + 1

    # --- Changes ------------------------------------------------------------------------------------------------------
    def count(self, way: str, before: str, after: str) -> None:
        """Note that a registration of ``way`` went from one state to another; "" is no registration."""
        was_full = rules.is_full(self.occurrence, self.seating)
        held, holds = before in HOLDING, after in HOLDING
        name = "taken_online" if way == Attending.ONLINE else "taken"
        setattr(self.seating, name, getattr(self.seating, name) + holds - held)
        waiting = RegistrationState.WAITING
        self.seating.waiting += (after == waiting) - (before == waiting)
        self.seating.save(update_fields=["taken", "taken_online", "waiting"])
        if was_full != rules.is_full(self.occurrence, self.seating):
            # Visitors' pages say whether seats are left, not how many.
            invalidate_pages(ContentKind.EVENT)

    def move(self, registration: Registration, state: RegistrationState, *, actor: Any = None, **fields: Any) -> None:
        """Give a registration of this room its new state, count its seat, log it. Raises where it may not be."""
        before = registration.state
        if not rules.may_become(before, state):
            label = RegistrationState(before).label.lower()
            raise RegistrationRefused("state", f"Cette inscription est {label} : ce n’est plus possible.")
        registration.state = state
        registration.changed_at = self.now
        registration.sequence += 1
        for name, value in fields.items():
            setattr(registration, name, value)
        registration.save(update_fields=["state", "changed_at", "sequence", *fields])
        self.count(registration.attending, before, state)
        self.log(registration, before, state, actor)

    def log(self, registration: Registration, before: str, after: str, actor: Any) -> None:
        """The page's log tells what happened to which registration, and nothing of the person."""
        log(
            instance=self.page,
            action="events.registration",
            user=actor if getattr(actor, "pk", None) else None,
            data={"registration": str(registration.pk), "from": before, "to": after},
        )
