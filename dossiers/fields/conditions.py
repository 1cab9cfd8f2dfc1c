"""Which fields are asked, by the conditions on earlier ones. The server decides; the page's script follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..enums import FieldKind
from .answers import NO, YES, is_blank, raw_of
from .parsing import as_date, as_decimal
from .schema import OTHER, OTHER_PREFIX, Condition, Field, Schema


def visible(schema: Schema, values: Mapping[str, Any]) -> set[str]:
    """Keys of the fields that are asked. A hidden field counts as empty for those that depend on it."""
    shown: set[str] = set()
    by_key = {each.key: each for each in schema}
    for each in schema:
        if each.condition is None:
            shown.add(each.key)
            continue
        on = by_key[each.condition.field]
        value = values.get(on.key) if on.key in shown else None
        if value is None and on.key in shown and each.condition.op == "rempli":
            # Filled in, be it with what is not valid: what hangs on it does not vanish while it is corrected.
            value = raw_of(values).get(on.key)
        if holds(each.condition, on, value):
            shown.add(each.key)
    return shown


def holds(condition: Condition, on: Field, value: Any) -> bool:
    """Whether ``value``, answered to the field ``on``, fulfils ``condition``."""
    if condition.op == "rempli":
        return not is_blank(value)
    if condition.op == "egal":
        return _is(on, value, condition.value)
    if condition.op == "different":
        return not _is(on, value, condition.value)
    if condition.op == "parmi":
        wanted = condition.value if isinstance(condition.value, list) else [condition.value]
        return any(_is(on, value, each) for each in wanted)
    return _compares(condition, on, value)


def _is(on: Field, value: Any, wanted: Any) -> bool:
    if is_blank(value):
        return False
    if on.kind == FieldKind.BOOLEAN:
        return isinstance(value, bool) and value is _yes(wanted)
    if on.kind in (FieldKind.INTEGER, FieldKind.MONEY):
        number, other = as_decimal(value), as_decimal(wanted)
        return number is not None and number == other
    if on.kind in (FieldKind.CHOICES, FieldKind.PERIMETER):
        return isinstance(value, list) and any(_same_choice(on, each, wanted) for each in value)
    return _same_choice(on, value, wanted)


def _yes(wanted: Any) -> bool | None:
    if isinstance(wanted, bool):
        return wanted
    return {YES: True, NO: False, "true": True, "false": False}.get(str(wanted).lower())


def _same_choice(on: Field, value: Any, wanted: Any) -> bool:
    if on.options.get("other") and wanted == OTHER:
        return isinstance(value, str) and value.startswith(OTHER_PREFIX)
    return bool(value == wanted)


def _compares(condition: Condition, on: Field, value: Any) -> bool:
    read = as_date if on.kind == FieldKind.DATE else as_decimal
    number, bound = read(value), read(condition.value)
    if number is None or bound is None:
        return False
    return bool(number > bound) if condition.op == "superieur" else bool(number < bound)  # type: ignore[operator]
