"""What a field of kind « pièce » takes: kinds of files, weight, number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.files.refusal import megabytes
from portal.files.validators import ALLOWED, in_words, max_bytes

from ..enums import FieldKind
from ..fields.schema import Field, load_schema
from ..models import Dossier

MB = 1_000_000
MOST_FILES = 50


@dataclass(frozen=True)
class Limits:
    """``accept``: extensions; ``bytes``: of one file; ``files``: at once."""

    accept: tuple[str, ...]
    bytes: int
    files: int

    @property
    def text(self) -> str:
        """« Formats acceptés : PDF, ODT. 5 Mo au maximum par fichier, 3 fichiers au maximum. »"""
        number = "Un seul fichier" if self.files == 1 else f"{self.files} fichiers au maximum"
        weight = megabytes(self.bytes)
        each = f"{weight} au maximum" if self.files == 1 else f"{weight} au maximum par fichier"
        return f"Formats acceptés : {in_words(self.accept)}. {number}, {each}."


def limits_of(field: Field) -> Limits:
    """The limits of ``field``: those it states, within those of the portal (``FILE_MAX_MIB``)."""
    options: Any = field.options
    asked = {str(each).lower().lstrip(".") for each in options.get("accept") or ALLOWED}
    if asked & {"jpg", "jpeg"}:
        asked |= {"jpg", "jpeg"}
    most = max_bytes()
    if options.get("limit_mb"):
        most = min(most, int(options["limit_mb"] * MB))
    files = int(options.get("max_files") or 1)
    return Limits(tuple(each for each in ALLOWED if each in asked), most, min(max(files, 1), MOST_FILES))


def piece_field(dossier: Dossier, key: str) -> Field | None:
    """The field ``key`` of the dossier's form, where it takes pieces."""
    field = load_schema(dossier.type_version).field(key)
    return field if field is not None and field.kind == FieldKind.PIECE else None
