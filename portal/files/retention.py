"""How long files stay: those that nothing uses, those in quarantine, contents that a rollback left without a row."""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from .enums import ScanState
from .models import FileDownload, StoredFile, private_storage
from .references import known_purposes, unused
from .services import delete_file

logger = logging.getLogger(__name__)

#: As logs of who read personal data are kept (CNIL, recommendation 2021-122: six months to a year).
LOG_KEPT: Final = timedelta(days=365)
BATCH: Final = 500
#: A content is written before its row is committed, by a request that lasts less than this.
UNCOMMITTED: Final = timedelta(days=1)


def delete_unused_files() -> int:
    """Delete files that nothing has used for ``FILE_UNUSED_DAYS``. Returns how many.

    Each is looked at again under its lock: a form that comes back renews its time under the same lock
    (``services.keep_file``), and what refers to it protects it. Purposes without a declared reference are left alone.
    """
    limit = timezone.now() - timedelta(days=settings.FILE_UNUSED_DAYS)
    deleted = 0
    for purpose in known_purposes():
        old = StoredFile.objects.filter(touched_at__lt=limit)
        for pk in list(unused(old, purpose).order_by("touched_at").values_list("pk", flat=True)[:BATCH]):
            with transaction.atomic():
                stored = old.select_for_update().filter(pk=pk).first()
                if stored is None or not unused(StoredFile.objects.filter(pk=pk), purpose).exists():
                    continue
                try:
                    with transaction.atomic():
                        delete_file(stored=stored)
                except ProtectedError:
                    logger.error("File %s of %s is used by something that was not declared.", pk, purpose)
                    continue
                deleted += 1
    return deleted


def erase_quarantine() -> int:
    """Erase the content of files found infected ``FILE_QUARANTINE_DAYS`` ago; their rows stay. Returns how many."""
    limit = timezone.now() - timedelta(days=settings.FILE_QUARANTINE_DAYS)
    infected = StoredFile.objects.filter(scan_state=ScanState.INFECTED, scanned_at__lt=limit, erased_at=None)
    erased = 0
    for stored in list(infected.order_by("scanned_at")[:BATCH]):
        private_storage().delete(stored.key)
        erased += StoredFile.objects.filter(pk=stored.pk).update(erased_at=timezone.now())
    return erased


def sweep_storage() -> int:
    """Delete contents without a row, left by transactions that were rolled back. Returns how many."""
    storage, swept = private_storage(), 0
    limit = timezone.now() - UNCOMMITTED
    for keys in _contents(storage):
        known = set(StoredFile.objects.filter(pk__in=keys).values_list("pk", flat=True))
        for identifier, key in keys.items():
            if identifier not in known and storage.get_modified_time(key) < limit:
                storage.delete(key)
                swept += 1
    if swept:
        logger.warning("%d contents without a row were deleted.", swept)
    return swept


def forget_downloads() -> int:
    """Delete the log of downloads of more than a year ago. Returns how many rows."""
    return FileDownload.objects.filter(at__lt=timezone.now() - LOG_KEPT).delete()[0]


def _contents(storage: Storage) -> Iterator[dict[uuid.UUID, str]]:
    """What stands in the storage, a folder at a time: keys by identifier. What has another name is not ours."""
    try:
        folders, _ = storage.listdir("")
    except FileNotFoundError:
        return
    for folder in sorted(folders):
        found = {}
        for name in storage.listdir(folder)[1]:
            try:
                found[uuid.UUID(hex=name)] = f"{folder}/{name}"
            except ValueError:
                continue
        yield found


def _digest(file: File[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def damaged_files() -> Iterator[tuple[StoredFile, str]]:
    """Every stored file whose content is missing or no longer that of its row, with a word on it. Reads them all."""
    for stored in StoredFile.objects.filter(erased_at=None).order_by("pk").iterator(BATCH):
        try:
            with stored.open() as file:
                digest = _digest(file)
        except OSError as error:
            yield stored, type(error).__name__
            continue
        if digest != stored.sha256:
            yield stored, "another content"
