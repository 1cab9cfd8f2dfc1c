"""Addresses of personal calendars: made, found, renewed, revoked."""

from __future__ import annotations

import base64
import hashlib

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.accounts.models import User

from ..models import CalendarToken


def secret_of(token: CalendarToken) -> str:
    """The secret of its address: 256 bits derived from the row and the portal's key, 43 characters."""
    digest = salted_hmac("events.feeds.tokens", str(token.pk), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def current(user: User) -> CalendarToken | None:
    """The address in force, if there is one that still answers (the portal's key may have changed). One query."""
    token = CalendarToken.objects.filter(user=user, revoked_at=None).first()
    return token if token is not None and token.digest == _digest(secret_of(token)) else None


@transaction.atomic
def renew(*, actor: User) -> CalendarToken:
    """Make the person's address; the one they had stops answering."""
    # One at a time: the row is the lock.
    User.objects.select_for_update().get(pk=actor.pk)
    revoke(actor=actor)
    token = CalendarToken(user=actor, created_at=timezone.now())
    token.digest = _digest(secret_of(token))
    token.save(force_insert=True)
    return token


def revoke(*, actor: User) -> bool:
    """Make the person's address void; returns whether there was one."""
    mine = CalendarToken.objects.filter(user=actor, revoked_at=None)
    return bool(mine.update(revoked_at=timezone.now()))


def find(secret: str) -> CalendarToken | None:
    """The token of an address, if it is in force and its person's account open. One query."""
    return (
        CalendarToken.objects.select_related("user")
        .filter(digest=_digest(secret), revoked_at=None, user__is_active=True)
        .first()
    )


def note_use(token: CalendarToken) -> None:
    """Note that it was asked for: once a day, so that reading a calendar is not a write each time."""
    today = timezone.localdate()
    if token.last_used_on != today:
        CalendarToken.objects.filter(pk=token.pk).update(last_used_on=today)
