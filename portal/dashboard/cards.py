"""The card of notifications."""

from __future__ import annotations

from django.urls import reverse

from portal.accounts.models import User
from portal.core.dashboard import CardContent, Entry
from portal.notifications.models import Notice
from portal.notifications.selectors import unread_count

SHOWN = 5


def notices(*, user: User) -> CardContent:
    """What the person has not read yet. Two queries."""
    count = unread_count(user)
    address = reverse("notifications:list")
    entries = [
        Entry(notice.subject, address, moment=notice.created_at)
        for notice in (Notice.objects.of(user).unread()[:SHOWN] if count else [])
    ]
    return CardContent(entries, count=count, url=address, link="Toutes les notifications", empty="Vous avez tout lu.")
