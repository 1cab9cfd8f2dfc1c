"""The schedule that ``manage.py tick`` runs. Apps register their periodic work in ``AppConfig.ready``.

A job must be idempotent: it may run late, twice, or be killed in the middle.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from .models import PeriodicRun

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)


@dataclass(frozen=True)
class Job:
    """``run`` is called when ``every`` has passed since its last start."""

    name: str
    every: timedelta
    run: Callable[[], object]


_jobs: dict[str, Job] = {}


def register_job(name: str, *, every: timedelta, run: Callable[[], object]) -> None:
    """Declare periodic work; registering a name again replaces it."""
    _jobs[name] = Job(name, every, run)


def registered_jobs() -> list[Job]:
    return sorted(_jobs.values(), key=lambda job: job.name)


def run_due_jobs(now: datetime | None = None) -> dict[str, str]:
    """Run what is due, each under a lease. Returns {name: "" or the error's last line}; one failure stops no other."""
    now = now or timezone.now()
    done = {}
    for job in registered_jobs():
        if _claim(job, now):
            done[job.name] = _run(job)
    return done


def _claim(job: Job, now: datetime) -> bool:
    """Whether this process is the one to run ``job`` now: one atomic UPDATE decides."""
    PeriodicRun.objects.get_or_create(name=job.name)
    due = Q(started_at=None) | Q(started_at__lte=now - job.every)
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return bool(
        PeriodicRun.objects.filter(due, free, name=job.name).update(started_at=now, leased_until=now + LEASE, error="")
    )


def _run(job: Job) -> str:
    error = ""
    try:
        job.run()
    except Exception as exception:
        logger.exception("Periodic job %s failed.", job.name)
        error = traceback.format_exc()
        return str(exception)
    finally:
        PeriodicRun.objects.filter(name=job.name).update(finished_at=timezone.now(), leased_until=None, error=error)
    return ""
