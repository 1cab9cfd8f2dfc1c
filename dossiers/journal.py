"""The log of a dossier: each event chained to the one before, so that a line changed or taken away is seen.

``hash`` = SHA-256 over the canonical JSON of the event's fields and the hash of the event before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.utils import timezone

from portal.accounts.models import User

from .enums import EventKind, Side
from .models import Dossier, DossierEvent

SYSTEM = "Portail"
Listener = Callable[[DossierEvent], None]
_listeners: list[Listener] = []


def register_listener(listener: Listener) -> None:
    """Have ``listener`` called with each event, inside its transaction: it writes rows, and wakes tasks on commit.

    Registered in ``AppConfig.ready``, by what tells people (``dossiers.notices``), other programs (webhooks), or draws
    up documents.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def record(
    dossier: Dossier,
    kind: EventKind,
    *,
    actor: User | None,
    side: Side,
    from_state: str = "",
    data: dict[str, Any] | None = None,
) -> DossierEvent:
    """Append an event. ``dossier`` must be locked by the caller's transaction (``access.lock``), which saves it.

    Side effects: a row; the dossier's head of chain is saved (these two columns only); listeners are called.
    """
    event = DossierEvent(
        dossier=dossier,
        number=dossier.last_event_number + 1,
        kind=kind,
        at=timezone.now(),
        actor=actor,
        actor_label=str(actor)[:200] if actor is not None else SYSTEM,
        side=side,
        from_state=from_state,
        to_state=dossier.state,
        dossier_version=dossier.version,
        data=data or {},
        previous_hash=dossier.last_event_hash,
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    dossier.last_event_number, dossier.last_event_hash = event.number, event.hash
    dossier.save(update_fields=["last_event_number", "last_event_hash"])
    for listener in _listeners:
        listener(event)
    return event


def digest(event: DossierEvent) -> str:
    """What ``event.hash`` must be, from its own fields."""
    fields = {
        "dossier": str(event.dossier_id),
        "number": event.number,
        "kind": str(event.kind),
        "at": event.at.isoformat(timespec="microseconds"),
        "actor": event.actor_id,
        "actor_label": event.actor_label,
        "side": str(event.side),
        "from": event.from_state,
        "to": str(event.to_state),
        "version": event.dossier_version,
        "data": event.data,
        "previous": event.previous_hash,
    }
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def faults(dossier: Dossier) -> Iterator[str]:
    """What is wrong with the chain of ``dossier``, in words; nothing where it holds. One query."""
    before, number = "", 0
    event: DossierEvent | None = None
    for event in DossierEvent.objects.filter(dossier=dossier).order_by("number").iterator():
        number += 1
        if event.number != number:
            yield f"event {number} is missing"
            number = event.number
        if event.previous_hash != before:
            yield f"event {event.number} does not follow the one before"
        if digest(event) != event.hash:
            yield f"event {event.number} was changed"
        before = event.hash
    if (dossier.last_event_number, dossier.last_event_hash) != (number, before):
        yield "the last event is not the one that the dossier knows"
    if event is not None and event.to_state != dossier.state:
        yield "the dossier's state is not the one of its last event"
