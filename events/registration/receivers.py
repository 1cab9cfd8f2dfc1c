"""What registrations do when dates change: people are told at once, seats go to who waits."""

from __future__ import annotations

import hashlib
from typing import Any

from django.dispatch import receiver

from ..enums import ACTIVE, EventMailKind, Mode
from ..models import Occurrence, Registration, Venue
from ..signals import occurrence_called_off, occurrence_moved, seats_changed
from ..text import when_text
from .mailing import queue
from .services import promote


def _registered(occurrence: Occurrence) -> Any:
    return Registration.objects.filter(occurrence=occurrence, state__in=ACTIVE).order_by("number")


@receiver(occurrence_moved)
def tell_of_move(sender: type, occurrence: Occurrence, before: dict[str, Any], **kwargs: Any) -> None:
    """What changed is written to everyone registered."""
    changes = changes_in_words(occurrence, before)
    # A new join link raises no SEQUENCE: calendars do not have it.
    said = hashlib.sha256("\n".join([*changes, occurrence.join_url]).encode()).hexdigest()[:12]
    for registration in _registered(occurrence):
        queue(
            registration,
            EventMailKind.OCCURRENCE_MOVED,
            moment=f"{occurrence.sequence}.{said}",
            context={"changes": changes},
        )
    promote(occurrence=occurrence)


@receiver(occurrence_called_off)
def tell_of_cancellation(sender: type, occurrence: Occurrence, **kwargs: Any) -> None:
    for registration in _registered(occurrence):
        queue(registration, EventMailKind.OCCURRENCE_CANCELLED, moment=f"{occurrence.sequence}")


@receiver(seats_changed)
def give_new_seats(sender: type, occurrence: Occurrence, **kwargs: Any) -> None:
    promote(occurrence=occurrence)


def changes_in_words(occurrence: Occurrence, before: dict[str, Any]) -> list[str]:
    """One sentence a change: what it was, what it is."""
    said = []
    clock = ("start_date", "start_time", "end_date", "end_time")
    if set(before) & {*clock, "starts_at", "ends_at", "time_zone"}:
        start, start_time, end, end_time = (before.get(name, getattr(occurrence, name)) for name in clock)
        said.append(
            f"La date ou l’heure a changé. C’était : {when_text(start, start_time, end, end_time)}. "
            f"C’est maintenant : {occurrence.when_and_zone}."
        )
    if "mode" in before:
        said.append(
            f"La participation a changé. C’était : {Mode(before['mode']).label.lower()}. "
            f"C’est maintenant : {Mode(occurrence.mode).label.lower()}."
        )
    if "venue" in before or "venue_note" in before:
        was = Venue.objects.filter(pk=before["venue"]).first() if before.get("venue") else None
        text = f" C’était : {was.name}." if was else ""
        said.append(f"Le lieu a changé.{text} C’est maintenant : {occurrence.place_text or 'à préciser'}.")
    if "join_url" in before:
        said.append("Le lien de connexion a changé.")
    if "status" in before and not said:
        said.append("Ce rendez-vous a bien lieu.")
    return said
