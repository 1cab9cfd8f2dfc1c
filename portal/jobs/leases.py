"""Leases on running tasks, and retries with back-off.

``django_tasks_db`` leaves the task of a killed worker RUNNING for ever and never retries a failed one. Here a worker's
heartbeat is the lease of what it runs: :func:`reap_lost_tasks` gives a task whose lease ran out back to the queue, and
:func:`retry_failed_tasks` does so, later and later, with one that raised. Both are run by ``manage.py tick``.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from .models import Worker

logger = logging.getLogger(__name__)

HEARTBEAT = timedelta(seconds=10)
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 5
FIRST_DELAY = timedelta(seconds=30)
# Failures older than this are history, whatever their number of attempts.
RETRY_WINDOW = timedelta(days=2)
# What no second attempt mends: the object is gone, or the task itself is.
PERMANENT = (
    "DoesNotExist",
    "ImportError",
    "ModuleNotFoundError",
    "SuspiciousOperation",
)


def delay_after(attempts: int) -> timedelta:
    """30 s, 1 min, 2 min, 4 min… after the first, second, third attempt."""
    return FIRST_DELAY * (1 << max(attempts - 1, 0))


def beat(worker_id: str) -> None:
    """Say that ``worker_id`` is alive: renews the lease of the task it runs."""
    Worker.objects.update_or_create(id=worker_id, defaults={"seen_at": timezone.now()})


def forget_worker(worker_id: str) -> None:
    """A worker that stopped by itself gives its lease back at once."""
    Worker.objects.filter(id=worker_id).delete()


def reap_lost_tasks(now: datetime | None = None) -> int:
    """Give running tasks whose worker has been silent for longer than the lease back to the queue.

    Returns how many. After :data:`MAX_ATTEMPTS` a task is failed instead. Safe to run at any time, by any number.
    """
    now = now or timezone.now()
    alive = set(Worker.objects.filter(seen_at__gt=now - LEASE).values_list("id", flat=True))
    taken = 0
    for result in DBTaskResult.objects.running().filter(started_at__lt=now - LEASE):
        if result.worker_ids and result.worker_ids[-1] in alive:
            continue
        lost = RuntimeError(f"Worker {result.worker_ids[-1] if result.worker_ids else '?'} was lost.")
        taken += _again(result, now, from_status=TaskResultStatus.RUNNING, error=lost)
    Worker.objects.filter(seen_at__lt=now - 10 * LEASE).delete()
    return taken


def retry_failed_tasks(now: datetime | None = None) -> int:
    """Queue again, with back-off, the recent failures that have attempts left. Returns how many."""
    now = now or timezone.now()
    return sum(
        _again(result, now, from_status=TaskResultStatus.FAILED)
        for result in DBTaskResult.objects.failed().filter(finished_at__gt=now - RETRY_WINDOW)
        if len(result.worker_ids) < MAX_ATTEMPTS and not result.exception_class_path.endswith(PERMANENT)
    )


def _again(result: DBTaskResult, now: datetime, *, from_status: str, error: Exception | None = None) -> int:
    """One conditional UPDATE, so that whoever comes second changes nothing."""
    attempts = len(result.worker_ids)
    row = DBTaskResult.objects.filter(pk=result.pk, status=from_status, started_at=result.started_at)
    if attempts >= MAX_ATTEMPTS:
        if not row.update(
            status=TaskResultStatus.FAILED,
            finished_at=now,
            exception_class_path="builtins.RuntimeError",
            traceback=str(error),
        ):
            return 0
        logger.error("Task %s failed after %d attempts: %s", result.task_path, attempts, error)
        return 0
    run_after = result.run_after if error else max(now, (result.finished_at or now) + delay_after(attempts))
    with transaction.atomic():
        changed = row.update(status=TaskResultStatus.READY, run_after=run_after, finished_at=None)
    if changed:
        logger.warning("Task %s is queued again (attempt %d).", result.task_path, attempts + 1)
    return changed
