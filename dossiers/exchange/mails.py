"""The mail to somebody without an account who is asked for an avis: a link, and nothing of the dossier but its name."""

from __future__ import annotations

import datetime as dt
import logging

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from ..enums import OPEN, OpinionState
from ..models import Opinion

logger = logging.getLogger(__name__)
LEASE = dt.timedelta(minutes=5)
#: Later and later after a failure, until it is given up.
LONGEST_WAIT = dt.timedelta(hours=6)
GIVEN_UP_AFTER = dt.timedelta(days=5)


def compose(opinion: Opinion) -> EmailMultiAlternatives:
    """What people wrote is never a header, and the question itself stays in the portal."""
    context = {
        "opinion": opinion,
        "dossier": opinion.dossier,
        "url": settings.SITE_URL.rstrip("/") + reverse("dossiers:opinion", args=[opinion.pk]),
        "portal_name": settings.WAGTAIL_SITE_NAME,
        "portal_url": settings.SITE_URL,
    }
    mail = EmailMultiAlternatives(
        subject="Votre avis est demandé sur un dossier",
        body=render_to_string("dossiers/exchange/mail/opinion.txt", context),
        to=[opinion.email],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": "fr"},
    )
    mail.attach_alternative(render_to_string("dossiers/exchange/mail/opinion.html", context), "text/html")
    return mail


def send_due_mails(now: dt.datetime | None = None) -> int:
    """Send what waits; returns how many left. Periodic, and after each question.

    Each under a lease: of two processes one sends. A relay that fails leaves the row to a later run.
    """
    now, sent = now or timezone.now(), 0
    for pk in list(_due(now).order_by("mail_due_at", "pk").values_list("pk", flat=True)[:200]):
        if not _due(now).filter(pk=pk).update(mail_due_at=now + LEASE):
            continue
        opinion = Opinion.objects.select_related("dossier__type", "dossier__organisation", "asked_by").get(pk=pk)
        mine = Opinion.objects.filter(pk=pk, mail_due_at=now + LEASE)
        try:
            compose(opinion).send()
        except (OSError, AnymailError):  # Every error of smtplib, and of the connection, is the first.
            logger.warning("The mail of avis %s could not leave: it waits.", pk)
            waited = now - opinion.asked_at
            later = None if waited > GIVEN_UP_AFTER else now + min(max(LEASE, waited), LONGEST_WAIT)
            mine.update(mail_due_at=later)
            continue
        mine.update(mail_due_at=None)
        sent += 1
    return sent


def _due(now: dt.datetime) -> QuerySet[Opinion]:
    return Opinion.objects.filter(
        advisor=None,
        state=OpinionState.ASKED,
        mail_due_at__lte=now,
        dossier__state__in=OPEN,
        dossier__binned_at=None,
    )
