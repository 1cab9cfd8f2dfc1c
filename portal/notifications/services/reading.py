"""Reading and forgetting."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone

from portal.accounts.models import User

from ..models import Notice

# Read for that long, a notification is deleted; never read, after twice the time.
KEEP_READ = dt.timedelta(days=183)
KEEP_UNREAD = 2 * KEEP_READ


def mark_read(*, actor: User, notice: uuid.UUID) -> Notice | None:
    """Mark one of the actor's own notifications read; returns it, None where it is not theirs. Idempotent."""
    Notice.objects.of(actor).unread().filter(pk=notice).update(read_at=timezone.now())
    return Notice.objects.of(actor).filter(pk=notice).first()


def mark_all_read(*, actor: User, until: dt.datetime | None = None) -> int:
    """Mark the actor's notifications read, those that came after ``until`` excepted; returns how many."""
    unread = Notice.objects.of(actor).unread()
    if until is not None:
        unread = unread.filter(created_at__lte=until)
    return unread.update(read_at=timezone.now())


def forget_read_notices(now: dt.datetime | None = None) -> int:
    """Delete what was read six months ago, and what nobody read in a year. Returns how many. Idempotent."""
    now = now or timezone.now()
    read, _ = Notice.objects.filter(read_at__lt=now - KEEP_READ).delete()
    unread, _ = Notice.objects.filter(read_at=None, created_at__lt=now - KEEP_UNREAD).delete()
    return int(read) + int(unread)
