"""Objects of digital inclusion, each drawn around the origin (its middle, or its foot where it stands)."""

from __future__ import annotations

from . import palette as p
from .shapes import Point, at, circle, ellipse, group, line, path, polygon, rect


def lines_of_text(x: float, y: float, widths: list[float], colour: str = p.GREY_850, gap: float = 22) -> str:
    return "".join(rect(x, y + i * gap, w, 8, colour, 4) for i, w in enumerate(widths))


def tick(x: float, y: float, scale: float = 1, colour: str = p.WHITE) -> str:
    return at(x, y, line([(-14, 1), (-4, 12), (16, -12)], colour, 7), scale=scale)


def badge(x: float, y: float, r: float = 34, fill: str = p.EMERAUDE) -> str:
    return circle(x, y, r, fill) + tick(x, y, r / 34)


def laptop(screen: str = "", lid: str = p.ECUME_SUN, glass: str = p.BLUE_FRANCE_975) -> str:
    """500 x 330, standing on y = 0; ``screen`` is drawn in a 400 x 250 glass whose corner is (0, 0)."""
    return group(
        rect(-220, -300, 440, 285, lid, 16),
        rect(-202, -282, 404, 250, glass, 4),
        at(-202, -282, screen),
        path("M-280 -18L280 -18Q276 6 250 6L-250 6Q-276 6 -280 -18Z", p.ECUME_850),
        rect(-50, -18, 100, 9, p.ECUME, 4),
    )


def phone(screen: str = "", body: str = p.ECUME_SUN, glass: str = p.WHITE) -> str:
    """150 x 290 around the origin; ``screen`` in a 126 x 240 glass whose corner is (0, 0)."""
    return group(
        rect(-75, -145, 150, 290, body, 22),
        rect(-63, -122, 126, 240, glass, 6),
        at(-63, -122, screen),
        rect(-22, -136, 44, 6, p.ECUME, 3),
    )


def monitor(screen: str = "", frame: str = p.ECUME_SUN, glass: str = p.WHITE) -> str:
    """520 x 400, standing on y = 0; ``screen`` in a 480 x 280 glass whose corner is (0, 0)."""
    return group(
        path("M-44 -90L44 -90L60 -8L-60 -8Z", p.ECUME),
        rect(-110, -14, 220, 14, p.ECUME_850, 7),
        rect(-260, -400, 520, 322, frame, 16),
        rect(-240, -380, 480, 280, glass, 4),
        at(-240, -380, screen),
    )


def map_pin(colour: str = p.RED_MARIANNE, inner: str = p.WHITE) -> str:
    """A pin whose point is the origin."""
    return group(
        ellipse(0, 2, 20, 6, p.BLUE_FRANCE, opacity=0.15),
        path("M0 0C-14 -34 -44 -56 -44 -92A44 44 0 0 1 44 -92C44 -56 14 -34 0 0Z", colour),
        circle(0, -92, 18, inner),
    )


def bus(body: str = p.BLUE_FRANCE, band: str = p.WHITE) -> str:
    """A bus numérique, wheels on y = 0, 560 wide."""
    windows = "".join(rect(-240 + i * 92, -190, 78, 66, p.ARCHIPEL_925, 8) for i in range(4))
    return group(
        ellipse(0, 4, 300, 14, p.BLUE_FRANCE, opacity=0.12),
        path("M-290 -34L-290 -196Q-290 -232 -254 -232L220 -232Q262 -232 274 -190L292 -104L292 -34Z", body),
        path("M-290 -92L292 -92L292 -74L-290 -74Z", band),
        rect(-290, -232, 0, 0, body),
        windows,
        path("M146 -190L214 -190Q236 -190 243 -166L254 -124L146 -124Z", p.ARCHIPEL_925),
        rect(146, -112, 70, 78, p.ECUME_SUN, 4),
        rect(152, -106, 27, 72, p.CUMULUS_850, 3),
        rect(183, -106, 27, 72, p.CUMULUS_850, 3),
        rect(272, -62, 22, 16, p.MOUTARDE_850, 5),
        rect(-296, -62, 14, 18, p.RED_MARIANNE_625, 5),
        *[circle(x, -34, 40, p.GREY_200) + circle(x, -34, 18, p.GREY_850) for x in (-180, 96)],
        # The signal on the roof.
        rect(-26, -246, 52, 16, p.ECUME_SUN, 6),
        path("M-44 -262A62 62 0 0 1 44 -262", stroke=p.RED_MARIANNE_625, stroke_width=8, stroke_linecap="round"),
        path("M-70 -284A98 98 0 0 1 70 -284", stroke=p.RED_MARIANNE_625, stroke_width=8, stroke_linecap="round"),
    )


def calendar(accent: str = p.RED_MARIANNE, marked: tuple[int, ...] = (9, 16, 18)) -> str:
    """360 x 360 around the origin."""
    cells = "".join(
        rect(-140 + (i % 6) * 49, -60 + (i // 6) * 52, 36, 38, accent if i in marked else p.ECUME_925, 8)
        for i in range(24)
        if i not in (22, 23)
    )
    return group(
        rect(-180, -170, 360, 350, p.WHITE, 24),
        path("M-180 -96L-180 -146Q-180 -170 -156 -170L156 -170Q180 -170 180 -146L180 -96Z", p.BLUE_FRANCE),
        rect(-108, -200, 18, 58, p.ECUME, 9),
        rect(90, -200, 18, 58, p.ECUME, 9),
        rect(-60, -142, 120, 14, p.BLUE_FRANCE_850, 7),
        cells,
    )


def envelope(paper: str = p.WHITE, flap: str = p.CUMULUS_850, seal: str = p.RED_MARIANNE) -> str:
    """380 x 250 around the origin."""
    return group(
        rect(-190, -125, 380, 250, paper, 14),
        polygon([(-190, 118), (-20, -10), (20, -10), (190, 118), (178, 125), (-178, 125)], p.ECUME_950),
        path("M-184 -119Q-176 -125 -168 -125L168 -125Q176 -125 184 -119L24 20Q0 40 -24 20Z", flap),
        circle(0, 18, 26, seal),
    )


def sheet(accent: str = p.CUMULUS, lines: int = 6, w: float = 220, h: float = 290) -> str:
    """A page with a heading, around the origin."""
    widths = [w - 60, w - 84, w - 60, w - 110, w - 70, w - 96, w - 60, w - 120][:lines]
    return group(
        path(f"M{-w / 2} {-h / 2 + 12}Q{-w / 2} {-h / 2} {-w / 2 + 12} {-h / 2}L{w / 2 - 50} {-h / 2}"
             f"L{w / 2} {-h / 2 + 50}L{w / 2} {h / 2 - 12}Q{w / 2} {h / 2} {w / 2 - 12} {h / 2}"
             f"L{-w / 2 + 12} {h / 2}Q{-w / 2} {h / 2} {-w / 2} {h / 2 - 12}Z", p.WHITE),
        path(f"M{w / 2 - 50} {-h / 2}L{w / 2 - 50} {-h / 2 + 40}Q{w / 2 - 50} {-h / 2 + 50} {w / 2 - 40} {-h / 2 + 50}"
             f"L{w / 2} {-h / 2 + 50}Z", p.ECUME_850),
        rect(-w / 2 + 30, -h / 2 + 44, w * 0.38, 16, accent, 4),
        lines_of_text(-w / 2 + 30, -h / 2 + 86, widths),
    )  # fmt: skip


def book(cover: str, w: float = 70, h: float = 260, band: str = p.WHITE) -> str:
    """An upright book seen from its spine, standing on y = 0."""
    return group(
        rect(-w / 2, -h, w, h, cover, 6),
        rect(-w / 2, -h + 34, w, 10, band, opacity=0.6),
        rect(-w / 2, -44, w, 10, band, opacity=0.6),
        rect(-w / 2 + w * 0.3, -h + 76, w * 0.4, h * 0.32, band, 4, opacity=0.85),
    )


def open_book(cover: str = p.ECUME_SUN) -> str:
    """440 wide, standing on y = 0."""
    left = "M0 -14C-60 -50 -150 -54 -214 -36L-214 -220C-150 -238 -60 -232 0 -196Z"
    return group(
        path("M0 6C-70 -28 -160 -32 -228 -16L-228 -206L228 -206L228 -16C160 -32 70 -28 0 6Z", cover),
        path(left, p.WHITE),
        at(0, 0, path(left, p.GREY_975), flip=True),
        *[line([(-180, -184 + i * 30), (-60, -172 + i * 30)], p.ECUME_850, 7) for i in range(4)],
        *[line([(60, -172 + i * 30), (180, -184 + i * 30)], p.ECUME_850, 7) for i in range(4)],
    )


def person(colour: str = p.CUMULUS, skin: str = p.CARAMEL_850) -> str:
    """A faceless bust, base on y = 0, 150 wide."""
    return group(
        path("M-75 0Q-75 -96 0 -96Q75 -96 75 0Z", colour),
        path("M-20 -96Q0 -72 20 -96L20 -110L-20 -110Z", skin),
        circle(0, -144, 44, skin),
    )


def hair(style: int, colour: str) -> str:
    """Hair of :func:`person`."""
    return (
        path("M-46 -140A46 46 0 0 1 46 -140Q20 -168 -46 -140Z", colour),
        path("M-48 -96Q-60 -196 0 -196Q60 -196 48 -96L34 -104Q44 -150 20 -164Q-30 -168 -34 -104Z", colour),
        path("M-45 -146A46 46 0 0 1 45 -146Q0 -176 -45 -146Z", colour) + circle(0, -196, 18, colour),
        "",
    )[style % 4]


def bubble(colour: str = p.WHITE, w: float = 180, h: float = 110, dots: str | None = p.CUMULUS) -> str:
    """A speech bubble around the origin, its tail at the lower left."""
    inner = "".join(circle(-40 + i * 40, 0, 11, dots) for i in range(3)) if dots else ""
    return group(
        rect(-w / 2, -h / 2, w, h, colour, 30),
        polygon([(-w / 4, h / 2 - 6), (-w / 4 + 44, h / 2 - 6), (-w / 4 - 10, h / 2 + 34)], colour),
        inner,
    )


def shield(colour: str = p.BLUE_FRANCE, light: str = p.BLUE_FRANCE_525) -> str:
    """260 x 320 around the origin, with a padlock."""
    return group(
        path("M0 -160C40 -128 90 -118 130 -118C134 10 96 110 0 160C-96 110 -134 10 -130 -118C-90 -118 -40 -128 0 -160Z",
             colour),
        path("M0 -160C-40 -128 -90 -118 -130 -118C-134 10 -96 110 0 160Z", light, opacity=0.4),
        path("M-34 -14L-34 -40A34 34 0 0 1 34 -40L34 -14", stroke=p.WHITE, stroke_width=16),
        rect(-54, -18, 108, 84, p.WHITE, 12),
        circle(0, 18, 11, colour),
        rect(-5, 20, 10, 26, colour, 4),
    )  # fmt: skip


def gear(colour: str = p.MENTHE, hole: str = p.WHITE, r: float = 60) -> str:
    teeth = "".join(at(0, 0, rect(-r * 0.17, -r * 1.28, r * 0.34, r * 0.5, colour, 4), rotate=i * 45) for i in range(8))
    return group(teeth, circle(0, 0, r, colour), circle(0, 0, r * 0.42, hole))


def bulb(glow: str = p.MOUTARDE_850) -> str:
    """A light bulb, 150 x 230 around the origin."""
    return group(
        path("M-75 -40A75 75 0 1 1 75 -40C75 0 38 22 34 60L-34 60C-38 22 -75 0 -75 -40Z", glow),
        path("M-22 60L-14 -20L0 0L14 -20L22 60", stroke=p.WHITE, stroke_width=7),
        rect(-34, 64, 68, 16, p.ECUME, 8),
        rect(-28, 84, 56, 16, p.ECUME_SUN, 8),
    )


def key_round(colour: str = p.MOUTARDE) -> str:
    return group(
        circle(-60, 0, 44, colour), circle(-72, 0, 14, p.WHITE), rect(-22, -11, 140, 22, colour, 6),
        rect(70, 6, 16, 34, colour, 4), rect(98, 6, 16, 26, colour, 4),
    )  # fmt: skip


def leaf(colour: str = p.EMERAUDE, vein: str = p.EMERAUDE_950) -> str:
    return group(
        path("M0 0C-70 -40 -80 -140 0 -210C80 -140 70 -40 0 0Z", colour),
        line([(0, 40), (0, -150)], vein, 5),
        *[line([(0, -40 - i * 36), (30, -68 - i * 36)], vein, 4) for i in range(3)],
        *[line([(0, -40 - i * 36), (-30, -68 - i * 36)], vein, 4) for i in range(3)],
    )


def puzzle(colour: str) -> str:
    """A 120 x 120 piece with a knob to the right and one on top."""
    return path(
        "M-60 -60L-18 -60A22 22 0 1 1 18 -60L60 -60L60 -18A22 22 0 1 1 60 18L60 60L-60 60L-60 18A22 22 0 1 0 -60 -18Z",
        colour,
    )


def network(nodes: list[tuple[float, float, float, str]], links: list[tuple[int, int]], stroke: str = p.ECUME) -> str:
    """A graph: ``nodes`` are (x, y, radius, colour)."""
    return group(
        *[line([nodes[a][:2], nodes[b][:2]], stroke, 5, opacity=0.6) for a, b in links],
        *[circle(x, y, r + 8, p.WHITE) + circle(x, y, r, colour) for x, y, r, colour in nodes],
    )


def dotted(points: list[Point], stroke: str = p.BLUE_FRANCE, width: float = 6) -> str:
    return line(points, stroke, width, stroke_dasharray="1 18")


def camera() -> str:
    """A video play button in its frame, 300 x 190 around the origin."""
    return group(
        rect(-150, -95, 300, 190, p.ECUME_SUN, 16),
        circle(0, 0, 48, p.WHITE),
        polygon([(-16, -26), (30, 0), (-16, 26)], p.RED_MARIANNE),
        rect(-120, 68, 240, 8, p.ECUME, 4),
        rect(-120, 68, 90, 8, p.RED_MARIANNE_625, 4),
    )


def microphone() -> str:
    return group(
        rect(-34, -150, 68, 130, p.ECUME_SUN, 34),
        *[line([(-20, -120 + i * 26), (20, -120 + i * 26)], p.ECUME_850, 6) for i in range(3)],
        path("M-62 -70A62 62 0 0 0 62 -70", stroke=p.ECUME, stroke_width=12, stroke_linecap="round"),
        rect(-6, -10, 12, 60, p.ECUME),
        rect(-56, 44, 112, 14, p.ECUME, 7),
    )


def coin(colour: str = p.MOUTARDE_850, edge: str = p.MOUTARDE) -> str:
    return group(
        circle(0, 0, 46, edge),
        circle(0, -4, 42, colour),
        path("M14 -22A22 22 0 1 0 14 16M-30 -10L0 -10M-30 4L-4 4", stroke=edge, stroke_width=7, stroke_linecap="round"),
    )


def crane_box(colour: str = p.CARAMEL_850, dark: str = p.CARAMEL) -> str:
    """A cardboard box with refurbished hardware, 260 x 190, standing on y = 0."""
    return group(
        rect(-104, -236, 150, 110, p.ECUME_SUN, 8),
        rect(-94, -226, 130, 90, p.ARCHIPEL_850, 4),
        rect(56, -216, 54, 100, p.GREY_200, 8),
        rect(62, -206, 42, 76, p.CUMULUS_850, 3),
        rect(-130, -150, 260, 150, colour),
        polygon([(-130, -150), (-170, -120), (-150, -104), (-130, -120)], dark),
        polygon([(130, -150), (170, -120), (150, -104), (130, -120)], dark),
        rect(-130, -150, 260, 14, dark),
        path("M-36 -62A38 38 0 0 1 30 -84", stroke=p.EMERAUDE_SUN, stroke_width=11, stroke_linecap="round"),
        path("M36 -62A38 38 0 0 1 -30 -40", stroke=p.EMERAUDE_SUN, stroke_width=11, stroke_linecap="round"),
        polygon([(46, -98), (44, -66), (16, -74)], p.EMERAUDE_SUN),
        polygon([(-46, -26), (-44, -58), (-16, -50)], p.EMERAUDE_SUN),
    )  # fmt: skip
