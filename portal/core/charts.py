"""Bars and lines as SVG, computed here: no script, no style attribute. Each chart has its table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 200
#: Room for the scale on the left, the labels beneath, and the highest number above.
LEFT, BOTTOM, TOP = 48, 24, 12
MOST_LABELS: Final = 8


@dataclass(frozen=True)
class Bar:
    """A rectangle, in the units of the drawing; ``series`` is 0 or 1."""

    x: float
    y: float
    width: float
    height: float
    series: int


@dataclass(frozen=True)
class Chart:
    """``labels``: (x, text) beneath; ``scale``: (y, text) on the left; ``line``: points of a third series, or ""."""

    bars: list[Bar]
    labels: list[tuple[float, str]]
    scale: list[tuple[float, str]]
    line: str = ""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT

    @property
    def base(self) -> int:
        return self.height - BOTTOM


def bars(labels: Sequence[str], series: Sequence[Sequence[int]], line: Sequence[int] = ()) -> Chart | None:
    """A chart of one or two series side by side, and a line over them; None where everything is nought."""
    highest = max((value for each in (*series, line) for value in each), default=0)
    if not highest:
        return None
    top = _round_up(highest)
    span, drawn = WIDTH - LEFT, HEIGHT - BOTTOM - TOP
    step = span / len(labels)
    wide = step * 0.8 / len(series)

    def height(value: int) -> float:
        return round(drawn * value / top, 2)

    found = []
    for number, values in enumerate(series):
        for place, value in enumerate(values):
            if value:
                # What is there is seen, however little it is.
                tall = max(height(value), 1.0)
                x = LEFT + place * step + step * 0.1 + number * wide
                found.append(Bar(round(x, 2), round(HEIGHT - BOTTOM - tall, 2), round(wide, 2), tall, number))
    every = -(-len(labels) // MOST_LABELS)
    beneath = [
        (round(LEFT + (place + 0.5) * step, 2), label) for place, label in enumerate(labels) if place % every == 0
    ]
    points = " ".join(
        f"{LEFT + (place + 0.5) * step:.2f},{HEIGHT - BOTTOM - height(value):.2f}" for place, value in enumerate(line)
    )
    scale = [(round(HEIGHT - BOTTOM - height(value), 2), _number(value)) for value in sorted({0, top // 2, top})]
    return Chart(found, beneath, scale, points)


def _round_up(value: int) -> int:
    """The next of 2, 4, 6, 8, 10, 20, 30, 40, 60, 80, 100, 200…: an end for the scale whose half is a whole number."""
    size = 1
    while True:
        for step in (2, 3, 4, 6, 8, 10) if size > 1 else (2, 4, 6, 8, 10):
            if value <= step * size:
                return step * size
        size *= 10


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")
