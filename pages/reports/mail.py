"""The answer to a reader. Plain text, and nothing of what the reader typed."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from ..enums import ReportState
from ..models import PageReport


def write_to_reader(report_pk: str) -> bool:
    """Send the answer of a report, unless it was sent, or its address is gone. Returns whether a message left.

    The row is claimed before, by one conditional UPDATE: two tasks send one message, and no lock is held while a relay
    answers. A relay that fails gives the claim back and raises, so that the task is tried again.
    """
    row = PageReport.objects.exclude(state=ReportState.OPEN).filter(pk=report_pk)
    report = row.filter(answered_at=None).select_related("space__territory").first()
    if report is None or not report.email or not report.answer:
        return False
    if not row.filter(answered_at=None).update(answered_at=timezone.now()):
        return False
    try:
        EmailMessage(
            subject=" ".join(f"Votre signalement de « {report.title} »".split())[:200],
            body=render_to_string("reports/mail/answer.txt", {"report": report, "site_url": settings.SITE_URL}),
            to=[report.email],
            headers={"Auto-Submitted": "auto-generated", "Content-Language": "fr"},
        ).send()
    except Exception:
        row.update(answered_at=None)
        raise
    return True
