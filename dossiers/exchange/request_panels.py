"""Requests for complements as both sides see them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from portal.accounts.models import User

from ..access import Rights
from ..enums import FieldKind, RequestState, Side, State
from ..fields import display
from ..fields.schema import Field, Schema, load_schema
from ..models import ComplementItem, ComplementRequest, Dossier, DossierRevision
from .deadlines import zone_name
from .reading import words


def requests_panel(
    dossier: Dossier,
    user: User,
    rights: Rights,
    side: Side | str | None = None,
    back: str = "dossier",
    errors: dict[str, list[str]] | None = None,
) -> dict[str, Any]:
    """The requests of a dossier, the last first; the open one with what is left to answer. Nothing for advisors.

    What the organisation typed is its own until everything is sent, and stays so where it never is: instruction sees
    that an item is answered, not how. ``errors``: why the answers could not be sent, by the key of the field. Five
    queries at most.
    """
    side = Side(side or rights.side)
    shown = side in (Side.ORGANISATION, Side.INSTRUCTION)
    requests = list(_requests(dossier)) if shown else []
    schema = load_schema(dossier.type_version)
    mine = side == Side.ORGANISATION
    told = [_request(each, dossier, schema, rights, mine, errors or {}) for each in requests]
    opened = next((each for each in told if each["open"]), None)
    return {
        "dossier": dossier,
        "side": side.value,
        "requests": told,
        "open": opened,
        "answers": mine and rights.edits and opened is not None,
        "sends": mine and rights.deposits and opened is not None and not opened["left"],
        "asks": not mine and rights.instructs and dossier.state in (State.DEPOSITED, State.INSTRUCTION),
        "compares": shown and DossierRevision.objects.filter(dossier=dossier, number=2).exists(),
        "back": back,
    }


def _requests(dossier: Dossier) -> Any:
    return (
        ComplementRequest.objects.filter(dossier=dossier)
        .select_related("asked_by")
        .prefetch_related("items__answered_by")
        .order_by("-number")
    )


def _request(
    request: ComplementRequest,
    dossier: Dossier,
    schema: Schema,
    rights: Rights,
    mine: bool,
    errors: dict[str, list[str]],
) -> dict[str, Any]:
    opened = request.state == RequestState.OPEN
    items = sorted(request.items.all(), key=lambda each: each.position)
    values = [{each.field: value} for each in items for value in (each.before, each.after)]
    names = display.names_in(schema, values) if items else {}
    sent = request.state == RequestState.ANSWERED
    lines = [_item(each, schema, names, shown=mine or sent, errors=errors if opened else {}) for each in items]
    return {
        "request": request,
        "open": opened,
        "late": opened and request.due_at < timezone.now(),
        "zone": zone_name(dossier.territory),
        "items": lines,
        "left": sum(each.mandatory and each.answered_at is None for each in items),
        "answered": sum(each.answered_at is not None for each in items),
    }


def _item(
    item: ComplementItem, schema: Schema, names: dict[str, Any], *, shown: bool, errors: dict[str, list[str]]
) -> dict[str, Any]:
    field = schema.field(item.field) or Field(item.field, FieldKind.TEXT, item.field)
    answered = item.answered_at is not None
    return {
        "item": item,
        "field": field,
        "answered": answered,
        "shown": shown and answered,
        "before": words(field, item.before, names) if shown and answered else "",
        "after": words(field, item.after, names) if shown and answered else "",
        "changed": answered and item.before != item.after,
        "errors": errors.get(item.field, []),
    }
