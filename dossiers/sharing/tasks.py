"""Work after the commit: it only wakes up what ``tick`` does as well."""

from __future__ import annotations

from django_tasks import task


@task()
def send_invitation_mails() -> int:
    """Mails to people invited on a dossier. Idempotent."""
    from .mails import send_due_mails

    return send_due_mails()
