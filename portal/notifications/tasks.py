"""Work after the request. A task is only a wake-up: what waits is in the rows."""

from __future__ import annotations

from django_tasks import task


@task()
def send_notices() -> None:
    """Send the mails that are due."""
    from .delivery import send_due

    send_due()
