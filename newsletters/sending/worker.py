"""The work itself: start what is due, take copies, hand them over, write down what became of them.

Any number of processes may run this at once. Each batch goes through three committed steps: *taken* (the rows say
« sending » and until when), *handed over*, *written down*. A process killed in the second leaves at most its batch
uncertain; one that loses the database keeps what it knows and writes it when the database is back.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from ..enums import CampaignState
from ..models import Campaign, MailingList
from . import claims, pace, settle, snapshot
from .merge import CompiledLetter, Source
from .transports import Outcome, Result, Transport, TransportAwayError, get_transport

logger = logging.getLogger(__name__)

# A batch ends this long before its lease does: what was not handed over by then goes back.
MARGIN = dt.timedelta(minutes=5)
# How often a lost database is asked for again: it is waited for as long as the lease holds.
DATABASE_TRIES, DATABASE_DELAY = 60, 1.0
# At most so often is the ratio of errors computed: it reads the whole campaign.
RATIO_EVERY = 20  # batches


class Worker:
    """One process's share. ``transport`` is opened at the first batch and kept."""

    def __init__(self, transport: Transport | None = None) -> None:
        self._transport = transport
        self._letters: dict[int, CompiledLetter] = {}
        self._batches: dict[int, int] = {}
        self._current: set[int] = set()

    def run(self, *, until: Callable[[], bool], now: Callable[[], dt.datetime] = timezone.now) -> int:
        """Send what may be sent now, campaign by campaign in turn, until nothing is left or ``until()``.

        Returns how many copies a server took.
        """
        sent = 0
        try:
            self._prepare(now())
            while not until():
                found = 0
                for campaign in self._running(now()):
                    if until():
                        break
                    taken, accepted = self._batch(campaign, now)
                    found, sent = found + taken, sent + accepted
                if not found:
                    break
        finally:
            if self._transport is not None:
                self._transport.close()
        return sent

    def _prepare(self, now: dt.datetime) -> None:
        settle.recover(now)
        while settle.skip_cancelled():
            pass
        due = Campaign.objects.filter(state=CampaignState.SCHEDULED, scheduled_at__lte=now)
        for key in due.order_by("scheduled_at", "pk").values_list("pk", flat=True):
            settle.start(key, now)

    def _running(self, now: dt.datetime) -> list[int]:
        """Campaigns that may send now, the oldest first; their recipients are taken where they are not yet."""
        if claims.is_stopped():
            return []
        running = Campaign.objects.filter(state=CampaignState.RUNNING).defer("html", "text", "frozen_pages")
        found = []
        for one in running.order_by("started_at", "pk"):
            if one.snapshot_at is None and not snapshot.take(one.pk, now):
                continue
            if (one.retry_at is None or one.retry_at <= now) and pace.is_open(one, now):
                found.append(one.pk)
        self._letters = {key: letter for key, letter in self._letters.items() if key in found}
        return found

    def _batch(self, campaign: int, now: Callable[[], dt.datetime]) -> tuple[int, int]:
        """(rows dealt with, copies accepted) of one batch."""
        transport = self._transport = self._transport or get_transport()
        batch = claims.claim(campaign, size=transport.size, now=now())
        if batch is None:
            settle.finish_if_done(campaign)
            return 0, 0
        if not batch.copies:
            return 1, 0
        outcomes: list[Outcome] = []
        away = False
        end = time.monotonic() + (claims.LEASE - MARGIN).total_seconds()
        answers = iter(transport.send(self._letter(campaign), batch.copies))
        try:
            for outcome in answers:
                outcomes.append(outcome)
                if time.monotonic() > end:
                    break
        except TransportAwayError as error:
            logger.warning("Letters wait: the transport is away (%s).", error)
            away = True
        finally:
            if close := getattr(answers, "close", None):
                close()
        moment = now()
        insist(lambda: settle.write(batch, outcomes, moment))
        insist(lambda: settle.note_transport(campaign, away=away, now=moment))
        self._watch(campaign, outcomes)
        accepted = sum(each.result == Result.ACCEPTED for each in outcomes)
        return (0 if away else len(batch.copies)), accepted

    def _letter(self, campaign: int) -> CompiledLetter:
        if campaign not in self._letters:
            one = Campaign.objects.get(pk=campaign)
            used = one.deliveries.order_by("list").distinct()
            self._letters[campaign] = CompiledLetter(
                Source.of(one), MailingList.objects.in_bulk(list(used.values_list("list", flat=True)))
            )
        return self._letters[campaign]

    def _watch(self, campaign: int, outcomes: list[Outcome]) -> None:
        """Now and then, where copies were refused: are they too many?"""
        number = self._batches[campaign] = self._batches.get(campaign, 0) + 1
        refused = any(each.result == Result.FAILED for each in outcomes)
        if refused or number % RATIO_EVERY == 0:
            settle.halt_on_errors(campaign)


def insist(write: Callable[[], None]) -> None:
    """Call ``write``, again and again while the database cannot be reached: what is known must not be lost."""
    for attempt in range(DATABASE_TRIES):
        try:
            return write()
        except (OperationalError, InterfaceError) as error:
            if attempt == DATABASE_TRIES - 1 or connection.in_atomic_block:
                raise
            logger.warning("The database is away (%s): what was sent is kept and written later.", type(error).__name__)
            connection.close()
            time.sleep(DATABASE_DELAY)
    return None


def run_for(seconds: float, transport: Transport | None = None) -> int:
    """Send for ``seconds`` at most; returns how many copies a server took."""
    end = time.monotonic() + seconds
    return Worker(transport).run(until=lambda: time.monotonic() > end)


def has_work(now: dt.datetime) -> bool:
    """Whether there is something to start, to take or to send now. A few queries."""
    due = Campaign.objects.filter(state=CampaignState.SCHEDULED, scheduled_at__lte=now)
    running = Campaign.objects.filter(state=CampaignState.RUNNING).defer("html", "text", "frozen_pages")
    return due.exists() or any(
        one.snapshot_at is None or claims.may_send_now(one, now) for one in running.order_by("pk")
    )
