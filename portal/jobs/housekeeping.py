"""Periodic work that belongs to the framework rather than to an app."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

KEEP_SUCCESSES = timedelta(days=1)
KEEP_FAILURES = timedelta(days=30)


def publish_scheduled() -> None:
    """Publish what is due and unpublish what has expired (Wagtail's own command)."""
    call_command("publish_scheduled", verbosity=0)


def clear_sessions() -> None:
    call_command("clearsessions", verbosity=0)


def forget_old_tasks() -> int:
    """Delete the rows of finished tasks: successes after a day, failures after thirty. Returns how many."""
    now = timezone.now()
    old = DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - KEEP_SUCCESSES)
    failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, finished_at__lt=now - KEEP_FAILURES)
    return int(old.delete()[0]) + int(failed.delete()[0])
