"""What a provider's event means for a copy: which copy, what happened, and whether its mailbox is gone for good.

Anymail says « bounced » for all that came back; whether an address is to be excluded for it is read from the provider's
own words. In doubt it is not: an address wrongly excluded is lost, one that is dead comes back again.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from anymail.signals import EventType, tracking
from django.dispatch import receiver
from django.utils import timezone

from ..enums import EventKind
from ..models import Delivery
from ..sending.esp_messages import METADATA
from ..sending.mime import one_line
from ..sending.tokens import BadTokenError, Purpose, read
from .services import find_delivery, note_event

_KINDS: Final[dict[str, EventKind]] = {
    EventType.QUEUED: EventKind.ACCEPTED,
    EventType.SENT: EventKind.ACCEPTED,
    EventType.DELIVERED: EventKind.DELIVERED,
    EventType.DEFERRED: EventKind.DEFERRED,
    EventType.REJECTED: EventKind.REJECTED,
    EventType.FAILED: EventKind.REJECTED,
    EventType.COMPLAINED: EventKind.COMPLAINED,
    EventType.UNSUBSCRIBED: EventKind.UNSUBSCRIBED,
    EventType.OPENED: EventKind.OPENED,
    EventType.CLICKED: EventKind.CLICKED,
}
#: Of one person: written only of who agreed to be measured.
_MEASURES: Final = frozenset({EventKind.OPENED, EventKind.CLICKED})
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_BASIC = re.compile(r"\b([245]\d\d)\b")
#: RFC 3463: there is no such mailbox, or no such domain.
_NO_MAILBOX: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
_NOBODY = re.compile(
    r"user unknown|unknown user|no such (?:user|mailbox|recipient)|does not exist|mailbox (?:not found|unavailable)",
    re.IGNORECASE,
)
_POLICY = re.compile(r"spam|block|polic|reputation|dmarc|dkim|spf|blacklist|rate|quota|full|greylist", re.IGNORECASE)


@receiver(tracking)
def take(sender: Any, event: Any, esp_name: str, **kwargs: Any) -> None:
    """Write what a provider told, once. What names no copy of ours, or what nobody agreed to, changes nothing."""
    kind = kind_of(event, esp_name)
    delivery = _delivery_of(event) if kind is not None else None
    if kind is None or delivery is None or (kind in _MEASURES and not _is_measured(delivery)):
        return
    said = f"{event.mta_response or ''} {event.description or ''}".strip()
    note_event(
        delivery=delivery,
        kind=kind,
        source=esp_name.lower().replace(" ", "_"),
        key=_key_of(event, kind, delivery),
        at=_moment(event.timestamp),
        code=_code_of(said),
        detail=one_line(_ADDRESS.sub("…", said))[:300],
    )


def kind_of(event: Any, esp_name: str) -> EventKind | None:
    """What happened; None for what is not of a copy's life."""
    if event.event_type == EventType.BOUNCED:
        return EventKind.HARD_BOUNCE if _is_gone(event, esp_name) else EventKind.SOFT_BOUNCE
    return _KINDS.get(event.event_type)


def _is_gone(event: Any, esp_name: str) -> bool:
    """Whether the provider says that the mailbox does not exist."""
    raw = event.esp_event if isinstance(event.esp_event, Mapping) else {}
    if esp_name == "Brevo":
        return raw.get("event") in ("hard_bounce", "invalid_email")
    if esp_name == "Mailjet":
        # « hard_bounce » is also told of addresses that a filter refused.
        return raw.get("hard_bounce") is True and raw.get("error_related_to") in ("recipient", "domain")
    if esp_name == "Postmark":
        return raw.get("Type") == "HardBounce"
    if esp_name == "Amazon SES":
        bounce = raw.get("bounce")
        return isinstance(bounce, Mapping) and bounce.get("bounceType") == "Permanent"
    said = f"{event.mta_response or ''} {event.description or ''}"
    if found := _ENHANCED.search(said):
        return found[1] in _NO_MAILBOX
    basic = _BASIC.search(said)
    permanent = basic is None or basic[1].startswith("5")
    return permanent and _NOBODY.search(said) is not None and _POLICY.search(said) is None


def _delivery_of(event: Any) -> Delivery | None:
    """By our own signed token; without one by the numbers of the message, if the event speaks of the copy's address."""
    metadata = event.metadata if isinstance(event.metadata, Mapping) else {}
    if token := metadata.get(METADATA):
        try:
            ref = read(Purpose.EVENT, str(token))
        except BadTokenError:
            return None
        return Delivery.objects.select_related("subscriber").filter(pk=ref.delivery).first()
    number = str(event.message_id or "").replace("\x00", "")[:150]
    found = find_delivery(message_id=number, provider_id=number) if number else None
    recipient = str(event.recipient or "").strip().lower()
    return found if found is not None and recipient == found.address.lower() else None


def _is_measured(delivery: Delivery) -> bool:
    return delivery.subscriber is not None and delivery.subscriber.tracking


def _key_of(event: Any, kind: str, delivery: Delivery) -> str:
    """The event's own number; without one a hash of what it says, which is the same when it is told again."""
    if event.event_id:
        return f"{kind}:{event.event_id}"[:150]
    said: list[Any] = [delivery.pk, kind, event.mta_response, event.click_url]
    if event.timestamp is not None:
        said.append(event.timestamp.isoformat())
    else:
        said.append(event.esp_event)
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _moment(at: dt.datetime | None) -> dt.datetime:
    """When it happened, never later than now."""
    now = timezone.now()
    if at is None:
        return now
    return min(timezone.make_aware(at) if timezone.is_naive(at) else at, now)


def _code_of(said: str) -> str:
    basic, enhanced = _BASIC.search(said), _ENHANCED.search(said)
    return " ".join(found[1] for found in (basic, enhanced) if found)[:20]
