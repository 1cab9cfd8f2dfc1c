"""What is done with a message that came to one of the portal's mailboxes: a return, a complaint, a wish to leave.

A message is believed only as far as it proves that it has the copy: by the signed token of the address it came to, or
by the copy's own Message-ID, which nobody but its reader and the servers on its way knows. What it says of another
address than the copy's is not believed: no suppression comes of it.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.utils import timezone

from ..enums import EventKind
from ..models import Delivery
from ..sending.tokens import BadTokenError, Purpose, read_local
from ..services import leave
from . import arf, dsn
from .report import Report, header, parse, tags_of
from .services import find_delivery, note_event

logger = logging.getLogger(__name__)
_AGAINST: Final = (EventKind.HARD_BOUNCE, EventKind.SOFT_BOUNCE, EventKind.REJECTED, EventKind.COMPLAINED)


class Received(StrEnum):
    """What became of a message."""

    NOTED = "noted"
    KNOWN = "known"
    LEFT = "left"
    NOT_OURS = "not ours"
    NOTHING = "nothing"


def receive(data: bytes, envelope_to: str = "") -> Received:
    """Deal with one message, whatever it is. Idempotent: the same message again changes nothing. Never raises for what
    is in it. Logs without addresses.
    """
    message = parse(data)
    tags = tags_of(message, envelope_to)
    if _wants_to_leave(tags):
        return Received.LEFT
    reports = arf.read(message) or dsn.read(message)
    if not reports:
        return Received.NOTHING
    known = Received.NOT_OURS
    key = header(message, "Message-ID") or hashlib.sha256(data).hexdigest()
    for report in reports:
        signed = _signed(tags)
        delivery = signed or _by_message(report)
        if delivery is None:
            continue
        believed = _believed(report, delivery, is_signed=signed is not None)
        if believed is None:
            continue
        is_new = note_event(
            delivery=delivery,
            kind=believed.kind,
            source=believed.source,
            key=hashlib.sha256(f"{key}|{delivery.pk}|{believed.kind}".encode()).hexdigest(),
            at=timezone.now(),
            code=believed.code,
            detail=believed.detail,
        )
        known = Received.NOTED if is_new or known == Received.NOTED else Received.KNOWN
    return known


def _wants_to_leave(tags: list[tuple[str, str]]) -> bool:
    """A message to the address that unsubscribes (RFC 2369, 3.2): its signature is the right, whatever it says."""
    local = settings.UNSUBSCRIBE_ADDRESS.partition("@")[0].lower()
    for before, token in tags:
        if local and before == local:
            try:
                leave(ref=read_local(Purpose.UNSUBSCRIBE, token))
            except BadTokenError:
                continue
            return True
    return False


def _signed(tags: list[tuple[str, str]]) -> Delivery | None:
    for _, token in tags:
        if found := find_delivery(bounce_token=token):
            return found
    return None


def _by_message(report: Report) -> Delivery | None:
    for each in report.message_ids[:20]:
        if found := find_delivery(message_id=each):
            return found
    return None


def _believed(report: Report, delivery: Delivery, *, is_signed: bool) -> Report | None:
    """``report`` as far as it is believed. One that names other addresses only, and not the copy's, comes of a
    forwarding: with our signature it counts as a return that may pass, without it as nothing.
    """
    if report.kind not in _AGAINST or not report.recipients or delivery.address.lower() in report.recipients:
        return report
    if report.kind == EventKind.COMPLAINED or not is_signed:
        return None
    return replace(report, kind=EventKind.SOFT_BOUNCE)
