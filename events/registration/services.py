"""Every change of a registration, one function each.

All run in one transaction under the lock of the occurrence's seats (:class:`~events.registration.seats.Room`), write
the page's log, and put mails in the ledger, sent once the transaction is committed. They raise
:class:`~events.registration.rules.RegistrationRefused`, with what to tell the person.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from ..enums import Attending, EventMailKind, RegistrationState
from ..models import Occurrence, Registration
from . import rules
from .mailing import queue
from .rules import Opening, RegistrationRefused
from .seats import Room

FULL = "Il n’y a plus de place."


class AlreadyRegistered(RegistrationRefused):
    """The address is registered to that date: ``registration`` is the one there is.

    ``same_form``: by this very form, sent twice. ``state`` and ``refusal``: what anybody else's address would have had
    under the same lock, one of the two. That is what a screen says, so that it tells nobody who is registered.
    """

    def __init__(
        self,
        registration: Registration,
        state: RegistrationState | None,
        refusal: RegistrationRefused | None,
        *,
        same_form: bool,
    ) -> None:
        super().__init__("already", "Cette adresse est déjà inscrite à cette date.", "email")
        self.registration, self.state, self.refusal, self.same_form = registration, state, refusal, same_form


def email_key(email: str) -> str:
    """What makes two addresses one: case does not count."""
    return email.strip().casefold()


@transaction.atomic
def register(
    *,
    occurrence: Occurrence,
    actor: Any,
    name: str,
    email: str,
    attending: str,
    organisation: str = "",
    needs: str = "",
    answers: dict[str, Any] | None = None,
    by_organiser: bool = False,
    beyond: bool = False,
    form_key: uuid.UUID | None = None,
    now: datetime | None = None,
) -> Registration:
    """Register somebody: confirmed, to be approved, or last in line. Mails what became of it.

    ``form_key`` names the form somebody was given: sent twice, it is known to be the same.
    An organiser (``by_organiser``) may register after the closing and without approval, and ``beyond`` the capacity.
    Raises :class:`AlreadyRegistered`, or :class:`RegistrationRefused` (not open, closed, past, called off, full).
    """
    room = Room.locked(occurrence.pk, now)
    _check_open(room, by_organiser)
    if attending not in rules.ways(room.occurrence):
        raise RegistrationRefused("attending", "Choisissez comment vous participez.", "attending")
    key = email_key(email)
    there = Registration.objects.active().filter(occurrence=room.occurrence, email_key=key).first()
    made_by_form = uuid.uuid5(form_key, f"{room.occurrence.uid}:{key}") if form_key else None
    state, refusal = None, None
    try:
        state = _first_state(room, attending, by_organiser, beyond)
    except RegistrationRefused as refused:
        refusal = refused
    if there is not None:
        raise AlreadyRegistered(there, state, refusal, same_form=there.pk == made_by_form)
    if state is None:
        raise refusal or RegistrationRefused("full", FULL)
    verified = getattr(actor, "is_authenticated", False) and email_key(getattr(actor, "email", "")) == key
    if made_by_form is None or Registration.objects.filter(pk=made_by_form).exists():
        # No form, or one sent again after its registration ended.
        made_by_form = uuid.uuid4()
    made = Registration.objects.create(
        pk=made_by_form,
        occurrence=room.occurrence,
        number=room.next_number(),
        user=actor if verified else None,
        attending=attending,
        state=state,
        name=name.strip(),
        email=email.strip(),
        email_key=key,
        organisation=organisation.strip(),
        needs=needs.strip(),
        answers=answers or {},
        created_at=room.now,
        changed_at=room.now,
        queued_at=room.now if state == RegistrationState.WAITING else None,
    )
    room.count(attending, "", state)
    room.log(made, "", state, actor)
    queue(made, _ANNOUNCED[state])
    return made


_ANNOUNCED = {
    RegistrationState.CONFIRMED: EventMailKind.CONFIRMED,
    RegistrationState.PENDING: EventMailKind.PENDING,
    RegistrationState.WAITING: EventMailKind.WAITING,
}


def _check_open(room: Room, by_organiser: bool) -> None:
    stands = rules.opening(room.page, room.occurrence, room.now)
    if not room.page.live:
        raise RegistrationRefused("closed", rules.MESSAGES[Opening.CLOSED])
    if by_organiser and stands in (Opening.CLOSED, Opening.NOT_YET, Opening.PAST):
        return
    if stands != Opening.OPEN:
        raise RegistrationRefused(stands.value, rules.MESSAGES[stands])


def _first_state(room: Room, way: str, by_organiser: bool, beyond: bool) -> RegistrationState:
    """What a new registration becomes. Nobody passes before those who wait."""
    free = room.free(way)
    if (beyond and by_organiser) or free is None or (free > 0 and not room.line(way).exists()):
        return RegistrationState.PENDING if room.page.approval and not by_organiser else RegistrationState.CONFIRMED
    if not room.page.waiting_list:
        raise RegistrationRefused("full", FULL)
    return RegistrationState.WAITING


@transaction.atomic
def change(
    *,
    registration: Registration,
    actor: Any,
    name: str,
    organisation: str = "",
    needs: str = "",
    answers: dict[str, Any] | None = None,
    attending: str = "",
    now: datetime | None = None,
) -> Registration:
    """Change what somebody said, and how they take part if there is a seat. The address stays: links go to it.

    A change of way gives the seat back to those who wait for it; in line, one goes to the end of the other line.
    """
    room, found = _held(registration, now)
    if not rules.is_active(found.state):
        raise RegistrationRefused("state", "Cette inscription n’est plus en cours.")
    if room.occurrence.starts_at <= room.now:
        raise RegistrationRefused(Opening.PAST.value, rules.MESSAGES[Opening.PAST])
    fields = ["name", "organisation", "needs", "answers", "changed_at"]
    found.name, found.organisation, found.needs = name.strip(), organisation.strip(), needs.strip()
    found.answers, found.changed_at = answers or {}, room.now
    before = found.attending
    if attending and attending != before:
        if attending not in rules.ways(room.occurrence):
            raise RegistrationRefused("attending", "Choisissez comment vous participez.", "attending")
        _change_way(room, found, attending)
        fields += ["attending", "queued_at", "sequence"]
    found.save(update_fields=fields)
    room.log(found, found.state, found.state, actor)
    if found.attending != before:
        queue(found, EventMailKind.MODIFIED, moment=str(found.sequence))
        _promote(room)
    return found


def _change_way(room: Room, found: Registration, way: str) -> None:
    if found.state == RegistrationState.WAITING:
        found.queued_at = room.now
    elif room.free(way) == 0 or room.line(way).exists():
        raise RegistrationRefused("full", f"{FULL} Votre inscription reste comme elle est.", "attending")
    room.count(found.attending, found.state, "")
    room.count(way, "", found.state)
    found.attending = way
    found.sequence += 1


@transaction.atomic
def withdraw(*, registration: Registration, actor: Any, now: datetime | None = None) -> Registration:
    """Somebody does not come, or does not wait, after all. Their seat goes to who waits. Idempotent."""
    room, found = _held(registration, now)
    if not rules.is_active(found.state):
        return found
    _not_begun(room)
    room.move(found, RegistrationState.CANCELLED, actor=actor, offer_expires_at=None)
    queue(found, EventMailKind.WITHDRAWN, moment=str(found.sequence))
    _promote(room)
    return found


@transaction.atomic
def accept_offer(*, registration: Registration, actor: Any = None, now: datetime | None = None) -> Registration:
    """Take the seat that was offered. Idempotent. Refused once the offer has expired: the next in line has it."""
    room, found = _held(registration, now)
    if found.state in (RegistrationState.CONFIRMED, RegistrationState.PENDING):
        return found
    if found.state != RegistrationState.OFFERED or _is_over(found, room.now):
        raise RegistrationRefused(
            "expired", "Cette proposition a expiré : la place a été proposée à une autre personne."
        )
    _not_begun(room)
    _takes_place(room)
    state = RegistrationState.PENDING if room.page.approval else RegistrationState.CONFIRMED
    room.move(found, state, actor=actor, offer_expires_at=None)
    queue(found, _ANNOUNCED[state], moment=str(found.sequence))
    return found


def _is_over(registration: Registration, now: datetime) -> bool:
    return registration.offer_expires_at is not None and registration.offer_expires_at <= now


def decline_offer(*, registration: Registration, actor: Any = None, now: datetime | None = None) -> Registration:
    """Leave the seat that was offered to the next."""
    return withdraw(registration=registration, actor=actor, now=now)


# --- Organisers -----------------------------------------------------------------------------------------------------
@transaction.atomic
def approve(*, registration: Registration, actor: Any, now: datetime | None = None) -> Registration:
    """Confirm what waited for approval, or somebody in line while a seat is free. Idempotent."""
    room, found = _held(registration, now)
    if found.state == RegistrationState.CONFIRMED:
        return found
    _takes_place(room)
    if found.state == RegistrationState.WAITING and room.free(found.attending) == 0:
        raise RegistrationRefused("full", FULL)
    room.move(found, RegistrationState.CONFIRMED, actor=actor, offer_expires_at=None)
    queue(found, EventMailKind.CONFIRMED, moment=str(found.sequence))
    return found


@transaction.atomic
def refuse(*, registration: Registration, actor: Any, reason: str, now: datetime | None = None) -> Registration:
    """Refuse a request, with the reason its author reads. The seat goes to who waits."""
    room, found = _held(registration, now)
    if not reason.strip():
        raise RegistrationRefused("reason", "Dites pourquoi : la personne le lira.", "reason")
    room.move(found, RegistrationState.REFUSED, actor=actor, reason=reason.strip(), offer_expires_at=None)
    queue(found, EventMailKind.REFUSED, moment=str(found.sequence), context={"reason": reason.strip()})
    _promote(room)
    return found


def remove(*, registration: Registration, actor: Any, reason: str, now: datetime | None = None) -> Registration:
    """Take somebody off the list, confirmed or waiting, with the reason they read."""
    return refuse(registration=registration, actor=actor, reason=reason, now=now)


@transaction.atomic
def set_attended(
    *, registration: Registration, actor: Any, attended: bool | None, now: datetime | None = None
) -> Registration:
    """Note that somebody came (or did not; None: not known), from the day before on. The last word holds."""
    room, found = _held(registration, now)
    if found.state != RegistrationState.CONFIRMED:
        raise RegistrationRefused("state", "Seule une personne dont l’inscription est confirmée peut être pointée.")
    if room.occurrence.starts_at - room.now > rules.CHECK_IN_BEFORE:
        raise RegistrationRefused("early", "Le pointage ouvre la veille.")
    found.attended, found.checked_at = attended, room.now if attended is not None else None
    found.save(update_fields=["attended", "checked_at"])
    said = {True: "present", False: "absent", None: "unknown"}[attended]
    room.log(found, found.state, said, actor)
    return found


# --- The line -------------------------------------------------------------------------------------------------------
@transaction.atomic
def promote(*, occurrence: Occurrence, now: datetime | None = None) -> int:
    """Offer every free seat to who waits, first come first; returns how many offers were made. Idempotent."""
    return _promote(Room.locked(occurrence.pk, now))


def _promote(room: Room) -> int:
    """The same, in a room already locked. Nothing is offered once it began, or will not take place."""
    made = 0
    if rules.opening(room.page, room.occurrence, room.now) in (Opening.PAST, Opening.CALLED_OFF, Opening.ELSEWHERE):
        return 0
    deadline = rules.offer_deadline(room.page, room.occurrence, room.now)
    for way in Attending.values:
        free = room.free(way) if way in rules.ways(room.occurrence) else 0
        line = room.line(way)
        for registration in list(line if free is None else line[:free]):
            room.move(registration, RegistrationState.OFFERED, offer_expires_at=deadline)
            queue(registration, EventMailKind.OFFER, moment=str(registration.sequence))
            made += 1
    return made


def expire_offers(*, occurrence: Occurrence | None = None, now: datetime | None = None) -> int:
    """End the offers nobody took in time and go on to the next in line; returns how many ended. Idempotent.

    Each occurrence is a transaction of its own; what the schedule runs, and who acts on one ``occurrence`` before.
    """
    now = now or timezone.now()
    over = Registration.objects.filter(state=RegistrationState.OFFERED, offer_expires_at__lte=now).order_by()
    if occurrence is not None:
        over = over.filter(occurrence=occurrence)
    ended = 0
    for occurrence_id in sorted(set(over.values_list("occurrence_id", flat=True))):
        with transaction.atomic():
            room = Room.locked(occurrence_id, now)
            for registration in over.filter(occurrence=occurrence_id).order_by("number"):
                room.move(registration, RegistrationState.EXPIRED, offer_expires_at=None)
                queue(registration, EventMailKind.OFFER_EXPIRED, moment=str(registration.sequence))
                ended += 1
            _promote(room)
    return ended


def _held(registration: Registration, now: datetime | None) -> tuple[Room, Registration]:
    """The locked room of a registration, and the registration as it is now."""
    room = Room.locked(registration.occurrence_id, now)
    found = Registration.objects.get(pk=registration.pk)
    found.occurrence = room.occurrence
    return room, found


def _takes_place(room: Room) -> None:
    if rules.opening(room.page, room.occurrence, room.now) == Opening.CALLED_OFF:
        raise RegistrationRefused(Opening.CALLED_OFF.value, rules.MESSAGES[Opening.CALLED_OFF])


def _not_begun(room: Room) -> None:
    if room.occurrence.starts_at <= room.now:
        raise RegistrationRefused(Opening.PAST.value, rules.MESSAGES[Opening.PAST])
