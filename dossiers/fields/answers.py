"""Values of a form, as ``Dossier.values`` holds them: read from what was typed, written back as people would type them.

Any JSON is safe here: a draft moved to another version may hold anything, and a posted form too.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from ..enums import FieldKind
from . import parsing
from .numbering import row_labels
from .parsing import MOST_TYPED, InvalidError, as_date, as_decimal, clean_text
from .places import MOST_READ, Place
from .schema import MOST_MEMBERS, MOST_ROWS, OTHER, OTHER_PREFIX, Field

#: Where what is typed and not valid is kept, beside the values.
RAW: Final = "_raw"
YES, NO = "oui", "non"
MOST_OTHER: Final = 200
_ROW_ID: Final = re.compile(r"[a-z0-9-]{1,40}\Z")

_SIMPLE: Final[dict[str, Callable[[str, Mapping[str, Any]], Any]]] = {
    FieldKind.TEXT: parsing.text,
    FieldKind.LONG_TEXT: parsing.long_text,
    FieldKind.INTEGER: parsing.integer,
    FieldKind.MONEY: parsing.money,
    FieldKind.DATE: parsing.date,
    FieldKind.EMAIL: parsing.email,
    FieldKind.PHONE: parsing.phone,
    FieldKind.SIRET: parsing.siret,
}


@dataclass
class Parsed:
    """What was typed, read. ``value`` None: nothing, or nothing valid; then ``raw`` keeps what was typed and ``errors``
    say why. Of a table, ``value`` holds the valid cells, ``raw`` and ``cells`` the others by row and column."""

    value: Any = None
    raw: Any = None
    errors: list[str] = field(default_factory=list)
    cells: dict[str, dict[str, str]] = field(default_factory=dict)


def is_blank(value: Any) -> bool:
    """Whether nothing is answered. False and 0 are answers; rows of a table without any cell are not."""
    if isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        return all(is_blank_row(each) for each in value)
    return value is None or value == "" or value == [] or value == {}


def is_blank_row(row: Mapping[str, Any]) -> bool:
    return all(name in ("id", "level") or is_blank(value) for name, value in row.items())


def filled_rows(value: Any) -> list[Mapping[str, Any]]:
    """The rows of a table in which something is answered."""
    rows = value if isinstance(value, list) else []
    return [row for row in rows if isinstance(row, Mapping) and not is_blank_row(row)]


# --- Written as typed -------------------------------------------------------------------------------------------------
def as_typed(of: Field, value: Any) -> Any:
    """``value`` as its inputs show it: a str; of several choices and perimeters a list of str; of a table, rows whose
    cells are str. What is no value of the kind is shown as it is, where it is a text."""
    if of.kind in (FieldKind.CHOICES, FieldKind.PERIMETER):
        return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
    if of.kind == FieldKind.TABLE:
        return _rows_as_typed(of, value)
    if of.kind == FieldKind.BOOLEAN:
        return {True: YES, False: NO}.get(value, "") if isinstance(value, bool) else ""
    if of.kind == FieldKind.DATE:
        date = as_date(value)
        return f"{date.day:02}/{date.month:02}/{date.year}" if date else clean_text(value)
    if of.kind == FieldKind.MONEY:
        amount = as_decimal(value)
        return f"{amount:.2f}".replace(".", ",").removesuffix(",00") if amount is not None else clean_text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return clean_text(value)


def _rows_as_typed(of: Field, value: Any) -> list[dict[str, str]]:
    rows = []
    for row in (value if isinstance(value, list) else [])[:MOST_ROWS]:
        if not isinstance(row, Mapping):
            continue
        typed = {column.key: as_typed(column, row.get(column.key)) for column in of.columns}
        rows.append(typed | {"id": _row_id(row.get("id")), "level": _level(of, row.get("level"))})
    return rows


def _row_id(value: Any) -> str:
    return value if isinstance(value, str) and _ROW_ID.match(value) else str(uuid.uuid4())


def _level(of: Field, value: Any) -> str:
    """The level of an outline's row: its own, or the deepest where it has none. Empty where the table is flat."""
    names = [key for key, _, _ in of.levels]
    return value if value in names else (names[-1] if names else "")


# --- Read from what is typed ------------------------------------------------------------------------------------------
def parse(of: Field, typed: Any, place: Place | None = None) -> Parsed:
    """``typed`` (as :func:`as_typed` makes it, or as posted) as a value. Never raises, keeps what is not valid.

    ``place`` is where territories are looked for; without it, only the shape of their keys is checked.
    """
    if of.kind in _SIMPLE or of.kind == FieldKind.BOOLEAN:
        return _parse_simple(of, typed)
    if of.kind == FieldKind.CHOICE:
        return _parse_choice(of, typed)
    if of.kind == FieldKind.CHOICES:
        return _parse_choices(of, typed)
    if of.kind == FieldKind.TERRITORY:
        return _parse_territory(of, typed, place)
    if of.kind == FieldKind.PERIMETER:
        return _parse_perimeter(of, typed, place)
    if of.kind == FieldKind.TABLE:
        return _parse_table(of, typed)
    return Parsed()


def _parse_simple(of: Field, typed: Any) -> Parsed:
    text = clean_text(typed)
    if not text.strip():
        return Parsed()
    if of.kind == FieldKind.BOOLEAN:
        answers = {YES: True, NO: False}
        if text in answers:
            return Parsed(answers[text])
        return Parsed(raw=text[:MOST_OTHER], errors=["Répondez par oui ou par non."])
    try:
        return Parsed(_SIMPLE[of.kind](text, of.options))
    except InvalidError as error:
        return Parsed(raw=text, errors=[error.message])


def _choice_error(of: Field, value: str) -> str:
    """Why ``value`` is not one of the choices, or an empty text."""
    if of.options.get("other") and value.startswith(OTHER_PREFIX):
        said = value.removeprefix(OTHER_PREFIX).strip()
        if not said:
            return "Précisez ce que vous entendez par « Autre »."
        return "" if len(said) <= MOST_OTHER else f"Précisez « Autre » en {MOST_OTHER} caractères au plus."
    return "" if value in {key for key, _ in of.choices} - {OTHER} else "Sélectionnez un des choix proposés."


def _as_choice(of: Field, value: str) -> str:
    """« autre » alone is an « autre: » that says nothing yet."""
    text = clean_text(value).strip()
    return OTHER_PREFIX if of.options.get("other") and text == OTHER else text


def _parse_choice(of: Field, typed: Any) -> Parsed:
    value = _as_choice(of, typed)
    if not value:
        return Parsed()
    error = _choice_error(of, value)
    return Parsed(raw=value, errors=[error]) if error else Parsed(value)


def _parse_choices(of: Field, typed: Any) -> Parsed:
    given = [_as_choice(of, each) for each in (typed if isinstance(typed, list) else [])[:400]]
    order = [key for key, _ in of.choices]
    values = sorted({each for each in given if each}, key=lambda each: (_place_of(each, order), each))
    errors = list(dict.fromkeys(error for each in values for error in [_choice_error(of, each)] if error))
    return Parsed(raw=values, errors=errors) if errors else Parsed(values or None)


def _place_of(value: str, order: list[str]) -> int:
    return order.index(value) if value in order else len(order)


def _parse_territory(of: Field, typed: Any, place: Place | None) -> Parsed:
    text = clean_text(typed).strip()[:200]
    if not text:
        return Parsed()
    if place is None:
        return Parsed(text)
    found, error = place.territory(text, of.options["levels"])
    return Parsed(found.key) if found is not None else Parsed(raw=text, errors=[error])


def _parse_perimeter(of: Field, typed: Any, place: Place | None) -> Parsed:
    given = [each for each in (typed if isinstance(typed, list) else []) if isinstance(each, str) and len(each) <= 24]
    keys = sorted({key for each in given[:MOST_READ] for key in [clean_text(each).strip()] if key})
    if len(keys) > MOST_MEMBERS:
        told = (
            f"Ce périmètre a {len(keys)} territoires : {MOST_MEMBERS} au plus. Choisissez des territoires plus larges."
        )
        return Parsed(raw=keys, errors=[told])
    if place is None or not keys:
        return Parsed(keys or None)
    known = place.allowed(keys, of.options["levels"])
    strange = [key for key in keys if key not in known]
    if not strange:
        return Parsed(keys)
    names = ", ".join(strange[:5])
    return Parsed(
        [key for key in keys if key in known] or None,
        raw=keys,
        errors=[f"Ces territoires n’existent pas ou ne sont pas dans celui du dossier : {names}."],
    )


def _parse_table(of: Field, typed: Any) -> Parsed:
    rows: list[dict[str, Any]] = []
    raw: dict[str, dict[str, str]] = {}
    cells: dict[str, dict[str, str]] = {}
    seen: set[str] = set()
    for given in (typed if isinstance(typed, list) else [])[:MOST_ROWS]:
        if not isinstance(given, Mapping):
            continue
        number = given.get("id")
        fresh = isinstance(number, str) and number.startswith("n") and _ROW_ID.match(number)
        row: dict[str, Any] = {"id": _row_id(number) if not fresh else str(uuid.uuid4())}
        if row["id"] in seen:
            row["id"] = str(uuid.uuid4())
        seen.add(row["id"])
        if of.levels:
            row["level"] = _level(of, given.get("level"))
        for column in of.at_level(row.get("level", "")):
            read = parse(column, given.get(column.key, ""))
            if read.errors:
                raw.setdefault(row["id"], {})[column.key] = read.raw
                cells.setdefault(row["id"], {})[column.key] = read.errors[0]
            elif read.value is not None:
                row[column.key] = read.value
        # A row that the screen offers, and that nobody filled in, is no row.
        if not (fresh and is_blank_row(row) and row["id"] not in raw):
            rows.append(row)
    errors = _table_errors(of, rows, cells)
    return Parsed(rows or None, raw or None, errors, cells)


def _table_errors(of: Field, rows: list[dict[str, Any]], cells: dict[str, dict[str, str]]) -> list[str]:
    errors = []
    if len(rows) > of.max_rows:
        errors.append(f"Ce tableau a {len(rows)} lignes : {of.max_rows} au plus.")
    labels = {column.key: column.label for column in of.columns}
    names = dict(zip((row["id"] for row in rows), row_labels(of, rows), strict=True))
    errors += [
        f"{names[row_id]}, {labels[key]} : {message}"
        for row_id, wrong in cells.items()
        if row_id in names
        for key, message in wrong.items()
    ]
    return errors


# --- With what is kept beside -----------------------------------------------------------------------------------------
def raw_of(values: Mapping[str, Any]) -> Mapping[str, Any]:
    raw = values.get(RAW)
    return raw if isinstance(raw, Mapping) else {}


def typed_in(of: Field, values: Mapping[str, Any]) -> Any:
    """What the field's inputs show: what was typed and is not valid, else the value."""
    typed = as_typed(of, values.get(of.key))
    raw = raw_of(values).get(of.key)
    if raw is None:
        return typed
    if of.kind == FieldKind.TABLE:
        for row in typed:
            wrong = raw.get(row["id"]) if isinstance(raw, Mapping) else None
            for column in of.columns:
                if isinstance(wrong, Mapping) and isinstance(wrong.get(column.key), str):
                    row[column.key] = wrong[column.key]
        return typed
    if of.kind in (FieldKind.CHOICES, FieldKind.PERIMETER):
        return as_typed(of, raw)
    return clean_text(raw) or typed


def amount(value: Any) -> Decimal | None:
    """A stored amount as Decimal; None where it is none, or could not be stored as one."""
    number = as_decimal(value)
    return number.quantize(Decimal("0.01")) if number is not None and abs(number) <= parsing.MOST_MONEY else None


__all__ = ["MOST_TYPED", "NO", "RAW", "YES", "Parsed", "as_typed", "is_blank", "parse", "raw_of", "typed_in"]
