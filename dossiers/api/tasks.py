"""Tasks of the API: a wake-up; the truth is in the rows."""

from __future__ import annotations

from django_tasks import task

from . import webhooks


@task()
def send_webhooks() -> None:
    """Send the events that wait."""
    webhooks.send_due()
