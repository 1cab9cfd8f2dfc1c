"""The history of a dossier, for each of its parties::

    context["history"] = history_panel(dossier, rights, side)
    {% include "dossiers/outputs/_history.html" with panel=history %}

The log itself is :mod:`dossiers.journal`; ``manage.py verify_log`` checks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import OuterRef, Q, QuerySet, Subquery

from ..access import Rights
from ..enums import DEPOSITOR_LABELS, INTERNAL_EVENTS, EventKind, Side, State
from ..models import Dossier, DossierEvent

#: Lines on a screen, the latest first.
MOST: Final = 300
#: What people read is not told to the other party.
READINGS: Final = frozenset({EventKind.DOWNLOADED, EventKind.READ_INSIDE})


@dataclass(frozen=True)
class Line:
    """One event as ``side`` reads it; ``state``: where it led, where it moved the dossier."""

    event: DossierEvent
    label: str
    who: str
    state: str = ""


def history_panel(dossier: Dossier, rights: Rights, side: Side | str | None = None) -> dict[str, Any]:
    """The events that the person may know of, the latest first. One query, two past :data:`MOST` lines.

    ``side``: of the screen; ``rights`` decide what it shows. Neither the organisation nor who gives an avis is told of
    internal events and of downloads; who is not of the organisation is told of nothing before the deposit.
    """
    side = Side(side or rights.side)
    desk = side == Side.INSTRUCTION and (rights.instructs or rights.validates)
    events = shown(dossier, desk=desk, organisation=rights.of_organisation and side == Side.ORGANISATION)
    found = list(events.order_by("-number")[: MOST + 1])
    lines = [_line(each, desk) for each in found[:MOST]]
    return {
        "dossier": dossier,
        "lines": lines,
        "older": events.count() - MOST if len(found) > MOST else 0,
    }


def shown(dossier: Dossier, *, desk: bool, organisation: bool) -> QuerySet[DossierEvent]:
    """The events that one party is told of."""
    events = DossierEvent.objects.filter(dossier=dossier)
    if not desk:
        events = events.exclude(kind__in=INTERNAL_EVENTS | READINGS)
    if not organisation:
        deposits = DossierEvent.objects.filter(dossier=OuterRef("dossier"), kind=EventKind.DEPOSITED)
        first = Subquery(deposits.order_by("number").values("number")[:1])
        events = events.filter(Q(number__gte=first))
    return events


def _line(event: DossierEvent, desk: bool) -> Line:
    """In the words of one side. A transition names the state it led to."""
    state = ""
    if event.to_state and event.from_state and event.to_state != event.from_state:
        state = State(event.to_state).label if desk else DEPOSITOR_LABELS[State(event.to_state)]
    who = event.actor_label
    if event.side in (Side.INSTRUCTION, Side.OPINION, Side.ORGANISATION) and event.actor_id is not None:
        who = f"{who} ({Side(event.side).label.lower()})"
    return Line(event, EventKind(event.kind).label, who, state)
