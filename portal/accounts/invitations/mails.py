"""The mail of an invitation, in text and HTML."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from .models import Invitation
from .tokens import invitation_token


def compose(invitation: Invitation) -> EmailMultiAlternatives:
    """No query where territory, organisation and who invites are read already. What people wrote is never a header."""
    context = {
        "invitation": invitation,
        "inviter": invitation.invited_by,
        "url": settings.SITE_URL.rstrip("/") + reverse("invitation", args=[invitation_token(invitation)]),
        "portal_name": settings.WAGTAIL_SITE_NAME,
        "portal_url": settings.SITE_URL,
    }
    mail = EmailMultiAlternatives(
        subject="Une invitation à rejoindre le portail de l’inclusion numérique",
        body=render_to_string("invitations/mail/invitation.txt", context),
        to=[invitation.email],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": "fr"},
    )
    mail.attach_alternative(render_to_string("invitations/mail/invitation.html", context), "text/html")
    return mail
