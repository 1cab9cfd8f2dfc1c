"""Is an upload one that the portal takes? The one answer, for forms and services alike."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from .enums import CONTENT_TYPES, Extension
from .inspection import inspect
from .names import extension_of, normalised_name
from .refusal import FileRefused, megabytes

logger = logging.getLogger(__name__)

ALLOWED: Final = tuple(Extension.values)


@dataclass(frozen=True)
class Checked:
    """What is known of an upload that was taken. ``size`` in bytes, ``sha256`` in hexadecimal."""

    name: str
    extension: str
    content_type: str
    size: int
    sha256: str


def max_bytes() -> int:
    """The most that a file may weigh where no lower limit is given (``FILE_MAX_MIB``)."""
    return int(settings.FILE_MAX_BYTES)


def check_upload(upload: Any, *, accept: Collection[str] | None = None, limit: int | None = None) -> Checked:
    """What ``upload`` (a Django ``UploadedFile``) is; raises FileRefused with the reason. Leaves it at its start.

    ``accept``: extensions, a part of :data:`ALLOWED`, which it is by default. ``limit``: bytes, at most that of the
    settings. Once checked an upload is not looked through again. A refusal is logged, without the name of the file.
    """
    accepted = ALLOWED if accept is None else [each for each in ALLOWED if each in accept]
    limit = min(limit or max_bytes(), max_bytes())
    try:
        checked = _judge(upload, accepted, limit)
    except FileRefused as refusal:
        logger.warning("A file was refused: %s (%s bytes).", refusal.code, getattr(upload, "size", "?"))
        raise
    upload.checked = checked
    return checked


def _judge(upload: Any, accepted: Collection[str], limit: int) -> Checked:
    if failure := getattr(upload, "failure", None):  # Of the handler that received it.
        raise failure
    name = normalised_name(upload.name or "")
    extension = extension_of(name)
    if extension not in accepted:
        what = f"« .{extension} » n’est pas un type accepté" if extension else "Ce fichier n’a pas d’extension"
        raise FileRefused(f"{what}. Types acceptés : {in_words(accepted)}.", "extension")
    size = upload.size
    if not size:
        raise FileRefused("Ce fichier est vide (0 octet).", "empty")
    if size > limit:
        raise too_large(size, limit)
    known = getattr(upload, "checked", None)
    if known is not None and known.extension == extension and known.size == size:
        return Checked(name, extension, known.content_type, size, known.sha256)
    upload.seek(0)
    digest, received = hashlib.sha256(), 0
    for chunk in upload.chunks():
        digest.update(chunk)
        received += len(chunk)
    if received != size:
        raise FileRefused("Ce fichier n’a pas été reçu en entier ; recommencez.", "incomplete")
    inspect(upload.file, extension)
    return Checked(name, extension, CONTENT_TYPES[extension], size, digest.hexdigest())


def too_large(size: int | None, limit: int) -> FileRefused:
    """``size``: bytes where known; an upload is broken off at the limit."""
    weight = f"Ce fichier est trop lourd ({megabytes(size)})" if size else "Ce fichier est trop lourd"
    return FileRefused(f"{weight}. Maximum : {megabytes(limit)}.", "too_large")


def in_words(extensions: Collection[str]) -> str:
    """« PDF, ODT, JPG » : the kinds as a person reads them."""
    return ", ".join(each.upper() for each in extensions if each != "jpeg" or "jpg" not in extensions)
