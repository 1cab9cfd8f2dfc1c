"""The log of copies is personal data: it goes thirteen months after the end of its sending; the sums stay."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from ..enums import CampaignState
from ..models import Campaign, Delivery
from ..statistics.summaries import summarise

logger = logging.getLogger(__name__)

#: Thirteen months.
KEPT: Final = dt.timedelta(days=396)
BATCH: Final = 1000
#: Batches of one run: the schedule comes by again within the hour.
MOST_BATCHES: Final = 300


def purge_log(now: dt.datetime | None = None) -> int:
    """Delete the copies (and what was heard of them) of sendings that ended over thirteen months ago; returns how many.

    Their sums are made final first: killed in the middle, the next run goes on from there and statistics say the same.
    Clicks stay, of nobody. A sending that is paused keeps its log until somebody ends it.
    """
    now = now or timezone.now()
    copies = Delivery.objects.filter(campaign=OuterRef("pk"))
    over = Campaign.objects.filter(
        Exists(copies), state__in=[CampaignState.FINISHED, CampaignState.CANCELLED], finished_at__lt=now - KEPT
    )
    deleted = batches = 0
    for campaign in over.only("pk").order_by("finished_at", "pk"):
        summarise(campaign, now, final=True)
        while batches < MOST_BATCHES and (number := _purge_batch(campaign)):
            deleted, batches = deleted + number, batches + 1
    if deleted:
        logger.info("%d copies were purged from the log of sendings.", deleted)
    return deleted


@transaction.atomic
def _purge_batch(campaign: Campaign) -> int:
    keys = list(Delivery.objects.filter(campaign=campaign).order_by("pk").values_list("pk", flat=True)[:BATCH])
    Delivery.objects.filter(pk__in=keys).delete()
    return len(keys)
