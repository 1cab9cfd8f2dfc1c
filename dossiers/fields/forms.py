"""What a form still misses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .schema import Schema


def missing(schema: Schema, values: Mapping[str, Any], pieces: Mapping[str, int]) -> dict[str, list[str]]:
    """Every reason why it cannot be deposited, by the key of the field."""
    empty = [each.key for each in schema.fields if each.required and not values.get(each.key)]
    return {key: ["Ce champ est obligatoire."] for key in empty}
