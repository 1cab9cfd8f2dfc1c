"""The archive of everything held about a person."""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone

from portal.core.personal_data import holdings

from ..models import User
from .own_rows import own_records

#: Above this, the archive is written to a temporary file instead of memory (bytes).
IN_MEMORY = 5 * 1024 * 1024


def sections(user: User) -> list[tuple[str, list[dict[str, Any]]]]:
    """(title, records) of all that is held, those without a record left out; the account first."""
    registered = [(one.label, list(one.export(user))) for one in holdings()]
    return [(title, records) for title, records in [*registered, *own_records(user)] if records]


def write_archive(user: User) -> IO[bytes]:
    """A ZIP, at its beginning: ``donnees.json`` for machines, ``donnees.html`` to read, ``fichiers/`` for files."""
    found = sections(user)
    made_at = timezone.now()
    archive = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - its reader closes it
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        content = {"date": made_at, "donnees": dict(_merged(found))}
        zipped.writestr("donnees.json", json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
        page = render_to_string("accounts/data/archive.html", {"sections": found, "made_at": made_at})
        zipped.writestr("donnees.html", page)
        for number, (name, read) in enumerate(_files(user), start=1):
            # The name is the person's own; no folder of theirs is made on the machine that unpacks it.
            zipped.writestr(f"fichiers/{number:04}-{PurePosixPath(name.replace(chr(92), '/')).name}", read())
    archive.seek(0)
    return archive


def _merged(found: list[tuple[str, list[dict[str, Any]]]]) -> dict[str, list[dict[str, Any]]]:
    merged: dict[str, list[dict[str, Any]]] = {}
    for title, records in found:
        merged.setdefault(title, []).extend(records)
    return merged


def _files(user: User) -> Any:
    for one in holdings():
        if one.files is not None:
            yield from one.files(user)
