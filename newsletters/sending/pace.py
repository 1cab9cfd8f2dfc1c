"""When and how fast a campaign may send: its hours, its days, its throttle."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from ..enums import DeliveryState
from ..models import Campaign, Delivery

_LIMITS = (
    ("per_minute", dt.timedelta(minutes=1)),
    ("per_hour", dt.timedelta(hours=1)),
    ("per_day", dt.timedelta(days=1)),
)


def is_open(campaign: Campaign, now: dt.datetime) -> bool:
    """Whether ``now`` lies in the campaign's hours and days, by its own time zone."""
    local = now.astimezone(ZoneInfo(campaign.time_zone))
    if campaign.weekdays_only and local.weekday() > 4:
        return False
    if campaign.window_start is None or campaign.window_end is None:
        return True
    return campaign.window_start <= local.time().replace(tzinfo=None) < campaign.window_end


def next_opening(campaign: Campaign, now: dt.datetime) -> dt.datetime:
    """The first moment from ``now`` on at which it may send, in UTC."""
    if is_open(campaign, now):
        return now
    zone = ZoneInfo(campaign.time_zone)
    start = campaign.window_start or dt.time(0)
    day = now.astimezone(zone).date()
    for ahead in range(9):
        moment = dt.datetime.combine(day + dt.timedelta(days=ahead), start, tzinfo=zone).astimezone(dt.UTC)
        if moment > now and is_open(campaign, moment):
            return moment
        # An hour that the change of clocks leaves out: the next that exists.
        if moment > now and is_open(campaign, moment + dt.timedelta(hours=1)):
            return moment + dt.timedelta(hours=1)
    return now + dt.timedelta(days=1)


def is_throttled(campaign: Campaign) -> bool:
    return any(getattr(campaign, name) for name, _ in _LIMITS)


def allowance(campaign: Campaign, now: dt.datetime) -> int | None:
    """How many more copies may leave now; None without a limit. Three queries a limit; to be asked under its lock.

    What is being sent counts, and so does what is uncertain.
    """
    left: int | None = None
    for name, span in _LIMITS:
        limit = getattr(campaign, name)
        if not limit:
            continue
        rows = Delivery.objects.filter(campaign=campaign)
        lost = rows.filter(state__in=[DeliveryState.UNKNOWN, DeliveryState.FAILED], settled_at__gt=now - span)
        used = rows.filter(sent_at__gt=now - span).count() + lost.count()
        used += rows.filter(state=DeliveryState.SENDING).count()
        left = min(limit - used, left if left is not None else limit)
    return left if left is None else max(left, 0)
