"""Health of the worker and of the schedule."""

from datetime import timedelta

from django.db.models import Max

from portal.core.health import seen_lately

from .leases import LEASE
from .models import PeriodicRun, Worker


def worker() -> str:
    return seen_lately(Worker.objects.aggregate(last=Max("seen_at"))["last"], LEASE, "ouvrier")


def tick() -> str:
    return seen_lately(PeriodicRun.objects.aggregate(last=Max("finished_at"))["last"], timedelta(minutes=5), "tick")
