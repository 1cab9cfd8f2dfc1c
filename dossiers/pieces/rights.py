"""Who changes the pieces of a dossier, and when."""

from __future__ import annotations

from django.http import Http404

from ..access import Rights
from ..enums import RequestState, State
from ..fields.schema import Field
from ..models import ComplementItem, Dossier, DossierEvent
from ..rules import DossierConflict, where
from .limits import piece_field


def asked_fields(dossier: Dossier) -> frozenset[str]:
    """The fields that the open request for complements is about. One query, in « à compléter » alone."""
    if dossier.state != State.INCOMPLETE:
        return frozenset()
    items = ComplementItem.objects.filter(request__dossier=dossier, request__state=RequestState.OPEN)
    return frozenset(items.order_by().values_list("field", flat=True))


def may_edit(dossier: Dossier, rights: Rights, key: str, asked: frozenset[str] | None = None) -> bool:
    """Whether the files of the field ``key`` may be changed now, by who has ``rights``."""
    if not rights.edits:
        return False
    if dossier.state == State.DRAFT:
        return True
    return key in (asked_fields(dossier) if asked is None else asked)


def require_edit(dossier: Dossier, rights: Rights, key: str) -> Field:
    """The field, whose files the person may change now.

    Raises Http404 to whom the act does not exist, or where the form has no such field; DossierConflict (409) where the
    state does not allow it any more, or nobody asked for this field.
    """
    field = piece_field(dossier, key)
    if field is None or not rights.edits:
        raise Http404
    if may_edit(dossier, rights, key):
        return field
    told = "Cette pièce n’est pas demandée : elle ne change plus."
    if dossier.state != State.INCOMPLETE:
        told = f"{where(dossier.state)} Ses pièces ne changent plus."
    # What brought it to the version it has: not a download since.
    raise DossierConflict(
        told, DossierEvent.objects.filter(dossier=dossier).order_by("-dossier_version", "number").first()
    )
