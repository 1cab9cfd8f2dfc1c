"""Who gets a letter, taken once at its launch: one row a person."""

from __future__ import annotations

import datetime as dt
import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from ..addresses import fingerprint
from ..enums import CampaignState
from ..models import Campaign, Delivery, Suppression
from .audience import subscriptions

CHUNK = 1000


def take(campaign_id: int, now: dt.datetime) -> bool:
    """Write the rows of a running campaign, in short transactions, due from ``now``; True when all are there.

    May be killed and run again, by any number of processes at once: each step locks the campaign and goes on from the
    last person dealt with. False where it is no longer running.
    """
    while True:
        with transaction.atomic():
            campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign_id)
            if campaign.state != CampaignState.RUNNING:
                return False
            if campaign.snapshot_at is not None:
                return True
            if not _step(campaign, now):
                campaign.snapshot_at = now
                campaign.recipients = campaign.deliveries.count()
                campaign.save(update_fields=["snapshot_at", "recipients"])
                return True


def _step(campaign: Campaign, now: dt.datetime) -> bool:
    """The next people, by their number. False when there are none."""
    lists, segments = list(campaign.lists.all()), list(campaign.segments.all())
    found = (
        subscriptions(lists=lists, segments=segments)
        .filter(subscriber__gt=campaign.snapshot_cursor)
        .order_by("subscriber_id", "list_id")
        .values_list("pk", "subscriber_id", "list_id", "subscriber__address")[:CHUNK]
    )
    rows = list(found)
    if not rows:
        return False
    # The first list that a person is on; the others would be the same letter again.
    people = {row[1]: row for row in reversed(rows)}
    marks = {fingerprint(row[3]): row[1] for row in people.values()}
    for mark in Suppression.objects.filter(fingerprint__in=marks).values_list("fingerprint", flat=True):
        people.pop(marks[mark])
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    Delivery.objects.bulk_create(
        [
            Delivery(
                campaign=campaign,
                list_id=list_id,
                subscription_id=subscription,
                subscriber_id=person,
                address=address,
                message_id=f"<{uuid.uuid4().hex}@{host}>",
                due_at=now,
            )
            for subscription, person, list_id, address in sorted(people.values(), key=lambda row: row[1])
        ],
        batch_size=CHUNK,
        ignore_conflicts=True,
    )
    campaign.snapshot_cursor = rows[-1][1]
    campaign.save(update_fields=["snapshot_cursor"])
    return True
