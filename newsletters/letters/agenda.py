"""The events of a period, for the « Agenda » of a letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Page

from portal.core.enums import ContentKind
from portal.core.models import PageFact
from portal.territories.models import Territory

from . import scopes

DAYS: Final = 30


def event_ids(territory: Territory | None, value: Mapping[str, Any], zone: ZoneInfo) -> list[int]:
    """The next events that concern ``territory`` in the block's period (else the next :data:`DAYS`), in their order.
    Those over are left out. One query.
    """
    now = timezone.now()
    first = datetime.combine(value["since"], time.min, zone) if value["since"] else now
    last = (
        datetime.combine(value["until"] + timedelta(days=1), time.min, zone)
        if value["until"]
        else max(first, now) + timedelta(days=DAYS)
    )
    events: QuerySet[PageFact] = PageFact.objects.filter(
        visible=True, kind=ContentKind.EVENT, date__gte=max(first, now), date__lt=last
    )
    if territory is not None:
        events = scopes.within(events, territory, value["scope"])
    return list(events.order_by("date", "page_id").values_list("page_id", flat=True)[: value["limit"] or 8])


def is_called_off(page: Page) -> bool:
    """Whether the event will not take place. Other apps' pages are known by what they carry, not by their type."""
    return bool(getattr(page, "is_called_off", False)) or getattr(page, "status", "") in ("annule", "reporte")
