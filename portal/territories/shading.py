"""The départements of a map, shaded by a number: what a table beside it says in figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from .map import Shape
from .models import Territory

STEPS = 4


def step_of(count: float, most: float) -> int:
    """The shade of a count, 1 to :data:`STEPS`: by its square root, so that one metropolis does not pale the rest."""
    return max(1, math.ceil(STEPS * math.sqrt(count / most))) if count and most else 0


def legend(most: int) -> list[tuple[int, int, int]]:
    """(shade, lowest count, highest count) of the shades that a count up to ``most`` may have."""
    found, before = [], 0
    for step in range(1, STEPS + 1):
        upper = most * step * step // STEPS**2
        if upper > before:
            found.append((step, before + 1, upper))
            before = upper
    return found


def draw(
    shapes: Sequence[Shape],
    counts: Mapping[int, int],
    address: Callable[[Territory], str],
    told: Callable[[int], str],
    css: str,
    step: Callable[[float, float], int] = step_of,
) -> SafeString:
    """The shapes, shaded by ``counts`` (by the territory's number); those that have something are links.

    ``address`` leads there ("" : no link), ``told`` says the count in words ("3 dates"), ``css`` begins the classes
    (``<css>__0`` to ``<css>__4``), ``step`` gives the shade of a count, knowing the greatest.
    """
    most = max((counts.get(shape.entry.territory.pk, 0) for shape in shapes), default=0)

    def shade(number: int) -> str:
        return f"{css}__{step(number, most)}"

    drawn = [_drawn(shape, counts.get(shape.entry.territory.pk, 0), shade, address, told) for shape in shapes]
    return mark_safe("\n".join(drawn))  # noqa: S308 - each is escaped


def _drawn(
    shape: Shape,
    number: int,
    shade: Callable[[int], str],
    address: Callable[[Territory], str],
    told: Callable[[int], str],
) -> SafeString:
    territory = shape.entry.territory
    if shape.d:
        outline = format_html('<path d="{}"/>', shape.d)
    else:
        frame: dict[str, Any] = shape.frame or {}
        outline = format_html(
            '<rect x="{}" y="{}" width="{}" height="{}" rx="12"/><text x="{}" y="{}">{}</text>',
            *(frame.get(name, "") for name in ("x", "y", "width", "height")),
            shape.x,
            shape.text_y,
            territory.code,
        )
    if not number:
        return format_html('<g class="carte__dep {}" aria-hidden="true">{}</g>', shade(0), outline)
    label = f"{territory.name} ({territory.code}) : {told(number)}"
    url, css = address(territory), shade(number)
    if not url:
        return format_html(
            '<g class="carte__dep {}" role="img" aria-label="{}"><title>{}</title>{}</g>', css, label, label, outline
        )
    return format_html(
        '<a class="carte__dep {}" href="{}" aria-label="{}"><title>{}</title>{}</a>', css, url, label, label, outline
    )
