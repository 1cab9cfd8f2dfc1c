"""Uploads as they stream in: beyond the limit nothing more is written, and the rest of the form is read on.

Django's own handlers write whatever comes to a temporary file and leave sizes to forms.
"""

from __future__ import annotations

import logging
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler

from .names import normalised_name
from .refusal import FileRefused
from .validators import max_bytes, too_large

logger = logging.getLogger(__name__)


class SmallFileHandler(MemoryFileUploadHandler):
    """Django's, for requests of at most ``FILE_UPLOAD_MAX_MEMORY_SIZE``; names are made harmless first."""

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, normalised_name(file_name), *args, **kwargs)


class LimitedFileHandler(TemporaryFileUploadHandler):
    """Django's, to temporary files, until a file is too large, or the files of the request are, or the disk is full.

    What was refused arrives at the form as an upload without content, whose ``failure`` says why.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.limit = limit_of(request)
        self.left = settings.FILE_REQUEST_FILES * self.limit
        self.failure: FileRefused | None = None
        self.received = 0

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        # A temporary file takes the extension of the name, which must be one that a file system takes.
        self.failure, self.received = None, 0
        super().new_file(field_name, normalised_name(file_name), *args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.failure is None:
            self.left -= len(raw_data)
        if self.failure is None and (self.received > self.limit or self.left < 0):
            self._drop(too_large(None, self.limit))
        if self.failure is None:
            try:
                self.file.write(raw_data)
            except OSError as error:
                logger.error("An upload could not be written: %s", error)
                self._drop(
                    FileRefused("Le portail n’a pas pu recevoir ce fichier ; réessayez plus tard.", "not_written")
                )

    def file_complete(self, file_size: int) -> UploadedFile:
        if self.failure is not None:
            return refused_upload(self.field_name, self.file_name, self.content_type, self.received, self.failure)
        complete = super().file_complete(file_size)
        assert complete is not None
        return complete

    def _drop(self, failure: FileRefused) -> None:
        self.failure = failure
        self.file.close()  # Deletes it.


def refused_upload(
    field: str | None, name: str | None, content_type: str | None, size: int, failure: FileRefused
) -> UploadedFile:
    """An upload without content, in the place of one that was not taken. ``size`` is what was sent."""
    upload = InMemoryUploadedFile(BytesIO(), field, name, content_type, size, None)
    upload.failure = failure  # type: ignore[attr-defined]
    return upload


def limit_of(request: Any) -> int:
    """The most that one file of ``request`` may weigh: the library of the administration takes recorded webinars."""
    if request is not None and request.path_info.startswith("/admin/"):
        return max(int(settings.WAGTAILDOCS_MAX_UPLOAD_SIZE), max_bytes())
    return max_bytes()
