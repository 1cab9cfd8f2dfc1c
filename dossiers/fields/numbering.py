"""Numbers of a table's rows: 1, 2, 3; of an outline « 1 », « 1.1 »; of axes repeated row by row, « 1.1 » too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..enums import FieldRole
from .schema import Field


def numbers(of: Field, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """One text a row; empty for rows of a level that is not numbered."""
    if of.levels:
        return _outline(of, rows)
    if of.role == FieldRole.AXES:
        return _grouped(of, rows)
    return [str(number) for number in range(1, len(rows) + 1)]


def _outline(of: Field, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """A level that is not numbered does not begin its children's count again: action 1.3 may follow two objectives."""
    names = [key for key, _, _ in of.levels]
    counted = [number for number, (_, _, numbered) in enumerate(of.levels) if numbered]
    counts = [0] * len(names)
    found = []
    for row in rows:
        depth = names.index(row["level"]) if row.get("level") in names else len(names) - 1
        if depth not in counted:
            found.append("")
            continue
        counts[depth] += 1
        for deeper in range(depth + 1, len(counts)):
            counts[deeper] = 0
        found.append(".".join(str(counts[each]) for each in counted if each <= depth and counts[each]))
    return found


def _grouped(of: Field, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    column = axis_column(of)
    numbered: list[Any] = []
    last: Any = ""
    counts: dict[int, int] = {}
    found = []
    for row in rows:
        # An axis left empty is that of the row above.
        axis = row.get(column) or last
        if axis not in numbered:
            numbered.append(axis)
        last, number = axis, numbered.index(axis) + 1
        counts[number] = counts.get(number, 0) + 1
        found.append(f"{number}.{counts[number]}")
    return found


def axis_column(of: Field) -> str:
    """The column of a table that names the axis: « axe », else the first one."""
    keys = [column.key for column in of.columns]
    return next((key for key in keys if key in ("axe", "axes")), keys[0] if keys else "")


def row_labels(each: Field, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """« Ligne 2 »; in an outline « Axe 1 », « Action 1.2 »."""
    labels = {key: label for key, label, _ in each.levels}
    return [
        f"{labels.get(str(row.get('level', '')), 'Ligne')} {number}".strip() if each.levels else f"Ligne {place}"
        for place, (number, row) in enumerate(zip(numbers(each, rows), rows, strict=True), 1)
    ]
