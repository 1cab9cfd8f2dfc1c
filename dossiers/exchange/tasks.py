"""Work after the commit: each task only wakes up what ``tick`` does as well."""

from __future__ import annotations

from django_tasks import task


@task()
def send_opinion_mails() -> int:
    """Mails to who is asked for an avis and has no account. Idempotent."""
    from .mails import send_due_mails

    return send_due_mails()
