"""What a form still misses before it may be deposited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..enums import FieldKind
from . import answers
from .conditions import visible
from .numbering import row_labels
from .schema import Field, Schema

REQUIRED = "Ce champ est obligatoire."


def missing(schema: Schema, values: Mapping[str, Any], pieces: Mapping[str, int]) -> dict[str, list[str]]:
    """Every reason why the form cannot be deposited, by the key of the field, in French; empty where it can.

    ``pieces``: how many files each field of that kind has. Fields that are not asked are ignored. No query: that
    territories exist was checked when they were picked, and is again by the rules of territories.
    """
    found = {}
    shown = visible(schema, values)
    for each in schema:
        if each.key in shown and each.holds:
            told = _of_piece(each, pieces) if each.kind == FieldKind.PIECE else _of_field(each, values)
            if told:
                found[each.key] = told
    return found


def _of_piece(each: Field, pieces: Mapping[str, int]) -> list[str]:
    count = pieces.get(each.key, 0)
    if each.required and not count:
        return ["Joignez cette pièce : elle est obligatoire."]
    most = int(each.options.get("max_files", 1))
    return [f"{count} fichiers sont joints : {most} au plus."] if count > most else []


def _of_field(each: Field, values: Mapping[str, Any]) -> list[str]:
    # Also what stands in the values is read again: a draft moved to another version may hold what is no longer valid.
    read = answers.parse(each, answers.typed_in(each, values))
    told = list(read.errors)
    if each.kind == FieldKind.TABLE:
        return told + _of_rows(each, values)
    if each.required and not told and answers.is_blank(read.value):
        return [REQUIRED]
    return told


def _of_rows(each: Field, values: Mapping[str, Any]) -> list[str]:
    rows = answers.filled_rows(values.get(each.key))
    told = []
    least = max(each.min_rows, int(each.required))
    if len(rows) < least and (each.required or rows):
        told.append(
            "Remplissez au moins une ligne."
            if least == 1
            else f"Remplissez au moins {least} lignes ({len(rows)} à ce jour)."
        )
    raw = answers.raw_of(values).get(each.key)
    wrong = raw if isinstance(raw, Mapping) else {}
    for label, row in _labelled(each, values):
        kept = wrong.get(str(row.get("id")))
        empty = [
            column.label
            for column in each.at_level(str(row.get("level", "")))
            if column.required
            and answers.is_blank(row.get(column.key))
            and not (isinstance(kept, Mapping) and kept.get(column.key))
        ]
        if empty:
            told.append(f"{label} : remplissez {', '.join(f'« {name} »' for name in empty)}.")
    if each.levels:
        told += _out_of_place(each, values)
    return told


def _labelled(each: Field, values: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The filled rows, with what the screen calls them, which counts those left empty too."""
    value = values.get(each.key)
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    labels = zip(row_labels(each, rows), rows, strict=True)
    return [(label, row) for label, row in labels if not answers.is_blank_row(row)]


def _out_of_place(each: Field, values: Mapping[str, Any]) -> list[str]:
    """An action before any objective, an objective before any axis."""
    names = [key for key, _, _ in each.levels]
    labels = {key: label for key, label, _ in each.levels}
    deepest = -1
    for label, row in _labelled(each, values):
        depth = names.index(row["level"]) if row.get("level") in names else len(names) - 1
        if depth > deepest + 1:
            return [f"{label} : placez cette ligne sous une ligne « {labels[names[depth - 1]]} »."]
        deepest = depth
    return []
