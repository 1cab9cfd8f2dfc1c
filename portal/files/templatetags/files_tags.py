"""Files in templates."""

from __future__ import annotations

from django import template

from portal.files.refusal import megabytes

register = template.Library()


@register.filter
def weight(size: int) -> str:
    """« 4,2 Mo » of a number of bytes."""
    return megabytes(size).replace(" ", "\u00a0")
