"""What a document sent to the library must be: its content is what its name says, for readers open it on trust.

Wagtail looks at the name alone. The reason of a refusal is said beside the field, the rest of the form is kept.
"""

from __future__ import annotations

import zipfile
from pathlib import PurePath
from typing import Any, Final

from django.core.exceptions import ValidationError
from wagtail.documents.forms import BaseDocumentForm

HEAD: Final = 4096
#: The first part of an Office Open XML package (ECMA-376) of each kind.
OFFICE: Final = {"docx": "word/", "pptx": "ppt/", "xlsx": "xl/"}
#: The content of the part « mimetype » of an OpenDocument package (ISO 26300-3).
OPEN_DOCUMENT: Final = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odp": b"application/vnd.oasis.opendocument.presentation",
}
#: How a page begins that was given the name of a table.
MARKUP: Final = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<?php")
BOM: Final = b"\xef\xbb\xbf"


class CheckedDocumentForm(BaseDocumentForm):
    """Wagtail's form, with messages in French, and refusal of what is not the document its name announces."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            field.error_messages |= {
                "empty": "Ce fichier est vide (0 octet).",
                "invalid": "Ce fichier n'a pas été reçu comme un fichier ; recommencez.",
                "file_too_large": "Ce fichier est trop lourd (%(file_size)s). Maximum : %(max_filesize)s.",
            }

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data:
            extension = PurePath(file.name).suffix.lstrip(".").lower()
            if not content_is(extension, file):
                raise ValidationError(
                    "Ce fichier n'est pas un document .%(extension)s : son contenu est autre que son nom ne l'annonce.",
                    code="other_content",
                    params={"extension": extension},
                )
        return file

    def _update_errors(self, errors: ValidationError) -> None:
        """A file refused by its field is unknown to the model, which would complain of its missing extension."""
        if "file" in self.errors and hasattr(errors, "error_dict"):
            errors.error_dict.pop("file", None)
        super()._update_errors(errors)


def content_is(extension: str, file: Any) -> bool:
    """Whether the content of ``file`` is of the kind ``extension`` names (without its dot).

    True for an extension unknown here: the list of those allowed is the model's. Reads the first bytes, and for a
    package the list of its parts; leaves the file at its start.
    """
    file.seek(0)
    head: bytes = file.read(HEAD)
    try:
        if extension == "pdf":
            return head.removeprefix(BOM).lstrip().startswith(b"%PDF-")
        if extension in ("docx", "pptx", "xlsx", "odt", "ods", "odp"):
            return _is_package(extension, file)
        if extension == "mp4":
            return head[4:8] == b"ftyp"
        if extension == "webm":
            return head.startswith(b"\x1a\x45\xdf\xa3")
        text = head.removeprefix(BOM).lstrip()
        if extension == "vtt":
            return text.startswith(b"WEBVTT")
        if extension == "ics":
            return text[:15].upper() == b"BEGIN:VCALENDAR"
        if extension == "csv":
            return b"\0" not in head and not text.lower().startswith(MARKUP)
        return True
    finally:
        file.seek(0)


def _is_package(extension: str, file: Any) -> bool:
    """Whether ``file`` is an archive that begins as one, and holds what the format asks for."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(file) as package:
            if extension in OPEN_DOCUMENT:
                with package.open("mimetype") as kind:
                    return kind.read(100).strip() == OPEN_DOCUMENT[extension]
            return any(name.startswith(OFFICE[extension]) for name in package.namelist())
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        return False
