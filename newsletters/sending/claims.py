"""Taking copies to send: one transaction decides who has them, and that they may still be sent."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from ..addresses import fingerprint
from ..enums import CampaignState, DeliveryState, SkipReason, SubscriptionState
from ..models import Campaign, Delivery, SendingSwitch, Suppression
from . import pace
from .merge import Copy

# Longer than a batch can last: a hundred answers of two minutes would be cut off before (:mod:`.worker`).
LEASE = dt.timedelta(minutes=15)


class Batch(NamedTuple):
    """Copies that this process, and no other, is to send now. ``claim`` names them."""

    campaign: int
    claim: uuid.UUID
    copies: list[Copy]


def is_stopped() -> bool:
    """Whether the emergency stop is on. One query."""
    return SendingSwitch.objects.filter(pk=1, stopped_at__isnull=False).exists()


def claim(campaign_id: int, *, size: int, now: dt.datetime) -> Batch | None:
    """The next copies of a running campaign, written down as being sent; None where there are none to send now.

    Committed before anything is given to a transport. Membership, exclusion and pause are read again: who left since
    the snapshot is marked and not returned. A batch may thus be empty and not be the last.
    """
    with transaction.atomic():
        campaigns = Campaign.objects.filter(pk=campaign_id).defer("html", "text", "frozen_pages")
        campaign = campaigns.get()
        if pace.is_throttled(campaign):
            # Two workers would each think that there is room for all.
            campaign = campaigns.select_for_update(of=("self",)).get()
        if not may_send_now(campaign, now) or is_stopped():
            return None
        allowed = pace.allowance(campaign, now)
        size = size if allowed is None else min(size, allowed)
        waiting = Delivery.objects.filter(campaign=campaign, state=DeliveryState.WAITING, due_at__lte=now)
        waiting = waiting.order_by("due_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        keys = list(waiting.values_list("pk", flat=True)[:size])
        if not keys:
            return None
        copies, skipped = _sorted_out(keys)
        for reason, gone in skipped.items():
            Delivery.objects.filter(pk__in=gone).update(state=DeliveryState.SKIPPED, skip_reason=reason, settled_at=now)
        token = uuid.uuid4()
        Delivery.objects.filter(pk__in=[copy.delivery for copy in copies]).update(
            state=DeliveryState.SENDING, claim=token, leased_until=now + LEASE, attempts=F("attempts") + 1
        )
    return Batch(campaign_id, token, copies)


def may_send_now(campaign: Campaign, now: dt.datetime) -> bool:
    return (
        campaign.state == CampaignState.RUNNING
        and campaign.snapshot_at is not None
        and (campaign.retry_at is None or campaign.retry_at <= now)
        and pace.is_open(campaign, now)
    )


def _sorted_out(keys: list[int]) -> tuple[list[Copy], dict[str, list[int]]]:
    """The rows that may be sent, and those that may not any more, by reason. Two queries."""
    rows: Any = list(
        Delivery.objects.filter(pk__in=keys)
        .order_by("due_at", "pk")
        .values(
            "pk",
            "address",
            "message_id",
            "list_id",
            "subscription_id",
            "subscription__state",
            "subscriber_id",
            "subscriber__name",
            "subscriber__organisation",
            "subscriber__territory__name",
            "subscriber__tracking",
            "subscriber__paused_until",
            "subscriber__unreachable_at",
            "list__name",
        )
    )
    prints = {fingerprint(row["address"]): row["pk"] for row in rows}
    excluded = Suppression.objects.filter(fingerprint__in=prints).values_list("fingerprint", flat=True)
    suppressed = {prints[mark] for mark in excluded}
    today = timezone.localdate()
    copies: list[Copy] = []
    skipped: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        paused = row["subscriber__paused_until"]
        if row["subscriber_id"] is None:
            skipped[SkipReason.ERASED].append(row["pk"])
        elif row["pk"] in suppressed:
            skipped[SkipReason.SUPPRESSED].append(row["pk"])
        elif row["subscription__state"] != SubscriptionState.ACTIVE:
            skipped[SkipReason.UNSUBSCRIBED].append(row["pk"])
        elif row["subscriber__unreachable_at"] is not None:
            skipped[SkipReason.UNREACHABLE].append(row["pk"])
        elif paused is not None and paused > today:
            skipped[SkipReason.PAUSED].append(row["pk"])
        else:
            copies.append(_copy(row))
    return copies, skipped


def _copy(row: dict[str, Any]) -> Copy:
    return Copy(
        delivery=row["pk"],
        subscription=row["subscription_id"],
        address=row["address"],
        list_id=row["list_id"],
        message_id=row["message_id"],
        values={
            "nom": row["subscriber__name"],
            "organisation": row["subscriber__organisation"],
            "territoire": row["subscriber__territory__name"] or "",
            "liste": row["list__name"],
        },
        tracking=row["subscriber__tracking"],
    )
