"""A dossier's form as others read it: as it was last sent, and what changed between two of its sendings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.files.selectors import served_states

from ..enums import FieldKind, State
from ..fields import display
from ..fields.schema import Field, Schema, load_schema
from ..models import Dossier, DossierRevision
from ..pieces.services import sent_files


@dataclass(frozen=True)
class Difference:
    """One field that reads otherwise. Each side is text, one line a row of a table or a file."""

    field: Field
    before: str
    after: str


def as_sent(dossier: Dossier) -> list[display.Row]:
    """The form and its files, as the organisation last sent them: while it answers, what it types is still its own.

    ``files`` of each row are dicts (``file``, ``served``), as ``_files.html`` takes them. Five queries at most.
    """
    schema = load_schema(dossier.type_version)
    values, files = dossier.values, sent_files(dossier)
    if dossier.state == State.INCOMPLETE:
        last = DossierRevision.objects.filter(dossier=dossier).order_by("-number").first()
        if last is not None:
            values = last.values
    served = served_states()
    shown = {
        key: [{"file": each.file, "served": each.file.scan_state in served} for each in versions]
        for key, versions in files.items()
    }
    return display.rows(schema, values, shown)


def differences(schema: Schema, before: DossierRevision, after: DossierRevision) -> list[Difference]:
    """What changed from one sending to another, in the form's order, files included. One query."""
    changed = {each.field.key: each for each in display.diff(schema, before.values, after.values)}
    found = []
    for field in schema:
        if field.kind == FieldKind.PIECE:
            old, new = before.pieces.get(field.key, []), after.pieces.get(field.key, [])
            if [line[0] for line in old] != [line[0] for line in new]:
                found.append(Difference(field, file_names(old), file_names(new)))
        elif field.key in changed:
            change = changed[field.key]
            found.append(Difference(field, change.before, change.after))
    return found


def file_names(lines: Iterable[Any]) -> str:
    """The files of a snapshot, a line each, with the beginning of their fingerprint: two may have one name."""
    return "\n".join(f"{line[1]} (empreinte {str(line[2])[:8]}…)" for line in lines)


def words(field: Field, value: Any, names: Mapping[str, Any]) -> str:
    """One answer in words, a line each row of a table or file. ``names``: the territories it names."""
    if field.kind == FieldKind.PIECE:
        return file_names(value or [])
    if field.kind == FieldKind.TABLE:
        rows = display.table_of(field, value).rows
        return "\n".join(" · ".join(cell.replace("\n", " ") for cell in row if cell) for row in rows)
    return display.text_of(field, value, names)
