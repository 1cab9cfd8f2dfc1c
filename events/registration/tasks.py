"""Work after the request. A task is only a wake-up: what waits is in the rows."""

from __future__ import annotations

from django_tasks import task


@task()
def send_event_mails() -> None:
    """Send the mails of events that are due."""
    from .mailing import send_due

    send_due()
