"""The archive of an export: the list, a folder a dossier with its pieces and documents, and a manifest of them all."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from portal.core.spreadsheets import csv_lines
from portal.files.models import StoredFile
from portal.files.selectors import served_states

from ..enums import EventKind, Side
from ..fields.schema import load_schema
from ..journal import record
from ..models import Dossier, DossierDocument, DossierExport
from ..pieces.services import sent_files

#: Above, an archive is too heavy for whoever opens it.
MOST_BYTES: Final = 4 * 1024**3
HEADS = ("Dossier", "Origine", "Fichier", "Taille (octets)", "SHA-256", "Dans l’archive")


class TooHeavyError(Exception):
    """More than :data:`MOST_BYTES` of files."""


def fill(
    path: Path,
    files: Sequence[Path],
    chunks: Iterable[Sequence[Dossier]],
    *,
    export: DossierExport,
    progress: Callable[[], Any],
) -> None:
    """Write the archive to ``path``: ``files`` first, then each dossier of ``chunks``.

    Files leave as they are downloaded: those the antivirus found clean; the manifest says why another is not there.
    ``progress`` is called after each dossier. Side effects: an event of each dossier. Raises :class:`TooHeavyError`.
    """
    manifest: list[list[Any]] = []
    left = MOST_BYTES
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in files:
            archive.write(each, each.name)
        for dossier in (each for chunk in chunks for each in chunk):
            taken: set[str] = set()
            for origin, stored in _files_of(dossier):
                why, name = _refusal(stored), ""
                if not why:
                    left -= stored.size
                    if left < 0:
                        raise TooHeavyError
                    name = f"{dossier.number}/{_free(stored.name, taken)}"
                    why = _add(archive, name, stored)
                told = why or "oui"
                manifest.append([dossier.number, origin, name or stored.name, stored.size, stored.sha256, told])
            _record(dossier, export)
            progress()
        archive.writestr("manifeste.csv", "".join(csv_lines([HEADS, *manifest])))


def _files_of(dossier: Dossier) -> Iterator[tuple[str, StoredFile]]:
    """What instruction reads of it: the pieces as they were last sent, the documents. Three queries."""
    schema = load_schema(dossier.type_version)
    for key, versions in sent_files(dossier).items():
        asked = schema.field(key)
        for version in versions:
            yield (asked.label if asked is not None else key), version.file
    documents = DossierDocument.objects.filter(dossier=dossier, file__isnull=False).select_related("file")
    for document in documents.order_by("created_at", "pk"):
        assert document.file is not None
        yield document.get_kind_display(), document.file


def _refusal(stored: StoredFile) -> str:
    if stored.erased_at is not None:
        return "non : effacé"
    return "" if stored.scan_state in served_states() else f"non : {stored.get_scan_state_display().lower()}"


def _add(archive: zipfile.ZipFile, name: str, stored: StoredFile) -> str:
    """Why it could not be, or nothing."""
    try:
        with stored.open() as content, archive.open(name, "w", force_zip64=True) as target:
            shutil.copyfileobj(content, target, 1024 * 1024)
    except FileNotFoundError:
        return "non : contenu introuvable"
    return ""


def _free(name: str, taken: set[str]) -> str:
    """``name``, which portal.files has cleaned, told apart from another of the same dossier."""
    stem, dot, suffix = name.rpartition(".")
    found, number = name, 2
    while found.casefold() in taken:
        found, number = f"{stem} ({number}){dot}{suffix}", number + 1
    taken.add(found.casefold())
    return found


def _record(dossier: Dossier, export: DossierExport) -> None:
    """Once an export, however often it was begun."""
    data = {"export": str(export.pk)}
    with transaction.atomic():
        locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
        if export.attempts > 1 and locked.events.filter(kind=EventKind.EXPORTED, data=data).exists():
            return
        record(locked, EventKind.EXPORTED, actor=export.requested_by, side=Side.INSTRUCTION, data=data)
