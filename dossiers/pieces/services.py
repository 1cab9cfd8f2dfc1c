"""Pieces of a dossier: a slot, its versions that never change, their files.

Every change is an event of the dossier, made under its lock. A draft takes files from whoever fills it in; a dossier to
be completed takes them in the fields that were asked for; no other state does. ``Dossier.version`` stays: files come
and go beside the form that a person is filling in, and would have its next saving refused.
"""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from portal.accounts.models import User
from portal.core.ratelimit import over_limit
from portal.files.models import StoredFile
from portal.files.names import normalised_name
from portal.files.services import FileRefused, keep_file, store_upload
from portal.files.validators import check_upload

from ..access import lock, rights_on
from ..enums import EventKind, Side
from ..journal import record
from ..models import PURPOSE, Dossier, Piece, PieceVersion
from .limits import Limits, limits_of
from .rights import require_edit
from .selectors import counts, current_files, problems, sent_files, snapshot

__all__ = [
    "FileRefused",
    "add_file",
    "counts",
    "current_files",
    "note_refusal",
    "problems",
    "purge",
    "remove_piece",
    "replace_file",
    "sent_files",
    "snapshot",
]
logger = logging.getLogger(__name__)
#: Of one dossier in an hour: beyond, refusals are in the portal's own log alone.
REFUSALS_NOTED = 60


def add_file(
    *, dossier: Dossier, actor: User, field: str, upload: Any, version_id: uuid.UUID | None = None
) -> PieceVersion:
    """Put a file in a new slot of the field ``field``. ``upload``: an ``UploadedFile``, or any Django File with a name.

    ``version_id``: the identifier that the version is to have; where there is one such already, it is given back and
    nothing is done. Side effects: the stored file and its scan after the commit; an event. Raises FileRefused (an event
    too, in a transaction of its own), Http404 and DossierConflict as :func:`.rights.require_edit`.
    """
    limits = _checked(dossier, actor, field, upload)
    try:
        with transaction.atomic():
            locked, rights = lock(dossier, actor)
            require_edit(locked, rights, field)
            if made := _made(version_id):
                return made
            _require_room(locked, field, limits)
            stored = _stored(actor, upload, limits)
            piece = Piece.objects.create(dossier=locked, field=field)
            return _add_version(locked, piece, 1, stored, actor, version_id)
    except FileRefused as refusal:
        note_refusal(dossier=dossier, actor=actor, field=field, upload=upload, refusal=refusal)
        raise


def replace_file(*, piece: Piece, actor: User, upload: Any, version_id: uuid.UUID | None = None) -> PieceVersion:
    """A new version in the slot ``piece``; those before stay. Otherwise as :func:`add_file`.

    Raises Http404 also where the piece was taken out meanwhile.
    """
    limits = _checked(piece.dossier, actor, piece.field, upload)
    try:
        with transaction.atomic():
            locked, rights = lock(piece.dossier, actor)
            require_edit(locked, rights, piece.field)
            if made := _made(version_id):
                return made
            last = PieceVersion.objects.filter(piece=_live(piece)).order_by("-number").first()
            stored = _stored(actor, upload, limits)
            return _add_version(locked, piece, last.number + 1 if last else 1, stored, actor, version_id)
    except FileRefused as refusal:
        note_refusal(dossier=piece.dossier, actor=actor, field=piece.field, upload=upload, refusal=refusal)
        raise


@transaction.atomic
def remove_piece(*, piece: Piece, actor: User) -> None:
    """Take a piece out of its dossier; its versions stay for those who may have had them. Twice does nothing more.

    Side effect: an event. Raises Http404 and DossierConflict as :func:`.rights.require_edit`.
    """
    locked, rights = lock(piece.dossier, actor)
    require_edit(locked, rights, piece.field)
    found = Piece.objects.filter(pk=piece.pk, removed_at=None).first()
    if found is None:
        return
    last = PieceVersion.objects.filter(piece=found).select_related("file").order_by("-number").first()
    found.removed_at = timezone.now()
    found.save(update_fields=["removed_at"])
    told = {"field": found.field, "piece": str(found.pk), "name": last.file.name if last else ""}
    _touch(locked)
    record(locked, EventKind.PIECE_REMOVED, actor=actor, side=Side.ORGANISATION, data=told)


def note_refusal(*, dossier: Dossier, actor: User, field: str, upload: Any, refusal: FileRefused) -> None:
    """Log that a file was refused. Side effect: an event, or nothing where there were :data:`REFUSALS_NOTED` within the
    hour (the portal's log has them all)."""
    if over_limit(str(dossier.pk), "dossiers.refusals", REFUSALS_NOTED):
        return
    told = {
        "field": field,
        "name": normalised_name(getattr(upload, "name", "") or ""),
        "size": getattr(upload, "size", None) or 0,
        "code": refusal.code or "",
    }
    with transaction.atomic():
        locked, _ = lock(dossier, actor)
        record(locked, EventKind.FILE_REFUSED, actor=actor, side=Side.ORGANISATION, data=told)


def purge(dossier: Dossier) -> int:
    """Delete the pieces of ``dossier``, which is itself being deleted. Returns how many files they had.

    Their contents go once nothing refers to them any more (``portal.files.retention``). Needs an open transaction.
    """
    versions = PieceVersion.objects.filter(piece__dossier=dossier)
    number = versions.count()
    versions.delete()
    Piece.objects.filter(dossier=dossier).delete()
    return number


def _checked(dossier: Dossier, actor: User, field: str, upload: Any) -> Limits:
    """Look through ``upload`` before any lock is taken: it may last a second. Who may not send is refused first."""
    limits = limits_of(require_edit(dossier, rights_on(dossier, actor), field))
    if isinstance(upload, StoredFile):
        return limits
    try:
        check_upload(upload, accept=limits.accept, limit=limits.bytes)
    except FileRefused as refusal:
        note_refusal(dossier=dossier, actor=actor, field=field, upload=upload, refusal=refusal)
        raise
    return limits


def _stored(actor: User, upload: Any, limits: Limits) -> StoredFile:
    if isinstance(upload, StoredFile):
        return keep_file(actor=actor, file_id=upload.pk, purpose=PURPOSE)
    return store_upload(actor=actor, upload=upload, purpose=PURPOSE, accept=limits.accept, limit=limits.bytes)


def _made(version_id: uuid.UUID | None) -> PieceVersion | None:
    """What a former try came to. Under the dossier's lock: of two tries at once, the second waits for the first."""
    return PieceVersion.objects.filter(pk=version_id).first() if version_id is not None else None


def _require_room(dossier: Dossier, field: str, limits: Limits) -> None:
    there = Piece.objects.filter(dossier=dossier, field=field, removed_at=None).count()
    if there >= limits.files:
        told = "Il y a déjà un fichier ici : remplacez-le." if limits.files == 1 else "C’est trop de fichiers."
        raise FileRefused(f"{told} Maximum : {limits.files}.", "too_many")


def _live(piece: Piece) -> Piece:
    found = Piece.objects.filter(pk=piece.pk, removed_at=None).first()
    if found is None:
        raise Http404
    return found


def _add_version(
    dossier: Dossier, piece: Piece, number: int, stored: StoredFile, actor: User, version_id: uuid.UUID | None
) -> PieceVersion:
    version = PieceVersion(piece=piece, number=number, file=stored, by=actor)
    if version_id is not None:
        version.pk = version_id
    version.save(force_insert=True)
    _touch(dossier)
    kind = EventKind.PIECE_ADDED if number == 1 else EventKind.PIECE_REPLACED
    told = {
        "field": piece.field,
        "piece": str(piece.pk),
        "version": str(version.pk),
        "number": number,
        "file": str(stored.pk),
        "name": stored.name,
        "size": stored.size,
        "sha256": stored.sha256,
    }
    record(dossier, kind, actor=actor, side=Side.ORGANISATION, data=told)
    return version


def _touch(dossier: Dossier) -> None:
    dossier.updated_at = timezone.now()
    dossier.save(update_fields=["updated_at"])
