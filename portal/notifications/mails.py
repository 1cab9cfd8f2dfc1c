"""The mails of notifications, in text and HTML."""

from __future__ import annotations

import uuid
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from portal.accounts.models import User

from .enums import DIGESTS
from .models import Notice
from .registry import category_of, kind_of
from .tokens import mute_token


def compose(recipient: User, notices: list[Notice], *, left_out: int = 0) -> EmailMultiAlternatives:
    """The mail that tells ``notices`` (one, or a digest) to ``recipient``. No query.

    The same notices make the same ``Message-ID``. What can be muted carries the one-click link of RFC 8058.
    """
    is_digest = notices[0].frequency in DIGESTS
    kinds = [kind_of(notice.kind) for notice in notices]
    categories = {kind.category for kind in kinds if kind.can_be_muted}
    mutable = all(kind.can_be_muted for kind in kinds)
    mute_url = absolute(reverse("notifications:mute", args=[mute_token(recipient, categories)])) if mutable else ""
    context: dict[str, Any] = {
        "name": recipient.first_name,
        "entries": [
            {"notice": notice, "action": kind.action, "url": absolute(notice.url) if notice.url else ""}
            for notice, kind in zip(notices, kinds, strict=True)
        ],
        "is_digest": is_digest,
        "left_out": max(left_out, 0),
        "labels": [found.label for key in sorted(categories) if (found := category_of(key))],
        "mute_url": mute_url,
        "list_url": absolute(reverse("notifications:list")),
        "preferences_url": absolute(reverse("notifications:preferences")),
        "portal_name": settings.WAGTAIL_SITE_NAME,
        "portal_url": settings.SITE_URL,
    }
    count = len(notices) + context["left_out"]
    subject = f"Votre résumé\u00a0: {count} nouveauté{'s' if count > 1 else ''}" if is_digest else notices[0].subject
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": "fr", "Message-ID": _message_id(notices)}
    if mute_url:
        headers |= {"List-Unsubscribe": f"<{mute_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("notifications/mail/notices.txt", context),
        to=[recipient.email],
        headers=headers,
    )
    message.attach_alternative(render_to_string("notifications/mail/notices.html", context), "text/html")
    return message


def absolute(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path


def _message_id(notices: list[Notice]) -> str:
    name = uuid.uuid5(uuid.NAMESPACE_URL, ",".join(sorted(str(notice.pk) for notice in notices)))
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{name}@{domain}>"
