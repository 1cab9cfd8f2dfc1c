"""Queueing a task that only wakes somebody: one that waits already is enough."""

from __future__ import annotations

from typing import Any

from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult


def wake(task: Task[..., Any]) -> bool:
    """Queue ``task`` (which takes no argument) unless it waits in the queue already; says whether it was queued.

    One that is running does not count: another worker may help.
    """
    if DBTaskResult.objects.ready().filter(task_path=task.module_path).exists():
        return False
    task.enqueue()
    return True
