"""Work after the request. A task is only a wake-up: it reads the row again and may run twice."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

# Other tasks wait for this one.
TASK_SECONDS = 20


@task()
def send_subscription_message(request_pk: str) -> None:
    """Write to the address of a subscription request, unless it must not be or was written to enough."""
    from .mail import write_to_requester

    write_to_requester(request_pk)


@task()
def send_letters() -> None:
    """Send what may be sent now, for a while, and wake the next where there is more."""
    from .sending.wake import wake_sender
    from .sending.worker import has_work, run_for

    run_for(TASK_SECONDS)
    if has_work(timezone.now()):
        wake_sender()


@task()
def send_personal_mails() -> None:
    """Send the messages to subscribers that are due."""
    from .people.ledger import send_due

    send_due()


@task()
def send_preferences_link(subscriber_pk: int) -> None:
    """Send somebody the link of their preferences; 0 is nobody: the same task for every address."""
    from .services import queue_link

    queue_link(subscriber_pk=subscriber_pk)
