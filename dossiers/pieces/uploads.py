"""Large files that come in parts, resumed where they stopped.

A row says what is to come and how much is there; each part is a content of its own in the private storage, under
``envois/<identifier>/<offset>``, so that a storage that cannot append (S3) does as well. The whole is checked at the
end as any other file is. What nobody goes on with is swept up (:func:`expire`).
"""

from __future__ import annotations

import hashlib
import logging
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction
from django.db.models import Sum
from django.http import Http404
from django.utils import timezone

from portal.accounts.models import User
from portal.files.models import private_storage
from portal.files.names import extension_of, normalised_name
from portal.files.refusal import FileRefused
from portal.files.validators import in_words, too_large

from ..access import rights_on
from ..models import Dossier, PartialUpload, Piece, PieceVersion
from .limits import limits_of
from .rights import require_edit
from .services import add_file, note_refusal, replace_file

logger = logging.getLogger(__name__)
FOLDER: Final = "envois"
#: Of one part, at the most; browsers send less than that above :data:`LARGE`.
PART_BYTES: Final = 2 * 1024 * 1024
#: From here on a browser sends a file in parts.
LARGE: Final = 5_000_000
#: Begun by one person and not ended.
MOST_OPEN: Final = 10
KEPT: Final = timedelta(days=1)
_SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")


class OffsetConflict(Exception):  # noqa: N818 - an answer, not a fault
    """A part that does not follow what is there: sent twice, or by two windows at once. ``received``: what is there."""

    def __init__(self, received: int) -> None:
        super().__init__(received)
        self.received = received


def begin(
    *,
    dossier: Dossier,
    actor: User,
    field: str,
    name: str,
    size: int,
    fingerprint: str = "",
    piece: Piece | None = None,
) -> PartialUpload:
    """Begin to send a file of ``size`` bytes, or go on with the same one that stopped.

    ``fingerprint``: SHA-256 in hexadecimal as the browser computed it, or empty. ``piece``: what it is a new version
    of. Raises FileRefused (kind, weight, too much at once), which is an event too; Http404 and DossierConflict as
    ``services.add_file``.
    """
    limits = limits_of(require_edit(dossier, rights_on(dossier, actor), field))
    if piece is not None and (piece.dossier_id, piece.field, piece.removed_at) != (dossier.pk, field, None):
        raise Http404
    name = normalised_name(name)
    fingerprint = fingerprint if _SHA256.match(fingerprint) else ""
    try:
        extension = extension_of(name)
        if extension not in limits.accept:
            raise FileRefused(
                f"« .{extension} » n’est pas un type accepté. Types acceptés : {in_words(limits.accept)}.", "extension"
            )
        if size <= 0:
            raise FileRefused("Ce fichier est vide (0 octet).", "empty")
        if size > limits.bytes:
            raise too_large(size, limits.bytes)
    except FileRefused as refusal:
        sent = ContentFile(b"", name)
        sent.size = size
        note_refusal(dossier=dossier, actor=actor, field=field, upload=sent, refusal=refusal)
        raise
    own = PartialUpload.objects.filter(owner=actor)
    same = own.filter(dossier=dossier, field=field, piece=piece, name=name, size=size, fingerprint=fingerprint)
    if known := same.order_by("created_at").first():
        return known
    under_way = own.aggregate(total=Sum("size"))["total"] or 0
    if own.count() >= MOST_OPEN or under_way + size > settings.FILE_DAY_BYTES:
        raise FileRefused("Trop d’envois sont en cours : terminez-les, ou annulez-les.", "too_many")
    return PartialUpload.objects.create(
        dossier=dossier, field=field, piece=piece, owner=actor, name=name, size=size, fingerprint=fingerprint
    )


def find(*, actor: User, upload_id: uuid.UUID) -> PartialUpload:
    """An upload of ``actor``'s own, whose dossier they may still fill in. Raises Http404 and DossierConflict."""
    upload = PartialUpload.objects.select_related("dossier", "piece").filter(pk=upload_id, owner=actor).first()
    if upload is None:
        raise Http404
    require_edit(upload.dossier, rights_on(upload.dossier, actor), upload.field)
    return upload


def ended(*, actor: User, upload_id: uuid.UUID) -> PieceVersion | None:
    """The version that an upload of ``actor`` became: it has its identifier."""
    return PieceVersion.objects.select_related("piece__dossier").filter(pk=upload_id, by=actor).first()


def write_part(*, upload: PartialUpload, offset: int, content: bytes) -> PartialUpload:
    """Add a part, which must begin where what is there ends. Returns the row as it is now.

    Raises :class:`OffsetConflict`; FileRefused where it is more than was announced, or cannot be written. The part is
    in memory before the lock is taken: a slow line holds nobody up.
    """
    storage = private_storage()
    with transaction.atomic():
        locked = PartialUpload.objects.select_for_update().filter(pk=upload.pk).first()
        if locked is None:
            raise Http404
        if offset != locked.received:
            raise OffsetConflict(locked.received)
        if not content:
            return locked
        if len(content) > PART_BYTES or offset + len(content) > locked.size:
            raise FileRefused("Cette partie du fichier dépasse ce qui était annoncé ; recommencez.", "incomplete")
        key = _key(locked, offset)
        try:
            storage.delete(key)  # Of a transaction that was rolled back.
            storage.save(key, ContentFile(content))
        except OSError as error:
            logger.error("A part of an upload could not be written: %s", error)
            raise FileRefused(
                "Le portail n’a pas pu recevoir ce fichier ; réessayez plus tard.", "not_written"
            ) from error
        locked.received = offset + len(content)
        locked.touched_at = timezone.now()
        locked.save(update_fields=["received", "touched_at"])
    return locked


def finish(*, upload: PartialUpload, actor: User) -> PieceVersion:
    """Put the whole together and into the dossier, once, however often it is asked for.

    Raises FileRefused where it is not taken: the parts are gone then, an event tells of it. Http404 and DossierConflict
    as ``services.add_file``.
    """
    try:
        with _whole(upload) as file:
            if upload.fingerprint and _digest(file) != upload.fingerprint:
                refusal = FileRefused("Ce fichier n’est pas arrivé en entier ; recommencez.", "incomplete")
                note_refusal(dossier=upload.dossier, actor=actor, field=upload.field, upload=file, refusal=refusal)
                raise refusal
            if upload.piece is not None:
                version = replace_file(piece=upload.piece, actor=actor, upload=file, version_id=upload.pk)
            else:
                version = add_file(
                    dossier=upload.dossier, actor=actor, field=upload.field, upload=file, version_id=upload.pk
                )
    except FileRefused as refusal:
        if refusal.code != "not_written":  # The storage's own trouble: the parts may be put together later.
            cancel(upload=upload)
        raise
    cancel(upload=upload)
    return version


def cancel(*, upload: PartialUpload) -> None:
    """Forget an upload. Side effects: its row and parts go."""
    PartialUpload.objects.filter(pk=upload.pk).delete()
    _drop_parts(private_storage(), upload.pk.hex)


def expire() -> int:
    """Sweep up what nobody goes on with, and parts whose row is gone; run by ``tick``. Returns how many uploads."""
    limit = timezone.now() - KEPT
    number = 0
    for upload in PartialUpload.objects.filter(touched_at__lt=limit).order_by("touched_at")[:500]:
        # Not one that was gone on with meanwhile.
        if PartialUpload.objects.filter(pk=upload.pk, touched_at__lt=limit).delete()[0]:
            _drop_parts(private_storage(), upload.pk.hex)
            number += 1
    _sweep(private_storage(), limit)
    return number


def _sweep(storage: Storage, limit: Any) -> None:
    """Parts left by a dossier or an account that was deleted."""
    folders = _listed(storage, FOLDER)[0]
    known = {pk.hex for pk in PartialUpload.objects.order_by().values_list("pk", flat=True)}
    for folder in sorted(set(folders) - known):
        parts = _listed(storage, f"{FOLDER}/{folder}")[1]
        if all(storage.get_modified_time(f"{FOLDER}/{folder}/{part}") < limit for part in parts):
            _drop_parts(storage, folder)


def _key(upload: PartialUpload, offset: int) -> str:
    return f"{FOLDER}/{upload.pk.hex}/{offset:012d}"


def _listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    return list(folders), list(files)


def _drop_parts(storage: Storage, folder: str) -> None:
    for part in _listed(storage, f"{FOLDER}/{folder}")[1]:
        storage.delete(f"{FOLDER}/{folder}/{part}")
    try:
        storage.delete(f"{FOLDER}/{folder}")  # On a disk, the empty folder.
    except OSError:
        logger.info("The folder of an upload stays: %s", folder)


@contextmanager
def _whole(upload: PartialUpload) -> Iterator[TemporaryUploadedFile]:
    """The parts, one after the other, in a temporary file. Raises FileRefused where one is missing."""
    storage = private_storage()
    if upload.received != upload.size:
        raise FileRefused("Ce fichier n’a pas été reçu en entier ; recommencez.", "incomplete")
    parts = sorted(_listed(storage, f"{FOLDER}/{upload.pk.hex}")[1])
    with TemporaryUploadedFile(upload.name, "", upload.size, None) as file:
        written = 0
        for part in parts:
            if int(part) != written:
                continue  # Left by a transaction that was rolled back.
            with storage.open(f"{FOLDER}/{upload.pk.hex}/{part}") as content:
                written += file.write(content.read())
        if written != upload.size:
            raise FileRefused("Ce fichier n’a pas été reçu en entier ; recommencez.", "incomplete")
        file.seek(0)
        yield file


def _digest(file: Any) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
