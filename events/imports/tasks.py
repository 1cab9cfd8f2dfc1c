"""Imports in the background. A task is only a wake-up: it reads the run again and may come twice."""

from __future__ import annotations

from django_tasks import task


@task()
def carry_out(run_id: str) -> None:
    """Carry out one run, unless it is over or another process is at it."""
    from .models import ImportRun
    from .runs import execute

    if (run := ImportRun.objects.filter(pk=run_id).first()) is not None:
        execute(run=run)
