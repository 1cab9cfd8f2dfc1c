"""What the field template asks of a bound field."""

from django import forms, template
from django.forms import BoundField

from portal.accounts.proconnect.adapter import is_configured

register = template.Library()


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """A single box, its label after it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_select(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.Select)


@register.simple_tag
def proconnect_available() -> bool:
    """Whether one may sign in by ProConnect."""
    return is_configured()
