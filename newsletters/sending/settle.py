"""Writing down what became of copies, and what follows for their campaign."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from wagtail.log_actions import log

from ..enums import CampaignState, DeliveryState, PauseReason, SkipReason, SuppressionReason
from ..models import Campaign, Delivery
from ..rules import Action
from ..signals import campaign_changed
from .claims import Batch
from .transports import Outcome, Result

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 6
FIRST_DELAY, LONGEST_DELAY = dt.timedelta(minutes=2), dt.timedelta(hours=4)
# Fewer answers say nothing of a list's quality.
ENOUGH = 50
TRANSPORT_FIRST_DELAY, TRANSPORT_LONGEST_DELAY = dt.timedelta(seconds=15), dt.timedelta(minutes=15)
# Fifteen seconds doubled seven times: about two hours.
TRANSPORT_TRIES = 12
AT_ONCE = 5000
# RFC 3463: there is no such mailbox, or no such domain.
_NO_MAILBOX = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10")


@transaction.atomic
def write(batch: Batch, outcomes: Iterable[Outcome], now: dt.datetime) -> None:
    """Write the outcomes of a batch; what has none was not handed over and waits again, as if never tried.

    Rows that were given up meanwhile as unknown are settled by it: an answer is an answer. May be called again with the
    same outcomes. An address that does not exist is excluded from then on.
    """
    mine = Delivery.objects.filter(claim=batch.claim, state__in=[DeliveryState.SENDING, DeliveryState.UNKNOWN])
    answered = list(outcomes)
    plain = [each.delivery for each in answered if each.result == Result.ACCEPTED and not each.provider_id]
    free = {"claim": None, "leased_until": None, "settled_at": now}
    sent = {"state": DeliveryState.ACCEPTED, "code": "250", "detail": "", "sent_at": now}
    mine.filter(pk__in=plain).update(**sent, **free)
    unknown: dict[str, list[int]] = defaultdict(list)
    for each in answered:
        if each.result == Result.ACCEPTED and not each.provider_id:
            continue
        row = mine.filter(pk=each.delivery)
        said: dict[str, Any] = {"code": each.code[:20], "detail": each.detail[:300]}
        if each.result == Result.ACCEPTED:
            row.update(**sent | {"provider_id": each.provider_id[:150]}, **free)
        elif each.result == Result.UNKNOWN:
            unknown[each.detail].append(each.delivery)
        elif each.result == Result.FAILED:
            _fail(row, free | said)
        elif each.result == Result.RETRY:
            _put_back(row, free | said, now)
    for detail, keys in unknown.items():
        mine.filter(pk__in=keys).update(
            state=DeliveryState.UNKNOWN, detail=detail[:300], leased_until=None, settled_at=now
        )
    known = {each.delivery for each in answered}
    untouched = [copy.delivery for copy in batch.copies if copy.delivery not in known]
    if untouched:
        mine.filter(pk__in=untouched).update(
            state=DeliveryState.WAITING, claim=None, leased_until=None, attempts=F("attempts") - 1
        )
    if untouched or any(each.result == Result.RETRY for each in answered):
        _reopen(batch.campaign)


def _reopen(campaign_id: int) -> None:
    """A process so slow that its copies were given up as unknown, and its campaign ended, found that some were not
    taken: they wait again, and so does their campaign."""
    one = Campaign.objects.select_for_update(of=("self",)).filter(pk=campaign_id, state=CampaignState.FINISHED).first()
    if one is not None and one.deliveries.filter(state=DeliveryState.WAITING).exists():
        one.finished_at = None
        _change(one, CampaignState.RUNNING, Action.REOPEN)


def _fail(row: Any, values: dict[str, Any]) -> None:
    address = row.values_list("address", flat=True).first()
    if not row.update(state=DeliveryState.FAILED, **values) or address is None:
        return
    if any(code in values["code"] for code in _NO_MAILBOX):
        # Services import this package.
        from ..services.subscriptions import suppress

        suppress(address=address, reason=SuppressionReason.BOUNCE, note=values["code"])


def _put_back(row: Any, values: dict[str, Any], now: dt.datetime) -> None:
    """Later and later (two minutes, four, eight…), then refused for good after :data:`MAX_ATTEMPTS`."""
    if row.filter(attempts__gte=MAX_ATTEMPTS).update(state=DeliveryState.FAILED, **values):
        return
    attempts = row.values_list("attempts", flat=True).first() or 1
    delay = min(FIRST_DELAY * (1 << (attempts - 1)), LONGEST_DELAY)
    row.update(state=DeliveryState.WAITING, due_at=now + delay, **values | {"settled_at": None})


def recover(now: dt.datetime) -> int:
    """Mark what a dead process was sending as unknown: nobody can say whether it left. Returns how many.

    Never sent again by itself: a provider's event, a returned message or a person settles it.
    """
    lost = Delivery.objects.filter(state=DeliveryState.SENDING, leased_until__lt=now)
    found: int = lost.update(state=DeliveryState.UNKNOWN, leased_until=None, settled_at=now)
    if found:
        logger.warning("%d copies were being sent by a process that died: their fate is unknown.", found)
    return found


def skip_cancelled() -> int:
    """Mark what still waits of cancelled campaigns as not sent; returns how many, :data:`AT_ONCE` at most."""
    waiting = Delivery.objects.filter(campaign__state=CampaignState.CANCELLED, state=DeliveryState.WAITING)
    keys = list(waiting.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    if not keys:
        return 0
    return Delivery.objects.filter(pk__in=keys, state=DeliveryState.WAITING).update(
        state=DeliveryState.SKIPPED, skip_reason=SkipReason.CANCELLED, settled_at=timezone.now()
    )


@transaction.atomic
def finish_if_done(campaign_id: int) -> bool:
    """End a running campaign that has nothing left to send. What is unknown does not keep it open."""
    one = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign_id)
    if one.state != CampaignState.RUNNING or one.snapshot_at is None or one.deliveries.open().exists():
        return False
    one.finished_at = timezone.now()
    _change(one, CampaignState.FINISHED, Action.FINISH)
    return True


@transaction.atomic
def halt_on_errors(campaign_id: int) -> bool:
    """Pause a campaign too many of whose addresses were refused or came back."""
    one = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign_id)
    if one.state != CampaignState.RUNNING:
        return False
    wrong = Q(state__in=[DeliveryState.FAILED, DeliveryState.BOUNCED])
    done = wrong | Q(state__in=[DeliveryState.ACCEPTED, DeliveryState.DELIVERED])
    counts = one.deliveries.aggregate(wrong=Count("pk", filter=wrong), done=Count("pk", filter=done))
    if counts["done"] < ENOUGH or counts["wrong"] * 100 < one.error_percent * counts["done"]:
        return False
    percent = counts["wrong"] * 100 // counts["done"]
    one.pause_reason, one.pause_detail = PauseReason.ERRORS, f"{percent} % d’adresses refusées ou revenues."
    _change(one, CampaignState.PAUSED, Action.HALT)
    return True


@transaction.atomic
def note_transport(campaign_id: int, *, away: bool, now: dt.datetime) -> None:
    """After a batch: the transport answered, or it is away and is tried later and later, then the campaign pauses."""
    campaigns = Campaign.objects.select_for_update(of=("self",))
    if not away:
        Campaign.objects.filter(pk=campaign_id, transport_failures__gt=0).update(transport_failures=0, retry_at=None)
        return
    one = campaigns.get(pk=campaign_id)
    one.transport_failures += 1
    delay = min(TRANSPORT_FIRST_DELAY * (1 << min(one.transport_failures - 1, 10)), TRANSPORT_LONGEST_DELAY)
    one.retry_at = now + delay
    one.save(update_fields=["transport_failures", "retry_at"])
    if one.transport_failures >= TRANSPORT_TRIES and one.state == CampaignState.RUNNING:
        one.pause_reason, one.pause_detail = PauseReason.TRANSPORT, ""
        _change(one, CampaignState.PAUSED, Action.HALT)


@transaction.atomic
def start(campaign_id: int, now: dt.datetime) -> bool:
    """Let a scheduled campaign go, once, when its moment has come."""
    one = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign_id)
    if one.state != CampaignState.SCHEDULED or one.scheduled_at is None or one.scheduled_at > now:
        return False
    one.started_at = now
    _change(one, CampaignState.RUNNING, Action.START)
    return True


def _change(one: Campaign, state: str, action: Action) -> None:
    """What the portal itself does to a campaign: written and told as what people do."""
    one.state = state
    one.version += 1
    one.save()
    data = {"letter": one.letter_id, "title": str(one)}
    log(instance=one, action=f"newsletters.campaign.{action}", title=str(one)[:200], data=data)
    campaign_changed.send(Campaign, campaign=one, action=action, actor=None)
