"""The mail of an invitation on a dossier: who invites to what, a link, and nothing of what the dossier holds."""

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

from ..models import DossierInvitation
from .words import MAY

logger = logging.getLogger(__name__)
LEASE = dt.timedelta(minutes=5)
#: Tried again meanwhile; then it is given up, and « Renvoyer » is there.
GIVEN_UP_AFTER = dt.timedelta(days=2)


def compose(invitation: DossierInvitation) -> EmailMultiAlternatives:
    """What people wrote is never a header."""
    context = {
        "invitation": invitation,
        "dossier": invitation.dossier,
        "may": MAY[invitation.right],
        "url": settings.SITE_URL.rstrip("/") + reverse("dossiers:invitation", args=[invitation.pk]),
        "portal_name": settings.WAGTAIL_SITE_NAME,
        "portal_url": settings.SITE_URL,
    }
    mail = EmailMultiAlternatives(
        subject="Une invitation sur un dossier",
        body=render_to_string("dossiers/sharing/mail/invitation.txt", context),
        to=[invitation.email],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": "fr"},
    )
    mail.attach_alternative(render_to_string("dossiers/sharing/mail/invitation.html", context), "text/html")
    return mail


def send_due_mails(now: dt.datetime | None = None) -> int:
    """Send what waits; returns how many left. Periodic, and after each invitation. Each under a lease: of two processes
    one sends. A relay that fails leaves the row to a later run."""
    now, sent = now or timezone.now(), 0
    for pk in list(_due(now).order_by("mail_due_at", "pk").values_list("pk", flat=True)[:200]):
        if not _due(now).filter(pk=pk).update(mail_due_at=now + LEASE):
            continue
        related = ("dossier__type", "dossier__organisation", "invited_by")
        invitation = DossierInvitation.objects.select_related(*related).get(pk=pk)
        mine = DossierInvitation.objects.filter(pk=pk, mail_due_at=now + LEASE)
        try:
            compose(invitation).send()
        except (OSError, AnymailError):  # Every error of smtplib, and of the connection, is the first.
            logger.warning("The mail of invitation %s could not leave: it waits.", pk)
            if now - invitation.created_at > GIVEN_UP_AFTER:
                mine.update(mail_due_at=None)
            continue
        mine.update(mail_due_at=None)
        sent += 1
    return sent


def _due(now: dt.datetime) -> QuerySet[DossierInvitation]:
    return DossierInvitation.objects.pending().filter(mail_due_at__lte=now, dossier__binned_at=None)
