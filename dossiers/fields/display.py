"""A form as it is read: on screens, in documents, in exports, and what changed between two of its states.

What is not asked (conditions) is not shown. What is not valid is shown as it was typed, and exported as nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.territories.models import Territory

from ..enums import FieldKind, FieldRole
from . import answers
from .conditions import visible
from .numbering import numbers
from .parsing import as_date, as_decimal, clean_text, number_text
from .places import territories_by_key
from .schema import OTHER_PREFIX, Field, Schema

Cell = str | int | Decimal | dt.date
Names = Mapping[str, Territory]


@dataclass(frozen=True)
class Table:
    """A table as it is read. ``headers`` begins with « N° » where rows are numbered; each of ``rows`` is as long.

    ``depths``: of each row, 0 at the outline's first level and rising; 0 everywhere in a flat table.
    """

    headers: list[str]
    rows: list[list[str]]
    depths: list[int]


@dataclass(frozen=True)
class Row:
    """One field as it is read. ``text`` is empty for a table, for pieces, and where nothing is answered."""

    field: Field
    text: str = ""
    table: Table | None = None
    files: list[Any] = dataclasses.field(default_factory=list)
    #: Typed and not valid: shown in a draft, never deposited.
    invalid: bool = False

    @property
    def is_heading(self) -> bool:
        return self.field.kind == FieldKind.HEADING

    @property
    def is_blank(self) -> bool:
        return not (self.text or self.files or (self.table is not None and self.table.rows))


@dataclass(frozen=True)
class Change:
    """One field that changed, in words. For tables, one line a row."""

    field: Field
    before: str
    after: str


# --- Values in words --------------------------------------------------------------------------------------------------
def date_text(value: Any) -> str:
    date = as_date(value)
    return f"{date.day:02}/{date.month:02}/{date.year}" if date else ""


def money_text(value: Any) -> str:
    """« 1 234,50 € »; always two decimals or none."""
    amount = as_decimal(value)
    return f"{number_text(amount)}\u00a0€" if amount is not None else ""


def _grouped(digits: str, *sizes: int) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(digits[at : at + size])
        at += size
    return "\u00a0".join(part for part in [*parts, digits[at:]] if part)


def siret_text(value: str) -> str:
    """« 356 000 000 00048 », « 1 234 567 001 » (RIDET)."""
    if len(value) == 14:
        return _grouped(value, 3, 3, 3)
    return _grouped(value, 1, 3, 3) if len(value) == 10 else value


def phone_text(value: str) -> str:
    return _grouped(value, 2, 2, 2, 2) if len(value) == 10 and value.startswith("0") else value


def choice_text(of: Field, value: Any) -> str:
    """The label of a choice; « Autre : … » with what it means. An unknown one is shown as it is."""
    if not isinstance(value, str) or not value:
        return ""
    if value.startswith(OTHER_PREFIX) and of.options.get("other"):
        said = value.removeprefix(OTHER_PREFIX).strip()
        return f"Autre\u00a0: {said}" if said else "Autre"
    return dict(of.choices).get(value, clean_text(value))


def text_of(of: Field, value: Any, names: Names | None = None) -> str:
    """``value`` in words; empty where there is none. ``names``: the territories it names, by key."""
    if answers.is_blank(value) or of.kind in (FieldKind.TABLE, FieldKind.PIECE):
        return ""
    if of.kind == FieldKind.BOOLEAN:
        return ("Oui" if value else "Non") if isinstance(value, bool) else ""
    if of.kind == FieldKind.DATE:
        return date_text(value)
    if of.kind == FieldKind.MONEY:
        return money_text(value)
    if of.kind == FieldKind.INTEGER:
        number = as_decimal(value)
        return number_text(number) if number is not None else ""
    if of.kind == FieldKind.CHOICE:
        return choice_text(of, value)
    if of.kind == FieldKind.CHOICES:
        return ", ".join(choice_text(of, each) for each in value) if isinstance(value, list) else ""
    if of.kind in (FieldKind.TERRITORY, FieldKind.PERIMETER):
        keys = value if isinstance(value, list) else [value]
        return ", ".join(sorted(_place_name(key, names or {}) for key in keys if isinstance(key, str)))
    if of.kind == FieldKind.SIRET:
        return siret_text(clean_text(value))
    return phone_text(clean_text(value)) if of.kind == FieldKind.PHONE else clean_text(value)


def _place_name(key: str, names: Names) -> str:
    territory = names.get(key)
    return territory.label if territory is not None else clean_text(key)


def table_of(of: Field, value: Any) -> Table:
    """The filled rows of a table, numbered; outlines with the level's own name first."""
    rows = answers.filled_rows(value)
    numbered = bool(of.levels) or of.role == FieldRole.AXES
    names = [key for key, _, _ in of.levels]
    labels = {key: label for key, label, _ in of.levels}
    headers = [*(["N°"] if numbered else []), *(["Niveau"] if of.levels else []), *(c.label for c in of.columns)]
    lines, depths = [], []
    for number, row in zip(numbers(of, rows), rows, strict=True):
        level = str(row["level"]) if row.get("level") in names else (names[-1] if names else "")
        first = [*([number] if numbered else []), *([labels[level]] if of.levels else [])]
        lines.append([*first, *(text_of(column, row.get(column.key)) for column in of.columns)])
        depths.append(names.index(level) if of.levels else 0)
    return Table(headers, lines, depths)


def keys_in(schema: Schema, values: Mapping[str, Any]) -> set[str]:
    """Keys of the territories that ``values`` name."""
    found: set[str] = set()
    for each in schema.of_kind(FieldKind.TERRITORY, FieldKind.PERIMETER):
        value = values.get(each.key)
        found |= {key for key in (value if isinstance(value, list) else [value]) if isinstance(key, str)}
    return found


def names_in(schema: Schema, many: Iterable[Mapping[str, Any]]) -> dict[str, Territory]:
    """The territories that several forms name, by key, in one query: what lists and exports pass as ``names``."""
    return territories_by_key(set().union(*(keys_in(schema, values) for values in many)))


# --- Screens and documents --------------------------------------------------------------------------------------------
def rows(
    schema: Schema,
    values: Mapping[str, Any],
    pieces: Mapping[str, Sequence[Any]] | None = None,
    *,
    names: Names | None = None,
) -> list[Row]:
    """Every field that is asked, headings and explanations apart: those are of the form. One query (territories),
    none with ``names``. A heading comes where something asked follows it."""
    shown = visible(schema, values)
    known = names if names is not None else names_in(schema, [values])
    found: list[Row] = []
    for each in schema:
        if each.key not in shown or each.kind == FieldKind.EXPLANATION:
            continue
        if found and found[-1].is_heading and each.kind == FieldKind.HEADING:
            found.pop()
        found.append(_row(each, values, (pieces or {}).get(each.key, ()), known))
    if found and found[-1].is_heading:
        found.pop()
    return found


def _row(each: Field, values: Mapping[str, Any], files: Sequence[Any], names: Names) -> Row:
    if each.kind == FieldKind.HEADING:
        return Row(each, each.label)
    if each.kind == FieldKind.PIECE:
        return Row(each, files=list(files))
    if each.kind == FieldKind.TABLE:
        return Row(each, table=table_of(each, values.get(each.key)))
    raw = answers.raw_of(values).get(each.key)
    if raw is not None:
        typed = ", ".join(map(clean_text, raw)) if isinstance(raw, list) else clean_text(raw)
        return Row(each, typed, invalid=True)
    return Row(each, text_of(each, values.get(each.key), names))


# --- Exports ----------------------------------------------------------------------------------------------------------
def flat(schema: Schema, values: Mapping[str, Any], *, names: Names | None = None) -> dict[str, Cell]:
    """One cell a field, by key, for a spreadsheet: numbers, amounts and dates as such, the rest in words, a table as
    one line a row. Every field that may hold something is there, empty where it is not asked or not answered.

    One query (territories), none with ``names``. Formulas are the spreadsheet writer's to neutralise.
    """
    shown = visible(schema, values)
    known = names if names is not None else names_in(schema, [values])
    return {
        each.key: _cell(each, values.get(each.key), known) if each.key in shown else ""
        for each in schema
        if each.holds and each.kind != FieldKind.PIECE
    }


def _cell(each: Field, value: Any, names: Names) -> Cell:
    if each.kind == FieldKind.TABLE:
        return "\n".join(_lines(each, value))
    if each.kind == FieldKind.INTEGER and isinstance(value, int) and not isinstance(value, bool):
        return value
    if each.kind == FieldKind.MONEY:
        amount = answers.amount(value)
        return amount if amount is not None else ""
    if each.kind == FieldKind.DATE:
        return as_date(value) or ""
    if each.kind in (FieldKind.SIRET, FieldKind.PHONE):
        return clean_text(value)
    return text_of(each, value, names)


def _lines(each: Field, value: Any) -> list[str]:
    """A table as text: « 1.1 · Action · … », one line a row."""
    table = table_of(each, value)
    return [" · ".join(cell.replace("\n", " ") for cell in line if cell) for line in table.rows]


# --- What changed -----------------------------------------------------------------------------------------------------
def diff(
    schema: Schema, before: Mapping[str, Any], after: Mapping[str, Any], *, names: Names | None = None
) -> list[Change]:
    """The fields whose answer reads otherwise, in the form's order. What is no longer asked counts as no answer."""
    known = names if names is not None else names_in(schema, [before, after])
    was, now = visible(schema, before), visible(schema, after)
    found = []
    for each in schema:
        if not each.holds or each.kind == FieldKind.PIECE:
            continue
        old = _words(each, before, known) if each.key in was else ""
        new = _words(each, after, known) if each.key in now else ""
        if old != new:
            found.append(Change(each, old, new))
    return found


def _words(each: Field, values: Mapping[str, Any], names: Names) -> str:
    if each.kind == FieldKind.TABLE:
        return "\n".join(_lines(each, values.get(each.key)))
    return _row(each, values, (), names).text
