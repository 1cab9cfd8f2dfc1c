"""What is heard of a copy after it left: written once, whatever the order it comes in."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ..enums import DeliveryState, EventKind, SuppressionReason
from ..models import Delivery, DeliveryEvent, Subscriber
from ..sending.settle import halt_on_errors
from ..sending.tokens import BadTokenError, Purpose, read_local

#: Soft returns among the last sendings that mark a person as unreachable (spec: three in five).
SOFT_BOUNCES, LAST_SENDINGS = 3, 5

#: The state an event speaks of, and how much it says: a later word never hides a stronger one.
_STATES: Final[dict[str, tuple[str, int]]] = {
    EventKind.ACCEPTED: (DeliveryState.ACCEPTED, 1),
    EventKind.DEFERRED: (DeliveryState.ACCEPTED, 1),
    EventKind.DELIVERED: (DeliveryState.DELIVERED, 2),
    EventKind.OPENED: (DeliveryState.DELIVERED, 2),
    EventKind.CLICKED: (DeliveryState.DELIVERED, 2),
    EventKind.COMPLAINED: (DeliveryState.DELIVERED, 2),
    EventKind.UNSUBSCRIBED: (DeliveryState.DELIVERED, 2),
    EventKind.SOFT_BOUNCE: (DeliveryState.BOUNCED, 4),
    EventKind.REJECTED: (DeliveryState.FAILED, 3),
    EventKind.HARD_BOUNCE: (DeliveryState.BOUNCED, 5),
}
_RANKS: Final[dict[str, int]] = {
    DeliveryState.SENDING: 0,
    DeliveryState.UNKNOWN: 0,
    DeliveryState.FAILED: 0,
    DeliveryState.ACCEPTED: 1,
    DeliveryState.DELIVERED: 2,
    DeliveryState.BOUNCED: 4,
}


@transaction.atomic
def note_event(
    *,
    delivery: Delivery,
    kind: str,
    source: str,
    key: str,
    at: dt.datetime,
    code: str = "",
    detail: str = "",
) -> bool:
    """Write an event of a copy, and what follows from it; False where (``source``, ``key``) was known already.

    The copy's state moves forward only: « remis » is not hidden by a late « pris en charge », nor a return by either.
    An event settles a copy whose fate was unknown, or that is still believed to be on its way. A hard bounce or a
    complaint excludes the address and ends its subscriptions, each with its proof; three soft bounces among the last
    five copies mark the person as unreachable, a delivery lifts that. A copy that was never sent (waiting, skipped) is
    not touched: whoever speaks of it is mistaken or lies. ``detail`` is kept without addresses by the caller.
    """
    one = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery.pk).first()
    if one is None or one.state in (DeliveryState.WAITING, DeliveryState.SKIPPED):
        return False
    _, is_new = DeliveryEvent.objects.get_or_create(
        source=source[:30],
        key=key[:150],
        defaults={"delivery": one, "kind": kind, "code": code[:20], "detail": detail[:300], "at": at},
    )
    if not is_new:
        return False
    _move(one, kind, code, detail, at)
    if kind == EventKind.HARD_BOUNCE:
        _exclude(one, SuppressionReason.BOUNCE, code)
    elif kind == EventKind.COMPLAINED:
        _exclude(one, SuppressionReason.COMPLAINT, "")
    elif kind == EventKind.UNSUBSCRIBED:
        _leave(one)
    elif kind == EventKind.SOFT_BOUNCE:
        _watch(one)
    elif kind == EventKind.DELIVERED and one.subscriber_id:
        Subscriber.objects.filter(pk=one.subscriber_id, unreachable_at__isnull=False).update(unreachable_at=None)
    if kind in (EventKind.HARD_BOUNCE, EventKind.SOFT_BOUNCE, EventKind.REJECTED):
        halt_on_errors(one.campaign_id)
    return True


def find_delivery(*, message_id: str = "", provider_id: str = "", bounce_token: str = "") -> Delivery | None:
    """The copy that a signed token names, else its own Message-ID, else its provider's number. Never its address.

    At most three queries. None for what is not ours.
    """
    rows = Delivery.objects.select_related("campaign")
    if bounce_token:
        try:
            ref = read_local(Purpose.BOUNCE, bounce_token)
        except BadTokenError:
            return None
        return rows.filter(pk=ref.delivery).first()
    if message_id and (found := rows.filter(message_id=f"<{message_id.strip().strip('<>')}>").first()):
        return found
    if provider_id:
        return rows.filter(provider_id=provider_id).exclude(provider_id="").order_by("-pk").first()
    return None


def _move(one: Delivery, kind: str, code: str, detail: str, at: dt.datetime) -> None:
    state, rank = _STATES[kind]
    changes: dict[str, Any] = {}
    if rank > _rank_of(one, kind):
        changes |= {"state": state, "settled_at": timezone.now(), "claim": None, "leased_until": None}
        changes |= {"code": code[:20] or one.code, "detail": detail[:300]}
        if state != DeliveryState.FAILED and one.sent_at is None:
            changes["sent_at"] = at
    if kind == EventKind.COMPLAINED and one.complained_at is None:
        changes["complained_at"] = at
    if changes:
        Delivery.objects.filter(pk=one.pk).update(**changes)


def _rank_of(one: Delivery, kind: str) -> int:
    """How much the copy's state says before the event. A failure of our own sending says little, and any news settles
    it; one that a server or a provider told of is their last word but for a return, whatever comes late.
    """
    is_late = one.state == DeliveryState.FAILED and kind != EventKind.REJECTED
    if is_late and one.events.filter(kind=EventKind.REJECTED).exists():
        return _STATES[EventKind.REJECTED][1]
    return _RANKS[one.state]


def _exclude(one: Delivery, reason: str, note: str) -> None:
    """Never write to the copy's address again. Its person may have another by now: the address is the copy's."""
    # Services read the models that this package's callers make.
    from ..services import suppress

    if "@" in one.address:
        suppress(address=one.address, reason=reason, note=note)


def _leave(one: Delivery) -> None:
    from ..sending.tokens import Ref
    from ..services import leave

    leave(ref=Ref(one.subscription_id or 0, one.pk))


def _watch(one: Delivery) -> None:
    """Three soft returns among the last five copies: nothing more is sent until the person is heard of."""
    if one.subscriber_id is None:
        return
    sent = Delivery.objects.filter(subscriber=one.subscriber_id).exclude(sent_at=None)
    last = list(sent.order_by(F("sent_at").desc(), "-pk").values_list("pk", flat=True)[:LAST_SENDINGS])
    soft = DeliveryEvent.objects.filter(delivery__in=last, kind=EventKind.SOFT_BOUNCE)
    if soft.order_by().values("delivery").distinct().count() >= SOFT_BOUNCES:
        Subscriber.objects.filter(pk=one.subscriber_id, unreachable_at=None).update(unreachable_at=timezone.now())
