"""Taking a dossier in hand, and asking the organisation for what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from portal.accounts.models import User

from ..access import rights_on
from ..enums import FieldKind, RequestState, State
from ..exchange.deadlines import due_moment
from ..fields.schema import Schema, load_schema
from ..models import ComplementItem, ComplementRequest
from ..pieces import services as pieces
from ..rules import DossierRefused
from .acting import Act

MOST_ITEMS = 50
LONGEST_DELAY = timedelta(days=366)


def take(act: Act) -> dict[str, Any]:
    """Begin to instruct. Who takes it is in charge of it, unless it is handed to somebody or already is."""
    dossier = act.dossier
    assignee = act.payload.get("assignee")
    if assignee is not None:
        assert isinstance(assignee, User)
        if not rights_on(dossier, assignee).instructs:
            raise DossierRefused("assignee", "Cette personne n’instruit pas les dossiers de ce service.", "assignee")
    dossier.assignee = assignee or dossier.assignee or act.actor
    dossier.state = State.INSTRUCTION
    return {"assignee": str(dossier.assignee)}


def request_complements(act: Act) -> dict[str, Any]:
    """Ask for what is missing, tied to fields, before a day in the future.

    Raises :class:`DossierRefused`: ``items`` (none, unknown field, without a question), ``due``.
    """
    dossier = act.dossier
    message = act.text("message")
    due_on = _due_on(act)
    items = _items(act.payload.get("items"), load_schema(dossier.type_version))
    request = ComplementRequest.objects.create(
        dossier=dossier,
        number=ComplementRequest.objects.filter(dossier=dossier).count() + 1,
        message=message,
        due_on=due_on,
        due_at=due_moment(dossier.territory, due_on),
        back_to=dossier.state,
        asked_at=act.now,
        asked_by=act.person,
        state=RequestState.OPEN,
    )
    files = pieces.snapshot(dossier)
    ComplementItem.objects.bulk_create(
        ComplementItem(
            request=request,
            position=position,
            field=item["field"],
            question=item["question"],
            mandatory=item["mandatory"],
            before=files.get(item["field"], []) if item["piece"] else dossier.values.get(item["field"]),
        )
        for position, item in enumerate(items, 1)
    )
    dossier.previous_state, dossier.state = dossier.state, State.INCOMPLETE
    dossier.complement_due_at = request.due_at
    return {"request": request.number, "due_on": due_on.isoformat(), "fields": [item["field"] for item in items]}


def _due_on(act: Act) -> date:
    due_on = act.payload.get("due_on")
    if not isinstance(due_on, date):
        raise DossierRefused("due", "Indiquez la date de réponse attendue.", "due_on")
    if due_on <= act.today:
        raise DossierRefused("due", "La date de réponse doit être à venir.", "due_on")
    if due_on > act.today + LONGEST_DELAY:
        raise DossierRefused("due", "La date de réponse est dans un an au plus.", "due_on")
    return due_on


def _items(given: Any, schema: Schema) -> list[dict[str, Any]]:
    items = []
    for each in given if isinstance(given, list) else []:
        if not isinstance(each, Mapping):
            raise DossierRefused("items", "Cette demande n’a pas été comprise.", "items")
        field = schema.field(str(each.get("field", "")))
        if field is None or field.kind in (FieldKind.HEADING, FieldKind.EXPLANATION):
            raise DossierRefused("items", "Une demande porte sur un champ qui n’existe pas.", "items")
        question = str(each.get("question") or "").replace("\x00", "").strip()
        if not question or len(question) > 2000:
            raise DossierRefused(
                "items",
                f"Dites ce que vous demandez pour « {field.label} », en 2 000 caractères au plus.",
                "items",
                {field.key: ["Dites ce que vous demandez, en 2 000 caractères au plus."]},
            )
        items.append(
            {
                "field": field.key,
                "question": question,
                "mandatory": bool(each.get("mandatory", True)),
                "piece": field.kind == FieldKind.PIECE,
            }
        )
    if not items:
        raise DossierRefused("items", "Choisissez au moins un champ ou une pièce à compléter.", "items")
    if len(items) > MOST_ITEMS or len({item["field"] for item in items}) != len(items):
        raise DossierRefused("items", "Chaque champ se demande une fois, cinquante au plus.", "items")
    return items
