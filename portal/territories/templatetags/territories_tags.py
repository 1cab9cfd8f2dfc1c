"""Tags of the directory: 127 links in the list and 109 on the map, too many to go through templates one by one."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..map import Shape
from ..selectors import DirectoryEntry

register = template.Library()


@register.simple_tag(takes_context=True)
def directory_url(context: Context, entry: DirectoryEntry) -> str:
    """The open space of the territory, else its record."""
    if entry.space is not None:
        return str(entry.space.page.get_url(context.get("request")))
    return entry.territory.get_absolute_url()


@register.simple_tag(takes_context=True)
def directory_link(context: Context, entry: DirectoryEntry, css: str = "") -> SafeString:
    """A link with the territory's name."""
    attribute = format_html(' class="{}"', css) if css else ""
    return format_html('<a href="{}"{}>{}</a>', directory_url(context, entry), attribute, entry.territory.name)


@register.simple_tag(takes_context=True)
def map_shape(context: Context, shape: Shape) -> SafeString:
    """A département on the map, a link: its outline or its tile, and a pin where a space is open."""
    if shape.d:
        drawn = format_html('<path d="{}"/>', shape.d)
    else:
        frame: dict[str, Any] = shape.frame or {}
        drawn = format_html(
            '<rect x="{}" y="{}" width="{}" height="{}" rx="12"/><text x="{}" y="{}">{}</text>',
            *(frame.get(name, "") for name in ("x", "y", "width", "height")),
            shape.x,
            shape.text_y,
            shape.entry.territory.code,
        )
    pin = format_html('<circle cx="{}" cy="{}" r="15"/>', shape.pin_x, shape.pin_y) if shape.entry.space else ""
    return format_html(
        '<a class="carte__dep carte__r{}{}" href="{}" aria-label="{}"><title>{}</title>{}{}</a>',
        shape.region,
        " carte__dep--ouvert" if shape.entry.space else "",
        directory_url(context, shape.entry),
        shape.label,
        shape.label,
        drawn,
        pin,
    )
