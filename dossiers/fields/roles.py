"""What a form answers to the fields whose meaning the portal knows (:class:`~dossiers.enums.FieldRole`), whatever their
key: the title, the amount, the perimeter, the axes. What is not asked (conditions) is no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from portal.territories.models import Territory

from ..enums import Carrying, FieldKind, FieldRole, Scenario
from . import answers
from .conditions import visible
from .display import choice_text, text_of
from .numbering import axis_column
from .places import territories_by_key
from .schema import Field, Schema


def _answer(schema: Schema, values: Mapping[str, Any], role: str) -> tuple[Field | None, Any]:
    bearer = schema.with_role(role)
    if bearer is None or bearer.key not in visible(schema, values):
        return None, None
    return bearer, values.get(bearer.key)


def role_text(schema: Schema, values: Mapping[str, Any], role: str) -> str:
    """The answer to the field that bears ``role``, in words; empty where there is none."""
    bearer, value = _answer(schema, values, role)
    return text_of(bearer, value) if bearer is not None else ""


def title_of(schema: Schema, values: Mapping[str, Any]) -> str:
    return role_text(schema, values, FieldRole.TITLE)[:200]


def amount_of(schema: Schema, values: Mapping[str, Any]) -> Decimal | None:
    """The amount asked for, at cents; None where none is, or it is below zero."""
    value = answers.amount(_answer(schema, values, FieldRole.AMOUNT)[1])
    return value if value is not None and value >= 0 else None


def perimeter_of(schema: Schema, values: Mapping[str, Any]) -> list[Territory]:
    """The territories of the perimeter, as picked, by name. One query."""
    value = _answer(schema, values, FieldRole.PERIMETER)[1]
    keys = [key for key in value if isinstance(key, str)] if isinstance(value, list) else []
    return list(territories_by_key(keys).values())


def axes_of(schema: Schema, values: Mapping[str, Any]) -> list[str]:
    """The axes, in order, once each: of an outline the rows of its first level, of a flat table its column « axe »
    (else its first), of several choices their labels."""
    bearer, value = _answer(schema, values, FieldRole.AXES)
    if bearer is None:
        return []
    if bearer.kind == FieldKind.CHOICES:
        texts = [choice_text(bearer, each) for each in value] if isinstance(value, list) else []
    else:
        column = next((each for each in bearer.columns if each.key == axis_column(bearer)), None)
        first = bearer.levels[0][0] if bearer.levels else None
        texts = [
            text_of(column, row.get(column.key))
            for row in answers.filled_rows(value)
            if column is not None and (first is None or row.get("level") == first)
        ]
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))


def scenario_of(schema: Schema, values: Mapping[str, Any]) -> Scenario | None:
    value = _answer(schema, values, FieldRole.SCENARIO)[1]
    return Scenario(value) if value in Scenario.values else None


def carrying_of(schema: Schema, values: Mapping[str, Any]) -> Carrying | None:
    value = _answer(schema, values, FieldRole.CARRIES)[1]
    return Carrying(value) if value in Carrying.values else None
