"""The ledger of messages to subscribers, and their sending: each once, or shown as uncertain.

As for events' mails (:mod:`events.registration.mailing`): a row is written in the transaction of what it tells; one
UPDATE *claims* it under a lease; *sending* is committed just before the relay is given the mail, *sent* after. Of a row
left *sending* by a process that died nobody can say whether the relay took it: it becomes *unsure* and is not sent
again. A relay that is away counts as no try.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from ..enums import MailKind, MailState
from ..models import PersonalMail

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=5)
FIRST_DELAY, LONGEST_DELAY = dt.timedelta(minutes=1), dt.timedelta(hours=6)
MOST_ATTEMPTS = 8
AT_ONCE = 500
# What is kept as the proof that it was sent; the rest is forgotten after a month.
LASTING = (MailKind.WELCOME, MailKind.STAY)
KEPT = dt.timedelta(days=30)

Line = tuple[int, str, str, int | None]


def queue(*, subscriber: int, kind: str, moment: str, subscription: int | None = None) -> bool:
    """Put one message in the ledger; False where it is there already."""
    return bool(queue_many([(subscriber, kind, moment, subscription)]))


def queue_many(lines: Iterable[Line]) -> int:
    """Put (subscriber, kind, moment, subscription) in the ledger, in the caller's transaction, and have them sent once
    it commits. Returns how many are new."""
    wanted = list(lines)
    if not wanted:
        return 0
    before = PersonalMail.objects.filter(subscriber__in={line[0] for line in wanted}).count()
    PersonalMail.objects.bulk_create(
        [
            PersonalMail(subscriber_id=person, kind=kind, moment=moment, subscription_id=subscription)
            for person, kind, moment, subscription in wanted
        ],
        ignore_conflicts=True,
    )
    new = PersonalMail.objects.filter(subscriber__in={line[0] for line in wanted}).count() - before
    if new:
        transaction.on_commit(wake)
    return new


def wake() -> None:
    from ..tasks import send_personal_mails

    send_personal_mails.enqueue()


class RelayAwayError(Exception):
    """The relay does not answer: trying other mails now is of no use."""


def send_due(now: dt.datetime | None = None) -> int:
    """Send what is due; returns how many left. May run at any time, in any number of processes."""
    recover(now or timezone.now())
    due = _due(now or timezone.now()).order_by("due_at", "pk").values_list("pk", flat=True)
    sent, connection = 0, None
    try:
        for key in list(due[:AT_ONCE]):
            mail = _claim(key, now or timezone.now())
            if mail is None:
                continue
            if connection is None:
                connection = get_connection()
            try:
                sent += _send(mail, connection, now or timezone.now())
            except RelayAwayError:
                logger.warning("The mail relay cannot be reached: messages to subscribers wait.")
                break
    finally:
        if connection is not None:
            _close(connection)
    return sent


def recover(now: dt.datetime) -> int:
    """What a dead process was sending is uncertain from now on. Returns how many rows."""
    lost = PersonalMail.objects.filter(state=MailState.SENDING, leased_until__lt=now)
    unsure = lost.update(state=MailState.UNSURE, sent_at=now, claim=None, leased_until=None)
    if unsure:
        logger.warning("%d messages to subscribers were being sent by a process that died.", unsure)
    return unsure


def forget_old(now: dt.datetime | None = None) -> int:
    """Delete old rows that prove nothing any more. Returns how many."""
    old = PersonalMail.objects.filter(created_at__lt=(now or timezone.now()) - KEPT).exclude(kind__in=LASTING)
    return int(old.exclude(state__in=[MailState.WAITING, MailState.SENDING]).delete()[0])


def _due(now: dt.datetime) -> QuerySet[PersonalMail]:
    free = Q(claim=None) | Q(leased_until__lt=now)
    return PersonalMail.objects.filter(free, state=MailState.WAITING, due_at__lte=now)


def _claim(key: int, now: dt.datetime) -> PersonalMail | None:
    """Take the row: one atomic UPDATE decides who has it. None where somebody else does."""
    token = uuid.uuid4()
    if not _due(now).filter(pk=key).update(claim=token, leased_until=now + LEASE):
        return None
    found = PersonalMail.objects.select_related("subscriber", "subscription__list__territory")
    return found.filter(pk=key, claim=token).first()


def _send(mail: PersonalMail, connection: Any, now: dt.datetime) -> int:
    """Send the claimed mail; returns 1, or 0 where it has lost its sense or was refused."""
    from .mails import compose

    mine = PersonalMail.objects.filter(pk=mail.pk, claim=mail.claim)
    try:
        message = compose(mail, now)
    except Exception as error:
        # One message that cannot be written keeps nobody else's waiting.
        logger.exception("A message to a subscriber cannot be written.")
        _put_back(mail, now, error)
        return 0
    if message is None:
        mine.update(state=MailState.SKIPPED, claim=None, leased_until=None)
        return 0
    message.connection = connection
    # From here on the relay may have it.
    if not mine.filter(state=MailState.WAITING).update(state=MailState.SENDING, leased_until=now + LEASE):
        return 0
    try:
        message.send()
    except Exception as error:
        if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError | UnicodeError | ValueError):
            _put_back(mail, now, error)
            return 0
        _put_back(mail, now, error, tried=False)
        raise RelayAwayError from error
    mine.update(state=MailState.SENT, sent_at=timezone.now(), claim=None, leased_until=None)
    return 1


def _put_back(mail: PersonalMail, now: dt.datetime, error: Exception, *, tried: bool = True) -> None:
    """The row waits for its next try; refused :data:`MOST_ATTEMPTS` times, it is given up."""
    # The class alone: what relays say names addresses.
    logger.warning("A message to a subscriber could not be sent (%s).", type(error).__name__)
    mine = PersonalMail.objects.filter(pk=mail.pk, claim=mail.claim)
    if tried and mail.attempts + 1 >= MOST_ATTEMPTS:
        mine.update(state=MailState.GIVEN_UP, sent_at=now, claim=None, leased_until=None)
        return
    delay = min(FIRST_DELAY * (1 << min(mail.attempts, 10)), LONGEST_DELAY)
    mine.update(
        state=MailState.WAITING,
        due_at=now + delay,
        attempts=F("attempts") + int(tried),
        claim=None,
        leased_until=None,
    )


def _close(connection: Any) -> None:
    try:
        connection.close()
    except Exception:
        logger.debug("The relay went before the farewell.")
