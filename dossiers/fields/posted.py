"""What a form posts, by kind of field: the names of its inputs, and the buttons that change a table's rows.

Of a field named ``n``: its text ``n``; ``n__autre`` what « Autre » means; ``n__cases`` that its boxes were shown, or
its value is left alone; ``n__choix`` one territory among several; ``n__lignes`` the rows of a table, in order, and each
cell ``n__row__column``. A button is ``_ajouter-n``, ``_retirer-n``, ``_monter-n``, ``_descendre-n``, ``_chercher-n``.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

from ..enums import FieldKind
from .parsing import clean_text
from .places import MOST_READ
from .schema import MOST_ROWS, OTHER, OTHER_PREFIX, Field

#: What a button does to a table, and to a perimeter's list.
ROW_ACTIONS: Final = ("ajouter", "retirer", "monter", "descendre")
ACTIONS: Final = (*ROW_ACTIONS, "chercher")


def read(of: Field, data: Any, name: str) -> Any:
    """What is posted for the field named ``name``, as :func:`dossiers.fields.answers.as_typed` makes it; None where
    nothing is, and its value is then left alone. ``data`` is a QueryDict, or any mapping."""
    if of.kind == FieldKind.CHOICE:
        return _with_other(_one(data, name), data, name) if name in data else None
    if of.kind == FieldKind.CHOICES:
        if name not in data and f"{name}__cases" not in data:
            return None
        return [_with_other(each, data, name) for each in _many(data, name)[:400]]
    if of.kind == FieldKind.PERIMETER:
        if name not in data and f"{name}__cases" not in data:
            return None
        return [clean_text(each) for each in _many(data, name)[:MOST_READ]]
    if of.kind == FieldKind.TERRITORY:
        return clean_text(_one(data, f"{name}__choix") or _one(data, name)) if name in data else None
    if of.kind == FieldKind.TABLE:
        return read_rows(of, data, name) if f"{name}__lignes" in data else None
    return clean_text(_one(data, name)) if name in data else None


def _one(data: Any, name: str) -> str:
    value = data.get(name, "")
    if isinstance(value, list | tuple):
        value = value[-1] if value else ""
    return value if isinstance(value, str) else ""


def _many(data: Any, name: str) -> list[str]:
    values = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
    values = values if isinstance(values, list | tuple) else [values]
    return [each for each in values if isinstance(each, str)]


def _with_other(value: str, data: Any, name: str) -> str:
    if value != OTHER or f"{name}__autre" not in data:
        return clean_text(value)
    return OTHER_PREFIX + clean_text(_one(data, f"{name}__autre")).strip()


# --- Rows -------------------------------------------------------------------------------------------------------------
def read_rows(of: Field, data: Any, name: str) -> list[dict[str, str]]:
    """The posted rows, with what the pressed button does to them."""
    ids = [each for each in _one(data, f"{name}__lignes")[: MOST_ROWS * 45].split(",") if each][: MOST_ROWS + 1]
    rows = []
    for number in dict.fromkeys(ids):
        row = {"id": number, "level": _one(data, f"{name}__{number}__niveau")[:60]}
        for column in of.columns:
            cell = f"{name}__{number}__{column.key}"
            row[column.key] = _with_other(_one(data, cell), data, cell)
        rows.append(row)
    return act_on_rows(of, rows, *pressed(data, name))


def pressed(data: Any, name: str) -> tuple[str, str]:
    """(action, its value) of the button pressed for the field ``name``; two empty texts where none was."""
    for action in ACTIONS:
        button = f"_{action}-{name}"
        if button in data:
            return action, _one(data, button)[:60]
    return "", ""


def act_on_rows(of: Field, rows: list[dict[str, str]], action: str, value: str) -> list[dict[str, str]]:
    """``rows`` once one is added, taken away or moved. An unknown row changes nothing.

    ``ajouter``: at the end (in an outline, of the level that ``value`` names), or beneath what ``value`` names as
    « level:row ». Moving or taking away a row of an outline takes what stands beneath it along.
    """
    if action == "ajouter":
        level, _, after = value.partition(":")
        row = _new_row(of, level)
        position = _end(of, rows, _find(rows, after)) if _find(rows, after) is not None else len(rows)
        return [*rows[:position], row, *rows[position:]]
    at = _find(rows, value)
    if action not in ROW_ACTIONS or at is None:
        return rows
    end = _end(of, rows, at)
    if action == "retirer":
        return rows[:at] + rows[end:]
    block = rows[at:end]
    before, after_ = neighbours(of, rows, at)
    if action == "monter":
        return rows if before is None else rows[:before] + block + rows[before:at] + rows[end:]
    return rows if after_ is None else rows[:at] + rows[end:after_] + block + rows[after_:]


def neighbours(of: Field, rows: list[dict[str, str]], at: int) -> tuple[int | None, int | None]:
    """Where the row of the same level before the one at ``at`` begins, and where the one after it ends: under the same
    parent, None where there is none."""
    end = _end(of, rows, at)
    followed = end < len(rows) and _depth(of, rows[end]) == _depth(of, rows[at])
    return _before(of, rows, at), _end(of, rows, end) if followed else None


def _new_row(of: Field, level: str) -> dict[str, str]:
    names = [key for key, _, _ in of.levels]
    chosen = level if level in names else (names[0] if names else "")
    return {"id": str(uuid.uuid4()), "level": chosen} | {column.key: "" for column in of.columns}


def _find(rows: list[dict[str, str]], number: str) -> int | None:
    return next((at for at, row in enumerate(rows) if number and row["id"] == number), None)


def _depth(of: Field, row: Mapping[str, str]) -> int:
    names = [key for key, _, _ in of.levels]
    return names.index(row["level"]) if row.get("level") in names else max(len(names) - 1, 0)


def _end(of: Field, rows: list[dict[str, str]], at: int | None) -> int:
    """Where the row at ``at``, with all that stands beneath it, ends."""
    if at is None:
        return len(rows)
    end = at + 1
    while of.levels and end < len(rows) and _depth(of, rows[end]) > _depth(of, rows[at]):
        end += 1
    return end


def _before(of: Field, rows: list[dict[str, str]], at: int) -> int | None:
    """Where the row of the same level before the one at ``at`` begins, under the same parent."""
    for before in range(at - 1, -1, -1):
        if not of.levels or _depth(of, rows[before]) == _depth(of, rows[at]):
            return before
        if _depth(of, rows[before]) < _depth(of, rows[at]):
            return None
    return None
