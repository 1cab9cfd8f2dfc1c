"""Periodic work, run by ``manage.py tick``."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from portal.notifications.services import notify
from portal.territories.models import Space

from .selectors import editors_of, stale_pages
from .services import forget

MOST_SPACES = 2000


def remind_of_stale_pages(now: datetime | None = None) -> int:
    """Tell the editors of each space how many of its pages are to be read again: once a month and a space.

    Returns how many people were told. Idempotent: a second run the same month tells nobody twice.
    """
    now = now or timezone.now()
    month = timezone.localtime(now).strftime("%Y-%m")
    counted = stale_pages(now).order_by().values("space").annotate(pages=Count("pk")).values_list("space", "pages")
    counts = dict(counted)
    told = 0
    for space in Space.objects.filter(pk__in=counts).select_related("territory").order_by("pk")[:MOST_SPACES]:
        told += notify(
            "pages.stale",
            recipients=editors_of(space),
            event=f"{space.pk}:{month}",
            url=f"/admin/a-relire/?espace={space.pk}",
            context={"count": counts[space.pk], "space": str(space)},
        )
    return told


def forget_reporters() -> int:
    """Erase the addresses of readers whose report was handled long ago."""
    return forget()
