"""Elementary shapes as SVG text. Every function returns a string; lengths are in the 1200 x 675 canvas' units."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from typing import Any

WIDTH, HEIGHT = 1200, 675
Point = tuple[float, float]


def number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def element(tag: str, inner: str = "", **attributes: Any) -> str:
    """An SVG element; ``stroke_width=3`` becomes ``stroke-width="3"``, None is left out."""
    text = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{number(value) if isinstance(value, float) else value}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{text}>{inner}</{tag}>"


def group(*inner: str, **attributes: Any) -> str:
    return element("g", "".join(inner), **attributes)


def at(x: float, y: float, *inner: str, scale: float = 1, rotate: float = 0, flip: bool = False) -> str:
    """``inner``, drawn around the origin, placed at (x, y)."""
    horizontal = -scale if flip else scale
    return group(
        *inner,
        transform=f"translate({number(x)} {number(y)}) rotate({number(rotate)}) "
        f"scale({number(horizontal) if scale == 1 else f'{horizontal:.3f}'} {scale:.3f})",
    )


def rect(x: float, y: float, w: float, h: float, fill: str, r: float = 0, **more: Any) -> str:
    return element("rect", x=float(x), y=float(y), width=float(w), height=float(h), fill=fill, rx=float(r), **more)


def circle(x: float, y: float, r: float, fill: str, **more: Any) -> str:
    return element("circle", cx=float(x), cy=float(y), r=float(r), fill=fill, **more)


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, **more: Any) -> str:
    return element("ellipse", cx=float(x), cy=float(y), rx=float(rx), ry=float(ry), fill=fill, **more)


def path(d: str, fill: str = "none", **more: Any) -> str:
    return element("path", d=d, fill=fill, **more)


def polygon(points: Iterable[Point], fill: str, **more: Any) -> str:
    return element("polygon", points=" ".join(f"{number(x)},{number(y)}" for x, y in points), fill=fill, **more)


def line(points: Iterable[Point], stroke: str, width: float = 4, **more: Any) -> str:
    more.setdefault("stroke_linecap", "round")
    more.setdefault("stroke_linejoin", "round")
    text = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return element("polyline", points=text, fill="none", stroke=stroke, stroke_width=float(width), **more)


def smooth(points: list[Point]) -> str:
    """Path data of a smooth curve through ``points`` (Catmull-Rom turned into cubic Béziers)."""
    out = [f"M{number(points[0][0])} {number(points[0][1])}"]
    padded = [points[0], *points, points[-1]]
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        out.append("C" + " ".join(f"{number(x)} {number(y)}" for x, y in (first, second, end)))
    return "".join(out)


def hill(seed: str, y: float, height: float, fill: str, steps: int = 6, to: float = HEIGHT) -> str:
    """A band of rolling ground across the canvas: crest about ``y``, as high as ``height``; the seed fixes its line."""
    dice = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    width = WIDTH + 240
    points = [
        (-120 + width * i / steps, y + dice.uniform(-height, height) * (0.35 if i in (0, steps) else 1))
        for i in range(steps + 1)
    ]
    return path(f"{smooth(points)}L{WIDTH + 120} {number(to)}L-120 {number(to)}Z", fill)


def blob(seed: str, x: float, y: float, r: float, fill: str, wobble: float = 0.14, sides: int = 9) -> str:
    """A soft closed shape about a circle of radius ``r``."""
    dice = random.Random(seed)  # noqa: S311
    points = [
        (
            x + r * (1 + dice.uniform(-wobble, wobble)) * math.cos(2 * math.pi * i / sides) * 1.25,
            y + r * (1 + dice.uniform(-wobble, wobble)) * math.sin(2 * math.pi * i / sides),
        )
        for i in range(sides)
    ]
    looped = [points[-1], *points, points[0], points[1]]
    out = [f"M{number(points[0][0])} {number(points[0][1])}"]
    for before, start, end, after in zip(looped, looped[1:], looped[2:], looped[3:], strict=False):
        first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        out.append("C" + " ".join(f"{number(px)} {number(py)}" for px, py in (first, second, end)))
    return path("".join(out) + "Z", fill)


def backdrop(fill: str) -> str:
    return rect(0, 0, WIDTH, HEIGHT, fill)


def document(*inner: str) -> str:
    """The whole SVG."""
    return element(
        "svg",
        "".join(inner),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=WIDTH,
        height=HEIGHT,
    )
