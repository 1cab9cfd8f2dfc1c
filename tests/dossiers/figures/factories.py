"""Dossiers of which every moment is known."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from dossiers.enums import CLOSED, State
from dossiers.models import ComplementRequest, Dossier, DossierType
from portal.territories.models import Territory
from tests.dossiers.factories import Party, make_dossier

#: A Tuesday, at noon in Paris.
START = dt.datetime(2026, 3, 3, 11, tzinfo=dt.UTC)


def day(number: float, start: dt.datetime = START) -> dt.datetime:
    return start + dt.timedelta(days=number)


def place(key: str) -> Territory:
    level, code = key.split("-", 1)
    return Territory.objects.get(level=level, code=code)


def everywhere(party: Party) -> Party:
    """The same, where the national administration instructs: of any territory."""
    return replace(party, instructor=party.national)


def make_timed(
    party: Party,
    state: State,
    type_: DossierType,
    took: float = 10,
    due: float = 60,
    start: dt.datetime = START,
    amounts: tuple[str, str] | None = None,
    **fields: Any,
) -> Dossier:
    """Deposited at ``start``, closed ``took`` days later where ``state`` is closed, due ``due`` days after."""
    dossier = make_dossier(party, state, type_, **fields)
    moved: dict[str, Any] = {"deposited_at": start, "due_at": day(due, start)}
    if state in CLOSED:
        moved["closed_at"] = day(took, start)
    if amounts:
        moved |= {"amount_requested": Decimal(amounts[0])}
        if state == State.ACCEPTED:
            moved["amount_granted"] = Decimal(amounts[1])
    Dossier.objects.filter(pk=dossier.pk).update(**moved)
    dossier.refresh_from_db()
    return dossier


def asked(dossier: Dossier, party: Party, start: float, end: float | None) -> ComplementRequest:
    """Complements asked ``start`` days after the deposit and closed at ``end``; None: they still wait."""
    assert dossier.deposited_at is not None
    return ComplementRequest.objects.create(
        dossier=dossier,
        number=dossier.requests.count() + 1,
        state="repondue" if end is not None else "ouverte",
        due_on=timezone.localdate(),
        due_at=timezone.now(),
        back_to=State.INSTRUCTION,
        asked_at=day(start, dossier.deposited_at),
        asked_by=party.instructor,
        closed_at=day(end, dossier.deposited_at) if end is not None else None,
    )


_numbers = itertools.count(1)


def plant_many(
    party: Party, number: int, state: State, type_: DossierType, key: str, took: float = 10, **fields: Any
) -> list[Dossier]:
    """``number`` dossiers at once, without the log that leads there: what is counted is columns alone."""
    where = place(key)
    rows = [
        Dossier(
            number=f"ESSAI-{next(_numbers):06}",
            type=type_,
            type_version=type_.current_version,
            organisation=party.organisation,
            territory=where,
            routed_to=party.territory,
            state=state,
            deposited_at=START,
            due_at=day(60),
            closed_at=day(took) if state in CLOSED else None,
            **fields,
        )
        for _ in range(number)
    ]
    return Dossier.objects.bulk_create(rows)
