"""Filters of templates that show a listing's form: each field by the kind of its widget."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField

from portal.core.choices import Choice, choice_inputs
from portal.core.filters import TerritoryKeyField

register = template.Library()


@register.filter
def widget_kind(field: BoundField) -> str:
    """territory, many, radio, checkbox, select, or a type of input (text, date, number)."""
    if isinstance(field.field, TerritoryKeyField):
        return "territory"
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.SelectMultiple):
        return "many"
    if isinstance(widget, forms.RadioSelect):
        return "radio"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.Select):
        return "select"
    return str(widget.attrs.get("type") or getattr(widget, "input_type", "text") or "text")


@register.filter
def is_single(field: BoundField) -> bool:
    """Whether one value at most is chosen, by radio buttons."""
    return widget_kind(field) == "radio"


def _values(field: BoundField) -> set[str]:
    """What is in force for the field, as in an address: what was understood, never what was typed wrong."""
    if not hasattr(field.form, "pairs"):  # Not a listing's form: what its data or its initial values say.
        value = field.value()
        return {str(each) for each in (value if isinstance(value, list | tuple) else [value]) if each is not None}
    form: Any = field.form
    pairs = getattr(form, "_pairs", None)
    if pairs is None:
        pairs = form._pairs = form.pairs()
    return {value for name, value, _ in pairs if name == field.name}


@register.filter
def has_value(field: BoundField, value: Any) -> bool:
    return str(value) in _values(field) or (not value and not _values(field))


@register.filter
def text_value(field: BoundField) -> str:
    """What to write back in an input: the value in force, else what was typed (the notice says why it was left out)."""
    form: Any = field.form
    value = form.active.get(field.name)
    if isinstance(value, date):
        return value.isoformat()
    return str(value if value is not None else field.data or "")[:1000]


@register.filter
def grouped_options(field: BoundField) -> list[tuple[str, list[Choice]]]:
    """The choices as (group, options); the group is empty for choices that are in none."""
    chosen = _values(field) or {str(getattr(field.form, "defaults", {}).get(field.name, ""))}
    groups: list[tuple[str, list[Choice]]] = []
    number = 0

    def choice(value: Any, label: Any) -> Choice:
        nonlocal number
        number += 1
        return Choice(f"{field.id_for_label or field.auto_id}-o{number}", str(value), str(label), str(value) in chosen)

    for value, label in getattr(field.field, "choices", ()):
        if isinstance(label, list | tuple):
            groups.append((str(value), [choice(key, name) for key, name in label]))
        elif groups and not groups[-1][0]:
            groups[-1][1].append(choice(value, label))
        else:
            groups.append(("", [choice(value, label)]))
    return groups


register.simple_tag(choice_inputs)


@register.filter
def any_selected(choices: list[Choice]) -> bool:
    return any(choice.selected for choice in choices)
