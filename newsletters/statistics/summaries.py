"""The sums kept of each sending: renewed by the schedule while it is recent, made final before its log is purged."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ..models import Campaign, CampaignSummary, Delivery
from .figures import COLUMNS, count_copies
from .moments import sent_by_hour

#: Webhooks and clicks have come by then; what comes later joins the sums when they are made final.
RECENT = dt.timedelta(days=35)


def renew_summaries(now: dt.datetime | None = None) -> int:
    """Make the sums of every sending that is under way or ended recently. Returns how many sendings. Idempotent."""
    now = now or timezone.now()
    recent = Campaign.objects.filter(Q(finished_at=None) | Q(finished_at__gte=now - RECENT), started_at__isnull=False)
    missing = Campaign.objects.filter(started_at__isnull=False, summaries=None)
    done = 0
    for campaign in (recent | missing).distinct().only("pk").order_by("pk").iterator():
        done += summarise(campaign, now)
    return done


@transaction.atomic
def summarise(campaign: Campaign, now: dt.datetime, *, final: bool = False) -> bool:
    """Keep the sums of a sending's log, list by list; False where they are final already: the log may be gone."""
    Campaign.objects.select_for_update(of=("self",)).only("pk").get(pk=campaign.pk)
    if CampaignSummary.objects.filter(campaign=campaign, final=True).exists():
        return False
    copies = Delivery.objects.filter(campaign=campaign)
    hours = sent_by_hour(copies)
    made = [
        CampaignSummary(
            campaign=campaign,
            list_id=key,
            made_at=now,
            final=final,
            skipped=dict(figures.skipped),
            hours=[[f"{hour:%Y-%m-%dT%H}", number] for hour, number in sorted(hours[key].items())],
            **{name: getattr(figures, name) for name in COLUMNS},
        )
        for key, figures in sorted(count_copies(copies).items())
    ]
    changed: list[Any] = [*COLUMNS, "made_at", "final", "skipped", "hours"]
    CampaignSummary.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["campaign", "list"], update_fields=changed
    )
    return bool(made)
