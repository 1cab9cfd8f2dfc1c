"""Sending what is due: at once, or in digests. Nothing is lost, and no mail is handed to the relay twice.

Each mail goes through three committed steps. *Claimed*: one UPDATE gives the rows to this process, under a lease; one
that dies here loses nothing, the rows are claimed again once the lease is over. *Sending*: written just before the
relay is given the mail. *Sent*. A relay that refuses puts the rows back, for later and later. A process that dies while
sending leaves rows of which nobody can say whether the relay took them: they are not sent again as they are; what of
them is still unread in the portal joins the person's next digest.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
import uuid
from typing import Any

from django.core.mail import get_connection
from django.db.models import F, Q
from django.utils import timezone

from portal.accounts.models import User

from .enums import DIGESTS, Frequency, MailState
from .mails import compose
from .models import Notice
from .registry import find_kind
from .times import next_digest

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=5)
# As long as mail servers try (RFC 5321, 4.5.4.1: four to five days); an hour between two tries at most.
GIVE_UP = dt.timedelta(days=5)
FIRST_DELAY, LONGEST_DELAY = dt.timedelta(minutes=1), dt.timedelta(hours=1)
# A digest shows no more; the rest is counted, and read in the portal.
MOST_IN_A_DIGEST = 50
AT_ONCE = 500


def send_due(now: dt.datetime | None = None) -> int:
    """Send every mail that is due; returns how many left. May run at any time, in any number of processes.

    A relay that is away ends the run: the next finds the rows where they are.
    """
    started = now or timezone.now()
    recover(started)
    sent = 0
    connection: Any = None
    try:
        for key, digest in _due(started):
            rows = _claim(key, digest, started)
            if not rows:
                continue
            if connection is None:
                connection = get_connection()
            try:
                sent += _send(rows, connection, now)
            except RelayAwayError:
                logger.warning("The mail relay cannot be reached: notifications wait.")
                break
    finally:
        if connection is not None:
            _close(connection)
    return sent


class RelayAwayError(Exception):
    """The relay does not answer: trying other mails now is of no use."""


def recover(now: dt.datetime) -> int:
    """Give what a dead process was sending to the next digest of its person. Returns how many rows."""
    found = 0
    lost = Notice.objects.filter(mail=MailState.SENDING, leased_until__lt=now).select_related("recipient__territory")
    for notice in lost.order_by("pk")[:AT_ONCE]:
        frequency = notice.frequency if notice.frequency in DIGESTS else Frequency.DAILY
        found += Notice.objects.filter(pk=notice.pk, mail=MailState.SENDING, claim=notice.claim).update(
            mail=MailState.WAITING,
            frequency=frequency,
            due_at=next_digest(notice.recipient, frequency, now),
            claim=None,
            leased_until=None,
        )
    if found:
        logger.warning("%d notifications were being sent by a process that died: they join a digest.", found)
    return found


def _due(now: dt.datetime) -> list[tuple[object, bool]]:
    """What is due: (row, False) for a mail of its own, (person, True) for a digest."""
    due = Notice.objects.filter(_free(now), mail=MailState.WAITING, due_at__lte=now)
    single = due.filter(frequency=Frequency.INSTANT).order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE]
    people = (
        due.filter(frequency__in=DIGESTS).order_by("recipient_id").values_list("recipient_id", flat=True).distinct()
    )
    return [*((key, False) for key in single), *((key, True) for key in people[:AT_ONCE])]


def _free(now: dt.datetime) -> Q:
    return Q(claim=None) | Q(leased_until__lt=now)


def _claim(key: object, digest: bool, now: dt.datetime) -> list[Notice]:
    """Take the rows of one mail: one atomic UPDATE decides who has them. [] where somebody else does."""
    rows = Notice.objects.filter(_free(now), mail=MailState.WAITING, due_at__lte=now)
    rows = rows.filter(recipient=key, frequency__in=DIGESTS) if digest else rows.filter(pk=key)
    token = uuid.uuid4()
    if not rows.update(claim=token, leased_until=now + LEASE):
        return []
    return list(Notice.objects.filter(claim=token).select_related("recipient__territory").order_by("-created_at", "pk"))


def _send(rows: list[Notice], connection: Any, now: dt.datetime | None) -> int:
    """Send the claimed ``rows`` as one mail; returns 1, or 0 where nothing was left to say or the relay refused."""
    token, recipient = rows[0].claim, rows[0].recipient
    wanted = [row for row in rows if _is_wanted(row, recipient)]
    dropped = [row.pk for row in rows if row not in wanted]
    if dropped:
        _mine(token).filter(pk__in=dropped).update(mail=MailState.NONE, claim=None, leased_until=None)
    if not wanted:
        return 0
    message = compose(recipient, wanted[:MOST_IN_A_DIGEST], left_out=len(wanted) - MOST_IN_A_DIGEST)
    message.connection = connection
    # From here on the relay may have it.
    moment = now or timezone.now()
    if _mine(token).update(mail=MailState.SENDING, leased_until=moment + LEASE) != len(wanted):
        return 0
    try:
        message.send()
    except Exception as error:
        _put_back(wanted, now or timezone.now(), error)
        if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError | UnicodeError | ValueError):
            return 0
        raise RelayAwayError from error
    Notice.objects.filter(claim=token, mail=MailState.SENDING).update(
        mail=MailState.SENT, sent_at=now or timezone.now(), claim=None, leased_until=None
    )
    return 1


def _mine(token: uuid.UUID | None) -> Any:
    return Notice.objects.filter(claim=token, mail=MailState.WAITING)


def _is_wanted(row: Notice, recipient: User) -> bool:
    """Whether the mail still has something to say to somebody."""
    kind = find_kind(row.kind)
    if not recipient.is_active or kind is None:
        return False
    if row.frequency in DIGESTS and row.read_at is not None:
        return False
    return kind.still_relevant(recipient, row.context)


def _put_back(rows: list[Notice], now: dt.datetime, error: Exception) -> None:
    """The relay refused: the rows wait for their next try, or are given up after :data:`GIVE_UP`."""
    # The class alone: what relays say names addresses.
    logger.warning("A notification could not be sent (%s).", type(error).__name__)
    keys = [row.pk for row in rows]
    attempts = max(row.attempts for row in rows)
    delay = min(FIRST_DELAY * (1 << min(attempts, 10)), LONGEST_DELAY)
    mine = Notice.objects.filter(pk__in=keys, claim=rows[0].claim, mail=MailState.SENDING)
    mine.filter(created_at__lt=now - GIVE_UP, attempts__gte=5).update(
        mail=MailState.GIVEN_UP, claim=None, leased_until=None
    )
    mine.update(mail=MailState.WAITING, due_at=now + delay, attempts=F("attempts") + 1, claim=None, leased_until=None)


def _close(connection: Any) -> None:
    try:
        connection.close()
    except Exception:
        logger.debug("The relay went before the farewell.")
