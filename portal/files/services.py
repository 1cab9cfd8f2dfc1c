"""Storing files."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from portal.accounts.models import User

from .enums import ScanState
from .models import StoredFile, private_storage
from .refusal import FileRefused, megabytes
from .scanning import ask_for_scan, first_state
from .validators import Checked, check_upload

__all__ = ["FileRefused", "delete_file", "keep_file", "store_checked", "store_own", "store_upload"]
logger = logging.getLogger(__name__)


def store_upload(
    *, actor: User | None, upload: Any, purpose: str, accept: Collection[str] | None = None, limit: int | None = None
) -> StoredFile:
    """Check ``upload`` (an ``UploadedFile``, or any Django ``File`` with a name) and store it.

    ``accept``: extensions, fewer than :data:`portal.files.validators.ALLOWED`; ``limit``: bytes. ``actor`` may be None
    where the portal itself sends. Raises FileRefused, whose message is for the person. Side effects: the content in the
    private storage, a row; after the commit, a scan. Where the transaction is rolled back the content that is left is
    swept up a day later (``portal.files.retention``).
    """
    return store_checked(
        actor=actor, upload=upload, purpose=purpose, checked=check_upload(upload, accept=accept, limit=limit)
    )


def store_checked(*, actor: User | None, upload: Any, purpose: str, checked: Checked) -> StoredFile:
    """Store ``upload``, of which ``checked`` is known: for purposes that look through their files themselves.

    Raises FileRefused where ``actor`` sent too much today, or the storage does not take it. Side effects: those of
    :func:`store_upload`.
    """
    if actor is not None and _sent_today(actor) + checked.size > settings.FILE_DAY_BYTES:
        raise FileRefused(
            f"Vous avez envoyé plus de {megabytes(settings.FILE_DAY_BYTES)} de fichiers en un jour. Réessayez demain.",
            "too_much",
        )
    stored = StoredFile(
        id=uuid.uuid4(),
        purpose=purpose,
        name=checked.name,
        extension=checked.extension,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        scan_state=first_state(),
        uploaded_by=actor,
    )
    storage = private_storage()
    upload.seek(0)
    try:
        # Under a name of ours: a storage may move a temporary file, never name one.
        saved = storage.save(stored.key, upload if hasattr(upload, "chunks") else File(upload))
    except OSError as error:
        logger.error("A file could not be stored: %s", error)
        raise FileRefused(
            "Le portail n’a pas pu enregistrer ce fichier ; réessayez plus tard.", "not_written"
        ) from error
    assert saved == stored.key
    with transaction.atomic():
        stored.save(force_insert=True)
        ask_for_scan(stored)
    return stored


def store_own(
    *, content: Any, purpose: str, name: str, extension: str, content_type: str, size: int, sha256: str
) -> StoredFile:
    """Store what the portal itself wrote, of parts that were looked through when they came: nothing scans it again,
    and no limit holds. ``content``: an open file. Raises OSError. Side effects: the content, a row."""
    stored = StoredFile(
        id=uuid.uuid4(),
        purpose=purpose,
        name=name,
        extension=extension,
        content_type=content_type,
        size=size,
        sha256=sha256,
        scan_state=ScanState.CLEAN,
        engine="portail",
    )
    saved = private_storage().save(stored.key, File(content))
    assert saved == stored.key
    stored.save(force_insert=True)
    return stored


def _sent_today(actor: User) -> int:
    """Bytes that ``actor`` sent within 24 hours, kept or not."""
    sent = StoredFile.objects.filter(uploaded_by=actor, created_at__gt=timezone.now() - timedelta(days=1))
    return sent.aggregate(total=Sum("size"))["total"] or 0


def keep_file(*, actor: User, file_id: uuid.UUID | str, purpose: str) -> StoredFile:
    """A file that ``actor`` sent before for ``purpose``, to be used now: what a form that came back names.

    Raises FileRefused where there is none such (another's, erased, infected). Side effect: the time after which an
    unused file is deleted begins anew, under the row's lock, so that the file is there when the caller's transaction,
    which must be open, refers to it.
    """
    files = StoredFile.objects.select_for_update().filter(uploaded_by=actor, purpose=purpose, erased_at=None)
    try:
        stored = files.get(pk=uuid.UUID(str(file_id)))
    except (ValueError, StoredFile.DoesNotExist):
        raise FileRefused("Ce fichier n’est plus là : envoyez-le à nouveau.", "gone") from None
    if stored.scan_state == ScanState.INFECTED:
        raise FileRefused("L’antivirus a refusé ce fichier : envoyez-en un autre.", "infected")
    stored.touched_at = timezone.now()
    stored.save(update_fields=["touched_at"])
    return stored


def delete_file(*, stored: StoredFile) -> None:
    """Delete a file that nothing refers to: its row, and its content after the commit.

    Raises ProtectedError where something refers to it.
    """
    with transaction.atomic():
        key = stored.key
        stored.delete()
        transaction.on_commit(lambda: private_storage().delete(key), robust=True)
