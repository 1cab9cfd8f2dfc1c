"""Work after the request. A task is only a wake-up: it reads the row again and may run twice."""

from __future__ import annotations

from django_tasks import task


@task()
def send_subscription_message(request_pk: str) -> None:
    """Write to the address of a subscription request, unless it must not be or was written to enough."""
    from .mail import write_to_requester

    write_to_requester(request_pk)
