"""What the instructors' screens ask of values."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms, template
from django.forms import BoundField

from ..enums import Side
from ..models import Dossier
from ..money import euros

register = template.Library()


@register.filter
def in_euros(amount: Decimal | None) -> str:
    """« 12 500 € »; empty for None."""
    return euros(amount) if amount is not None else ""


@register.filter
def at(values: Mapping[str, Any], key: str) -> Any:
    """What ``values`` has at ``key``, or None."""
    return values.get(key)


@register.filter
def is_radios(field: BoundField) -> bool:
    """One choice, shown as radio buttons under a legend."""
    widget = field.field.widget  # Several boxes are a kind of radios to Django.
    return isinstance(widget, forms.RadioSelect) and not isinstance(widget, forms.CheckboxSelectMultiple)


@register.filter
def s(number: int) -> str:
    """The plural's « s »: French has it from two on."""
    return "s" if number >= 2 else ""


@register.filter
def depositor_state(dossier: Dossier) -> str:
    """The state in the organisation's words."""
    return dossier.state_label(Side.ORGANISATION)
