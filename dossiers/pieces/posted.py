"""Files that come with a form: what works without a script."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from django.http import Http404

from portal.accounts.models import User

from ..fields.schema import load_schema
from ..models import Dossier, Piece
from .limits import limits_of
from .services import FileRefused, add_file, remove_piece, replace_file


def receive(
    *, dossier: Dossier, actor: User, data: Any, files: Any, only: Collection[str] | None = None, prefix: str = ""
) -> dict[str, list[str]]:
    """Take in what a form posted for the fields of pieces (those of ``only``): files taken out, replaced, added.

    Each file by itself: those that are good stay, whatever becomes of the others or of the form. Returns why the others
    were refused, by the key of the field, for ``DossierForm.tell``. Raises Http404 and DossierConflict as the services
    do, and only where something was posted.
    """
    told: dict[str, list[str]] = {}
    for field in load_schema(dossier.type_version).pieces():
        if only is not None and field.key not in only:
            continue
        name = input_name(field.key, prefix)
        messages: list[str] = []
        for piece in _named(dossier, field.key, data.getlist(f"{name}__retirer")):
            remove_piece(piece=piece, actor=actor)
        for piece in _pieces(dossier, field.key):
            for upload in files.getlist(f"{name}__remplacer-{piece.pk}")[:1]:
                _taken(messages, upload, lambda sent, slot=piece: replace_file(piece=slot, actor=actor, upload=sent))
        uploads = files.getlist(name)
        most = limits_of(field).files
        if len(uploads) > most:
            messages.append(f"{len(uploads)} fichiers, c’est trop. Maximum : {most}.")
        for upload in uploads[:most]:
            _taken(
                messages,
                upload,
                lambda sent, key=field.key: add_file(dossier=dossier, actor=actor, field=key, upload=sent),
            )
        if messages:
            told[field.key] = messages
    return told


def input_name(key: str, prefix: str = "") -> str:
    """The name of a field's input, as ``DossierForm`` gives it."""
    return f"{prefix}-{key}" if prefix else key


def named(upload: Any) -> str:
    return getattr(upload, "name", "") or "fichier"


def _taken(messages: list[str], upload: Any, take: Any) -> None:
    try:
        take(upload)
    except FileRefused as refusal:
        messages.append(f"« {named(upload)} » : {refusal.message}")


def _pieces(dossier: Dossier, key: str) -> list[Piece]:
    return list(Piece.objects.filter(dossier=dossier, field=key, removed_at=None).select_related("dossier"))


def _named(dossier: Dossier, key: str, identifiers: list[str]) -> list[Piece]:
    """The pieces that a form names; what is no piece of this field any more is passed over."""
    wanted = set(identifiers)
    return [each for each in _pieces(dossier, key) if str(each.pk) in wanted]


def piece_of(user: User, piece_id: uuid.UUID) -> Piece:
    """A piece that ``user`` may see. Raises Http404."""
    piece = Piece.objects.select_related("dossier").filter(pk=piece_id, removed_at=None).first()
    if piece is None or not Dossier.objects.for_depositor(user).filter(pk=piece.dossier_id).exists():
        raise Http404
    return piece
