"""Where a sending stands: counts, rate, and when it should end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from ..enums import CampaignState
from ..models import Campaign, Delivery
from ..sending.pace import next_opening
from ..statistics.figures import CampaignFigures, Figures, figures_of

#: What is counted on before anything was sent and where no limit is set: a careful figure for one process.
ASSUMED_A_MINUTE: Final = 600
#: The rate shown is that of the last minutes.
RATE_OVER: Final = dt.timedelta(minutes=3)
MOST_DAYS: Final = 60


@dataclass(frozen=True)
class Progress:
    """``percent`` of the snapshot that nothing more is to be done for; ``rate`` in copies a minute, measured."""

    figures: CampaignFigures
    percent: int
    rate: int
    ends_at: dt.datetime | None
    is_snapshot: bool

    @property
    def total(self) -> Figures:
        return self.figures.total


def progress_of(campaign: Campaign, now: dt.datetime | None = None) -> Progress:
    """Four queries, whatever the number of copies."""
    now = now or timezone.now()
    figures = figures_of(campaign)
    total = figures.total
    percent = 100 * total.done // total.recipients if total.recipients else 0
    rate = measured_rate(campaign, now) if campaign.state == CampaignState.RUNNING else 0
    ends_at = None
    if campaign.state == CampaignState.RUNNING and total.waiting:
        ends_at = expected_end(campaign, total.waiting, now, measured=rate)
    return Progress(figures, percent, rate, ends_at, campaign.snapshot_at is not None)


def measured_rate(campaign: Campaign, now: dt.datetime) -> int:
    """Copies a minute over the last minutes, or since the departure. One query."""
    since = max(now - RATE_OVER, campaign.started_at or now)
    minutes = max((now - since).total_seconds() / 60, 0.25)
    sent = Delivery.objects.filter(campaign=campaign, sent_at__gt=since).count()
    return round(sent / minutes)


def expected_end(campaign: Campaign, copies: int, start: dt.datetime, *, measured: int = 0) -> dt.datetime | None:
    """When the last of ``copies`` should leave, from ``start``, by the campaign's cadence, hours and days; None beyond
    two months. ``measured``: copies a minute, where that is known; no faster than the cadence allows."""
    limits = [campaign.per_minute or 0, (campaign.per_hour or 0) / 60]
    a_minute = min([measured or ASSUMED_A_MINUTE, *(limit for limit in limits if limit)])
    left, now = float(copies), start
    zone = ZoneInfo(campaign.time_zone)
    for _ in range(MOST_DAYS):
        now = next_opening(campaign, now)
        closes = _closing(campaign, now, zone)
        possible = a_minute * (closes - now).total_seconds() / 60
        today = min(possible, campaign.per_day or possible)
        if left <= today:
            return now + dt.timedelta(minutes=left / a_minute)
        left -= today
        now = closes
    return None


def _closing(campaign: Campaign, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The end of the hours or of the day that ``now`` lies in, later than ``now``."""
    local = now.astimezone(zone)
    if campaign.window_end:
        closes = dt.datetime.combine(local.date(), campaign.window_end, tzinfo=zone).astimezone(dt.UTC)
        if closes > now:
            return closes
    tomorrow = dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time.min, tzinfo=zone)
    return tomorrow.astimezone(dt.UTC)
