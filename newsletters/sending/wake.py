"""Waking the worker."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from portal.jobs.wake import wake

from . import settle, worker


def wake_sender() -> None:
    """Have what may be sent now sent by a worker, after the current transaction."""
    from ..tasks import send_letters

    transaction.on_commit(lambda: wake(send_letters))


def tick() -> None:
    """What the schedule does: notice what dead processes left, and wake a worker where there is something to do."""
    now = timezone.now()
    settle.recover(now)
    settle.skip_cancelled()
    if worker.has_work(now):
        wake_sender()
