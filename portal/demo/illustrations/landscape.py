"""Pieces of landscape: trees, houses, mountains, water."""

from __future__ import annotations

import random

from . import palette as p
from .shapes import at, circle, ellipse, group, line, path, polygon, rect


def sun(x: float, y: float, r: float = 60, fill: str = p.MOUTARDE_850, halo: str = p.TOURNESOL_925) -> str:
    return circle(x, y, r * 1.7, halo, opacity=0.55) + circle(x, y, r, fill)


def cloud(x: float, y: float, scale: float = 1, fill: str = p.WHITE) -> str:
    return at(
        x, y, rect(-90, -18, 180, 36, fill, 18), circle(-30, -22, 34, fill), circle(22, -30, 42, fill), scale=scale
    )


def bird(x: float, y: float, scale: float = 1, stroke: str = p.ECUME_SUN) -> str:
    return at(x, y, path("M-22 -6Q-10 -16 0 0Q10 -16 22 -6", stroke=stroke, stroke_width=4, stroke_linecap="round"),
              scale=scale)  # fmt: skip


def maritime_pine(x: float, y: float, scale: float = 1, crown: str = p.EMERAUDE_SUN, light: str = p.MENTHE) -> str:
    """A pin des Landes: a long bare trunk, a flat crown. (x, y) is its foot."""
    return at(
        x,
        y,
        path("M-7 0L-4 -190L4 -190L7 0Z", p.CARAMEL_SUN),
        line([(0, -120), (34, -160)], p.CARAMEL_SUN, 6),
        line([(0, -140), (-30, -175)], p.CARAMEL_SUN, 6),
        ellipse(0, -210, 78, 34, crown),
        ellipse(-36, -190, 44, 22, crown),
        ellipse(44, -182, 42, 20, crown),
        ellipse(-12, -222, 50, 18, light, opacity=0.55),
        scale=scale,
    )


def round_tree(x: float, y: float, scale: float = 1, crown: str = p.BOURGEON, light: str = p.BOURGEON_850) -> str:
    return at(
        x,
        y,
        rect(-6, -60, 12, 60, p.CARAMEL_SUN, 3),
        circle(0, -92, 48, crown),
        circle(-14, -106, 24, light, opacity=0.7),
        scale=scale,
    )


def cypress(x: float, y: float, scale: float = 1, crown: str = p.EMERAUDE_SUN) -> str:
    return at(
        x,
        y,
        rect(-4, -20, 8, 20, p.CARAMEL_SUN),
        path("M0 -170C26 -110 26 -40 0 -14C-26 -40 -26 -110 0 -170Z", crown),
        path("M0 -170C-20 -110 -20 -40 0 -14Z", p.EMERAUDE, opacity=0.35),
        scale=scale,
    )


def fir(x: float, y: float, scale: float = 1, crown: str = p.EMERAUDE_SUN) -> str:
    return at(
        x,
        y,
        rect(-5, -20, 10, 20, p.CARAMEL_SUN),
        polygon([(0, -140), (34, -80), (-34, -80)], crown),
        polygon([(0, -105), (42, -40), (-42, -40)], crown),
        polygon([(0, -70), (50, -10), (-50, -10)], crown),
        polygon([(0, -140), (0, -10), (-50, -10), (-42, -40), (-34, -80)], p.EMERAUDE, opacity=0.25),
        scale=scale,
    )


def palm(x: float, y: float, scale: float = 1, leaf: str = p.EMERAUDE_SUN) -> str:
    leaves = [(-95, -30), (-80, -75), (-25, -105), (40, -98), (92, -60), (88, -10)]
    return at(
        x,
        y,
        path("M-8 0Q6 -120 18 -210L30 -208Q24 -110 12 0Z", p.CARAMEL_SUN),
        *[
            path(f"M24 -210Q{24 + dx * 0.6} {-245 + dy * 0.6} {24 + dx} {-210 + dy + 40}"
                 f"Q{24 + dx * 0.45} {-205 + dy * 0.5} 24 -210Z", leaf)
            for dx, dy in leaves
        ],
        scale=scale,
    )  # fmt: skip


def house(
    x: float, y: float, scale: float = 1, wall: str = p.WHITE, roof: str = p.TUILE, door: str = p.BLUE_FRANCE
) -> str:
    return at(
        x,
        y,
        rect(-50, -70, 100, 70, wall),
        rect(0, -70, 50, 70, p.BLUE_FRANCE, opacity=0.05),
        polygon([(-62, -70), (0, -122), (62, -70)], roof),
        rect(-12, -40, 24, 40, door, 2),
        rect(-40, -52, 18, 20, p.CUMULUS_850, 2),
        rect(22, -52, 18, 20, p.CUMULUS_850, 2),
        scale=scale,
    )


def town_hall(x: float, y: float, scale: float = 1, wall: str = p.WHITE) -> str:
    """A mairie: clock, flag, columns."""
    columns = "".join(rect(-130 + i * 62, -120, 18, 120, p.GALET_925) for i in range(5))
    windows = "".join(rect(-106 + i * 62, -100, 34, 58, p.CUMULUS_850, 16) for i in (0, 1, 2, 3))
    return at(
        x,
        y,
        rect(-160, -140, 320, 140, wall),
        windows,
        columns,
        rect(-172, -152, 344, 16, p.GALET),
        polygon([(-120, -152), (0, -216), (120, -152)], p.ECUME),
        circle(0, -178, 20, p.WHITE),
        line([(0, -190), (0, -178), (9, -172)], p.BLUE_FRANCE, 3),
        rect(-16, -62, 32, 62, p.BLUE_FRANCE, 2),
        rect(-176, -8, 352, 8, p.GALET),
        rect(-3, -276, 6, 64, p.GREY_625),
        rect(3, -276, 18, 36, p.BLUE_FRANCE),
        rect(21, -276, 18, 36, p.WHITE),
        rect(39, -276, 18, 36, p.RED_MARIANNE),
        scale=scale,
    )


def village(x: float, y: float, scale: float = 1) -> str:
    """Some houses about a belfry."""
    return at(
        x,
        y,
        house(-120, 4, 0.8, p.CREME_925, p.BATTUE),
        house(120, 6, 0.85, p.CREME_925, p.TUILE_SUN),
        rect(-22, -150, 44, 150, p.CARAMEL_925),
        polygon([(-28, -150), (0, -206), (28, -150)], p.ECUME),
        rect(-8, -132, 16, 26, p.ECUME_SUN, 8),
        house(-52, 10, 0.75, p.WHITE, p.TUILE),
        house(54, 12, 0.7, p.WHITE, p.BATTUE),
        scale=scale,
    )


def mountain(x: float, y: float, w: float, h: float, fill: str, shade: str, snow: str = p.WHITE) -> str:
    """A snowy peak: (x, y) is the middle of its foot."""
    top = (x + w * 0.04, y - h)
    cap = 0.30

    def down(side: float, share: float) -> tuple[float, float]:
        foot = (x + side * w / 2, y)
        return top[0] + (foot[0] - top[0]) * share, top[1] + (foot[1] - top[1]) * share

    left, right = down(-1, cap), down(1, cap)
    middle = [
        (left[0] + (right[0] - left[0]) * share, left[1] + offset * h)
        for share, offset in ((0.2, -0.05), (0.38, 0.05), (0.55, -0.03), (0.75, 0.06))
    ]
    return (
        polygon([(x - w / 2, y), top, (x + w / 2, y)], fill)
        + polygon([top, (x + w / 2, y), (x + w * 0.12, y)], shade)
        + polygon([top, left, *middle, right], snow)
    )


def waves(y: float, fill: str, seed: str, count: int = 14) -> str:
    dice = random.Random(seed)  # noqa: S311
    return group(
        *[
            rect(dice.uniform(0, 1150), y + dice.uniform(0, 90), dice.uniform(40, 120), 5, fill, 2.5)
            for _ in range(count)
        ],
        opacity=0.6,
    )


def lavender_rows(y: float, colour: str = p.GLYCINE, light: str = p.GLYCINE_850) -> str:
    """Rows of lavender that run to a vanishing point."""
    rows = []
    for i in range(-9, 10):
        x = 600 + i * 165
        vanish = 600 + i * 26
        rows.append(
            polygon([(vanish - 4, y), (vanish + 4, y), (x + 52, 690), (x - 52, 690)], colour if i % 2 else light)
        )
    return "".join(rows)


def vine_rows(x: float, y: float, count: int = 6, stroke: str = p.BOURGEON) -> str:
    return "".join(
        line([(x + i * 46, y), (x + 60 + i * 66, y + 120)], stroke, 14, stroke_dasharray="2 22") for i in range(count)
    )


def lighthouse(x: float, y: float, scale: float = 1) -> str:
    return at(
        x,
        y,
        path("M-34 0L-20 -220L20 -220L34 0Z", p.WHITE),
        path("M-30 -60L-26 -115L26 -115L30 -60Z", p.RED_MARIANNE_625),
        path("M-23 -165L-20 -220L20 -220L23 -165Z", p.RED_MARIANNE_625),
        rect(-30, -232, 60, 14, p.ECUME_SUN, 3),
        rect(-18, -264, 36, 32, p.TOURNESOL_925),
        path("M-24 -264Q0 -296 24 -264Z", p.ECUME_SUN),
        polygon([(18, -256), (300, -320), (300, -190)], p.TOURNESOL_925, opacity=0.5),
        scale=scale,
    )


def wind_turbine(x: float, y: float, scale: float = 1, turn: float = 12) -> str:
    blade = "M0 0C10 -20 8 -80 0 -110C-6 -80 -6 -20 0 0Z"
    return at(
        x,
        y,
        path("M-5 0L-2 -200L2 -200L5 0Z", p.WHITE),
        *[at(0, -200, path(blade, p.WHITE), rotate=turn + i * 120) for i in range(3)],
        circle(0, -200, 8, p.GREY_850),
        scale=scale,
    )


def ground_shadow(x: float, y: float, rx: float, ry: float = 14) -> str:
    return ellipse(x, y, rx, ry, p.BLUE_FRANCE, opacity=0.10)
