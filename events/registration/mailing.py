"""The ledger of mails to who registered, and their sending.

Each mail is a row, made in the transaction of what it tells. Sending takes three committed steps, as notifications do
(:mod:`portal.notifications.delivery`). *Claimed*: one UPDATE gives the row to this process, under a lease; one that
dies here loses nothing. *Sending*: written just before the relay is given the mail. *Sent*. A relay that refuses puts
the row back, for later and later. Of a row left *sending* by a process that died nobody can say whether the relay took
it: a reminder or an organiser's message is not sent twice; what tells a change of the registration is sent again, since
missing it costs a journey.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
import uuid
from typing import Any

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from ..enums import REMINDERS, EventMailKind, EventMailState
from ..models import EventMail, Registration

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=5)
GIVE_UP = dt.timedelta(days=5)
FIRST_DELAY, LONGEST_DELAY = dt.timedelta(minutes=1), dt.timedelta(hours=1)
AT_ONCE = 500
_STATE = EventMailState
# What is not sent again when nobody knows whether it left.
_NEVER_TWICE = (*REMINDERS, EventMailKind.MESSAGE)


def queue(
    registration: Registration,
    kind: EventMailKind,
    *,
    moment: str = "",
    due_at: dt.datetime | None = None,
    context: dict[str, Any] | None = None,
) -> bool:
    """Put a mail in the ledger, in the caller's transaction, and wake the sender once it commits.

    Says whether it is new: the same (registration, kind, occurrence, moment) is written once.
    """
    now = timezone.now()
    _, is_new = EventMail.objects.get_or_create(
        registration=registration,
        kind=kind,
        occurrence_id=registration.occurrence_id,
        moment=moment,
        defaults={"created_at": now, "due_at": due_at or now, "context": context or {}},
    )
    if is_new and (due_at is None or due_at <= now):
        wake()
    return is_new


def wake() -> None:
    """Have what is due sent after the current transaction, by a worker: once, however many mails it queues."""
    connection = transaction.get_connection()
    # One put off already that is kept whenever this one would be.
    here = set(connection.savepoint_ids)
    if not any(call is _enqueue and savepoints <= here for savepoints, call, *_ in connection.run_on_commit):
        transaction.on_commit(_enqueue)


def _enqueue() -> None:
    from .tasks import send_event_mails

    send_event_mails.enqueue()


class RelayAwayError(Exception):
    """The relay does not answer: trying other mails now is of no use."""


def send_due(now: dt.datetime | None = None) -> int:
    """Send every mail that is due; returns how many left. May run at any time, in any number of processes."""
    started = now or timezone.now()
    recover(started)
    due = _due(started).order_by("due_at", "pk").values_list("pk", flat=True)
    sent, connection = 0, None
    try:
        for key in list(due[:AT_ONCE]):
            # A run may last longer than a lease: each begins when it is taken.
            mail = _claim(key, now or timezone.now())
            if mail is None:
                continue
            if connection is None:
                connection = get_connection()
            try:
                sent += _send(mail, connection, now or timezone.now())
            except RelayAwayError:
                logger.warning("The mail relay cannot be reached: mails of events wait.")
                break
    finally:
        if connection is not None:
            _close(connection)
    return sent


def recover(now: dt.datetime) -> int:
    """Settle what a dead process was sending: see the module. Returns how many rows."""
    lost = EventMail.objects.filter(state=_STATE.SENDING, leased_until__lt=now)
    unsure = lost.filter(kind__in=_NEVER_TWICE).update(state=_STATE.UNSURE, claim=None, leased_until=None)
    again = lost.exclude(kind__in=_NEVER_TWICE).update(state=_STATE.WAITING, claim=None, leased_until=None)
    if unsure or again:
        logger.warning("%d mails of events were being sent by a process that died.", unsure + again)
    return unsure + again


def _due(now: dt.datetime) -> Any:
    return EventMail.objects.filter(Q(claim=None) | Q(leased_until__lt=now), state=_STATE.WAITING, due_at__lte=now)


def _claim(key: int, now: dt.datetime) -> EventMail | None:
    """Take the row: one atomic UPDATE decides who has it. None where somebody else does."""
    token = uuid.uuid4()
    if not _due(now).filter(pk=key).update(claim=token, leased_until=now + LEASE):
        return None
    return (
        EventMail.objects.select_related(
            "registration__user", "occurrence__page__organisation", "occurrence__venue__commune"
        )
        .filter(pk=key, claim=token)
        .first()
    )


def _send(mail: EventMail, connection: Any, now: dt.datetime) -> int:
    """Send the claimed mail; returns 1, or 0 where it has lost its sense or the relay refused it."""
    from .mails import compose
    from .relevance import is_relevant

    mine = EventMail.objects.filter(pk=mail.pk, claim=mail.claim)
    if not is_relevant(mail, now):
        mine.update(state=_STATE.SKIPPED, claim=None, leased_until=None)
        return 0
    try:
        message = compose(mail)
    except Exception as error:
        # One mail that cannot be written keeps nobody else's waiting.
        _put_back(mail, now, error, written=_STATE.WAITING)
        return 0
    message.connection = connection
    # From here on the relay may have it.
    if not mine.filter(state=_STATE.WAITING).update(state=_STATE.SENDING, leased_until=now + LEASE):
        return 0
    try:
        message.send()
    except Exception as error:
        _put_back(mail, now, error)
        if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError | UnicodeError | ValueError):
            return 0
        raise RelayAwayError from error
    mine.update(state=_STATE.SENT, sent_at=timezone.now(), claim=None, leased_until=None)
    return 1


def _put_back(
    mail: EventMail, now: dt.datetime, error: Exception, written: EventMailState = EventMailState.SENDING
) -> None:
    """The relay refused, or the mail could not be written: the row, in the state ``written``, waits for its next try,
    or is given up after :data:`GIVE_UP`."""
    # The class alone: what relays say names addresses.
    logger.warning("A mail of an event could not be sent (%s).", type(error).__name__)
    delay = min(FIRST_DELAY * (1 << min(mail.attempts, 10)), LONGEST_DELAY)
    mine = EventMail.objects.filter(pk=mail.pk, claim=mail.claim, state=written)
    given_up = mine.filter(created_at__lt=now - GIVE_UP, attempts__gte=5)
    given_up.update(state=_STATE.GIVEN_UP, claim=None, leased_until=None)
    mine.update(state=_STATE.WAITING, due_at=now + delay, attempts=F("attempts") + 1, claim=None, leased_until=None)


def _close(connection: Any) -> None:
    try:
        connection.close()
    except Exception:
        logger.debug("The relay went before the farewell.")
