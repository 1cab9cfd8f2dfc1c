"""Complements: answered item by item, sent all together (``services.transitions``), reminded, ended.

What the organisation may change while a request is open is the fields that it asks for, and nothing else.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from portal.accounts.models import User

from ..access import lock
from ..enums import EventKind, FieldKind, RequestState, Side, State
from ..fields.answers import RAW
from ..fields.completeness import missing
from ..fields.conditions import visible
from ..fields.schema import Field, load_schema
from ..journal import record
from ..models import ComplementItem, ComplementRequest, Dossier
from ..pieces import services as pieces
from ..rules import DossierRefused, where
from ..services.indexing import refresh
from ..services.keys import done_before, keep
from ..services.versions import bump, check_version, conflict
from .reminders import expire, remind, run
from .writing import plain_text

__all__ = ["KEEP", "answer_item", "editable_fields", "expire", "left", "open_request", "remind", "run"]
#: The value stays as it is: pieces are changed by ``pieces.services``, and a comment may answer alone.
KEEP: Final[Any] = object()
LONGEST_COMMENT: Final = 5_000  # characters


def open_request(dossier: Dossier) -> ComplementRequest | None:
    """The request that waits for the organisation."""
    return ComplementRequest.objects.filter(dossier=dossier, state=RequestState.OPEN).first()


def editable_fields(dossier: Dossier) -> frozenset[str]:
    """The keys that the open request lets change. One query, in « à compléter » alone."""
    if dossier.state != State.INCOMPLETE:
        return frozenset()
    items = ComplementItem.objects.filter(request__dossier=dossier, request__state=RequestState.OPEN)
    return frozenset(items.order_by().values_list("field", flat=True))


def left(request: ComplementRequest) -> list[ComplementItem]:
    """The mandatory items that nobody answered yet."""
    return list(request.items.filter(mandatory=True, answered_at=None).order_by("position"))


@transaction.atomic
def answer_item(
    *,
    item: ComplementItem,
    actor: User,
    version: int | str | None,
    value: Any = KEEP,
    comment: str = "",
    key: str = "",
) -> ComplementItem:
    """Answer one thing that was asked: the field's new value (its JSON form), a comment, or both. Until everything is
    sent it may be answered again.

    A piece is answered with ``pieces.services``, then here: the files as they are then are the answer. ``version`` is
    the dossier's as the person saw it; ``key`` what the form carried, so that sent twice it acts once.

    Side effects: ``dossier.values``, its version, an event. Raises Http404 to whom it does not exist,
    :class:`~dossiers.rules.DossierConflict` (409) where somebody acted meanwhile or nothing is asked any more, and
    :class:`DossierRefused` with ``errors`` beside the field, or beside ``comment`` where nothing was answered.
    """
    dossier, rights = lock(item.request.dossier_id, actor)
    found = ComplementItem.objects.select_for_update(of=("self",)).select_related("request").filter(pk=item.pk).first()
    if found is None or found.request.dossier_id != dossier.pk or not rights.edits:
        raise Http404
    if done_before(actor, key, dossier, str(found.pk)):
        return found
    if dossier.state != State.INCOMPLETE or found.request.state != RequestState.OPEN:
        raise conflict(dossier, where(dossier.state))
    check_version(dossier, version)
    field = load_schema(dossier.type_version).field(found.field)
    assert field is not None, "A request asks for fields of the form alone."
    text = plain_text(comment, field="comment", most=LONGEST_COMMENT)
    after = _answer(dossier, field, value)
    if not text and after == found.before:
        told = "Ajoutez ou remplacez un fichier" if field.kind == FieldKind.PIECE else "Modifiez ce champ"
        raise DossierRefused("unchanged", f"{told}, ou expliquez votre réponse.", "comment")
    found.after, found.comment = after, text
    found.answered_at, found.answered_by = timezone.now(), actor
    found.save(update_fields=["after", "comment", "answered_at", "answered_by"])
    bump(dossier)
    refresh(dossier, save=False)
    dossier.save()
    told_of = {"item": str(found.pk), "field": found.field, "request": found.request.number}
    record(dossier, EventKind.ITEM_ANSWERED, actor=actor, side=Side.ORGANISATION, data=told_of)
    keep(actor, key, dossier, str(found.pk))
    return found


def _answer(dossier: Dossier, field: Field, value: Any) -> Any:
    """The item's answer, checked, written to ``dossier.values`` (not saved). Raises :class:`DossierRefused`."""
    if field.kind == FieldKind.PIECE:
        _require_fitting(dossier, field, dossier.values)
        return pieces.snapshot(dossier).get(field.key, [])
    if value is KEEP:
        return dossier.values.get(field.key)
    values = {key: each for key, each in dossier.values.items() if key != RAW}
    raw = {key: each for key, each in (dossier.values.get(RAW) or {}).items() if key != field.key}
    if value is None:
        values.pop(field.key, None)
    else:
        values[field.key] = value
    if raw:
        values[RAW] = raw
    _require_fitting(dossier, field, values)
    dossier.values = values
    return value


def _require_fitting(dossier: Dossier, field: Field, values: dict[str, Any]) -> None:
    """Raises :class:`DossierRefused` where the answer would not be taken at a deposit."""
    schema = load_schema(dossier.type_version)
    if field.key not in visible(schema, values):
        return  # What other answers no longer ask for.
    errors = missing(schema, values, pieces.counts(dossier)).get(field.key, [])
    if field.kind == FieldKind.PIECE:
        errors = [*errors, *pieces.problems(dossier).get(field.key, [])]
    if errors:
        raise DossierRefused("field", errors[0], field.key, {field.key: errors})
