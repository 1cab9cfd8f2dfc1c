"""Scenes of places: the landscapes of the territories, and digital places in them."""

from __future__ import annotations

from . import palette as p
from .landscape import (
    bird,
    cloud,
    cypress,
    fir,
    ground_shadow,
    house,
    lavender_rows,
    lighthouse,
    maritime_pine,
    mountain,
    palm,
    round_tree,
    sun,
    town_hall,
    village,
    vine_rows,
    waves,
    wind_turbine,
)
from .objects import bus, dotted, map_pin
from .scenes import scene
from .shapes import at, backdrop, circle, ellipse, hill, line, path, polygon, rect


@scene(
    "landes-dunes-pins",
    "Dunes et pins des Landes",
    "Des dunes claires et des pins maritimes devant l’océan, sous un grand soleil.",
    territory="departement-40",
    focus=(560, 120, 560, 420),
)
def landes() -> str:
    return (
        backdrop(p.ARCHIPEL_950)
        + sun(300, 190, 64)
        + cloud(620, 130, 0.9)
        + cloud(900, 90, 0.6)
        + rect(0, 330, 1200, 200, p.ARCHIPEL_850)
        + rect(0, 330, 1200, 60, p.ARCHIPEL, opacity=0.25)
        + waves(350, p.WHITE, "landes")
        + hill("landes-far", 455, 26, p.CREME_925)
        + hill("landes-mid", 520, 40, p.TOURNESOL_925)
        + "".join(
            maritime_pine(x, y, s)
            for x, y, s in ((720, 520, 1.25), (840, 545, 1.6), (985, 540, 1.3), (1090, 570, 1.75))
        )
        + hill("landes-near", 590, 34, p.CREME)
        + "".join(
            line([(x, y), (x + d, y - 42)], p.BOURGEON, 5)
            for x, y in ((120, 600), (200, 620), (420, 610), (560, 630))
            for d in (-14, -2, 12)
        )
        + bird(420, 220)
        + bird(470, 245, 0.7)
    )


@scene(
    "maine-et-loire-fleuve",
    "La Loire en Anjou",
    "Un fleuve large et calme entre des vignes et un village aux toits d’ardoise.",
    territory="departement-49",
)
def loire() -> str:
    return (
        backdrop(p.CUMULUS_950)
        + sun(930, 150, 52, p.TOURNESOL_850)
        + cloud(260, 120, 1)
        + cloud(640, 170, 0.7)
        + hill("loire-far", 320, 26, p.BOURGEON_950)
        + hill("loire-mid", 365, 22, p.EMERAUDE_850)
        + at(
            330,
            372,
            house(-130, 4, 0.85, p.CREME_925, p.ECUME),
            rect(-22, -150, 44, 150, p.GALET_925),
            polygon([(-28, -150), (0, -216), (28, -150)], p.ECUME_SUN),
            house(-48, 10, 0.8, p.WHITE, p.ECUME),
            house(64, 10, 0.9, p.CREME_925, p.ECUME_SUN),
            house(150, 12, 0.7, p.WHITE, p.ECUME),
        )
        + "".join(round_tree(x, 384, 0.8, p.EMERAUDE_SUN, p.EMERAUDE) for x in (560, 640, 1010, 1090))
        + path("M-20 400C260 380 420 440 640 430C860 420 980 470 1220 440L1220 560C900 590 760 520 540 560"
               "C340 596 160 540 -20 590Z", p.CUMULUS_850)
        + path("M-20 470C260 450 420 500 640 490C860 480 980 520 1220 500L1220 560C900 590 760 520 540 560"
               "C340 596 160 540 -20 590Z", p.CUMULUS, opacity=0.35)
        + ellipse(560, 478, 120, 13, p.CREME_925)
        + path("M760 500L880 500L862 524L778 524Z", p.CARAMEL_SUN)
        + path("M816 496L816 398L870 480Z", p.WHITE)
        + hill("loire-near", 612, 22, p.BOURGEON)
        + vine_rows(560, 596, 9, p.EMERAUDE_SUN)
    )  # fmt: skip


@scene(
    "haute-savoie-lac",
    "Un lac et les Alpes",
    "Un lac bleu au pied de montagnes enneigées, avec des sapins et un voilier.",
    territory="departement-74",
)
def alps() -> str:
    return (
        backdrop(p.ECUME_950)
        + sun(210, 140, 50, p.MOUTARDE_925, p.WHITE)
        + mountain(250, 400, 620, 270, p.ECUME_850, "#a9b8ee")
        + mountain(930, 400, 640, 290, p.ECUME_850, "#a9b8ee")
        + mountain(600, 400, 760, 340, p.CUMULUS, p.CUMULUS_SUN)
        + cloud(880, 170, 0.7)
        + hill("alps-forest", 390, 16, p.MENTHE_SUN, to=430)
        + rect(0, 412, 1200, 190, p.ARCHIPEL_850)
        + polygon([(330, 412), (600, 540), (880, 412)], p.CUMULUS, opacity=0.22)
        + waves(440, p.WHITE, "alps", 18)
        + path("M640 486L760 486L740 512L660 512Z", p.WHITE)
        + path("M696 480L696 368L756 466Z", p.RED_MARIANNE_625)
        + path("M688 480L688 386L646 466Z", p.WHITE)
        + hill("alps-near", 606, 24, p.EMERAUDE)
        + "".join(fir(x, y, s) for x, y, s in ((80, 610, 1.3), (180, 630, 1.6), (290, 624, 1.1), (1010, 622, 1.2),
                                              (1110, 640, 1.7)))
    )  # fmt: skip


@scene(
    "vaucluse-luberon",
    "Le Luberon en fleurs",
    "Des rangs de lavande, des cyprès et un village perché devant la montagne du Luberon.",
    territory="departement-84",
)
def luberon() -> str:
    return (
        backdrop(p.TOURNESOL_950)
        + sun(880, 170, 62, p.MOUTARDE_850, p.MOUTARDE_925)
        + hill("luberon-far", 320, 46, p.GLYCINE_925, 5)
        + hill("luberon-mid", 372, 26, p.ECUME_850, 5)
        + path("M120 430C220 300 420 290 540 430Z", p.BOURGEON_425, opacity=0.75)
        + village(330, 342, 0.85)
        + hill("luberon-field", 422, 8, p.BOURGEON_850)
        + lavender_rows(424)
        + "".join(cypress(x, y, s) for x, y, s in ((770, 440, 0.9), (822, 446, 1.1), (880, 440, 0.8)))
        + house(970, 446, 1.0, p.CREME_925, p.BATTUE, p.CUMULUS)
        + round_tree(1080, 448, 0.9, p.BOURGEON_425, p.BOURGEON)
    )


@scene(
    "vendee-littoral",
    "Le littoral vendéen",
    "Un phare rayé de rouge et de blanc éclaire la côte ; des éoliennes tournent au loin.",
    territory="departement-85",
    focus=(160, 120, 620, 430),
)
def vendee() -> str:
    return (
        backdrop(p.ECUME_925)
        + circle(880, 170, 62, p.WHITE, opacity=0.8)
        + cloud(640, 110, 0.8)
        + cloud(1040, 220, 0.7)
        + rect(0, 380, 1200, 300, p.CUMULUS)
        + rect(0, 380, 1200, 70, p.CUMULUS_850, opacity=0.5)
        + "".join(wind_turbine(x, 384, 0.62, t) for x, t in ((720, 10), (840, 40), (960, 80), (1080, 20)))
        + waves(420, p.WHITE, "vendee", 20)
        + path("M-20 690L-20 450C120 420 300 440 420 500C520 550 620 590 700 690Z", p.MENTHE_SUN)
        + path("M-20 690L-20 470C120 440 300 460 400 520C480 570 560 610 620 690Z", p.EMERAUDE)
        + lighthouse(280, 470, 1.35)
        + house(130, 470, 0.9, p.WHITE, p.BATTUE, p.CUMULUS)
        + bird(560, 260)
        + bird(620, 290, 0.7)
    )


@scene(
    "lot-et-garonne-vergers",
    "Les vergers du Lot-et-Garonne",
    "Des vergers en rangs, des collines douces et une ferme au toit de tuiles.",
    territory="departement-47",
)
def orchards() -> str:
    return (
        backdrop(p.MACARON_950)
        + sun(250, 170, 56, p.BATTUE, p.BATTUE_925)
        + cloud(760, 130, 0.9)
        + hill("lot-far", 330, 34, p.TUILE_925)
        + hill("lot-mid", 386, 30, p.BOURGEON_850)
        + house(820, 400, 1.25, p.CREME_925, p.BATTUE, p.MENTHE)
        + rect(884, 330, 120, 72, p.CARAMEL_925)
        + polygon([(874, 330), (944, 292), (1014, 330)], p.TUILE)
        + hill("lot-near", 470, 22, p.BOURGEON)
        + "".join(
            round_tree(110 + column * 168 + row * 46, 500 + row * 76, 0.72 + row * 0.22, p.BOURGEON_425, p.BOURGEON_850)
            + "".join(
                circle(110 + column * 168 + row * 46 + dx, (500 + row * 76) - (92 + dy) * (0.72 + row * 0.22),
                       7 + row, p.GLYCINE)
                for dx, dy in ((-18, 6), (14, -12), (6, 22))
            )
            for row in range(3)
            for column in range(7)
        )
    )  # fmt: skip


@scene(
    "ocean-indien",
    "Une île de l’océan Indien",
    "Une île volcanique verte, des palmiers et une mer turquoise.",
)
def island() -> str:
    return (
        backdrop(p.MENTHE_950)
        + sun(900, 160, 58)
        + cloud(300, 130, 0.9)
        + path("M180 420C320 400 400 190 520 176C560 172 580 196 610 194C760 200 820 400 1020 420Z", p.MENTHE_SUN)
        + path("M610 194C760 200 820 400 1020 420L640 420Z", p.EMERAUDE_SUN, opacity=0.6)
        + path("M520 176C560 172 580 196 610 194C600 210 534 212 520 176Z", p.BATTUE)
        + hill("island-low", 408, 10, p.EMERAUDE, to=440)
        + rect(0, 424, 1200, 260, p.ARCHIPEL_850)
        + rect(0, 424, 1200, 50, p.ARCHIPEL, opacity=0.35)
        + waves(450, p.WHITE, "island", 20)
        + path("M-20 690L-20 590C160 540 360 570 520 640L560 690Z", p.TOURNESOL_925)
        + palm(150, 600, 1.45)
        + palm(300, 640, 1.05)
        + path("M820 520L960 520L936 550L844 550Z", p.RED_MARIANNE_625)
        + path("M886 514L886 410L948 500Z", p.WHITE)
    )


@scene(
    "bretagne-granit",
    "Un port de Bretagne",
    "Des maisons de granit au bord d’un port où sont amarrés des bateaux.",
)
def harbour() -> str:
    return (
        backdrop(p.ECUME_925)
        + cloud(220, 120, 1)
        + cloud(820, 100, 0.8)
        + hill("harbour-far", 360, 20, p.MENTHE_850)
        + "".join(
            house(150 + i * 132, 420, 1.2, wall, p.ECUME_SUN, door)
            for i, (wall, door) in enumerate(
                [(p.WHITE, p.CUMULUS), (p.GALET_925, p.MENTHE), (p.CREME_925, p.RED_MARIANNE), (p.WHITE, p.BLUE_FRANCE),
                 (p.GALET_925, p.TUILE), (p.WHITE, p.ARCHIPEL), (p.CREME_925, p.GLYCINE)]
            )
        )
        + rect(0, 418, 1200, 34, p.GALET)
        + rect(0, 418, 1200, 8, p.WHITE, opacity=0.5)
        + rect(0, 452, 1200, 230, p.CUMULUS_SUN)
        + waves(480, p.CUMULUS_850, "harbour", 22)
        + "".join(
            path(f"M{x - 90} 530L{x + 90} 530L{x + 62} 572L{x - 66} 572Z", colour)
            + rect(x - 4, 380, 7, 150, p.CARAMEL_SUN)
            + path(f"M{x + 6} 392L{x + 6} 512L{x + 78} 512Z", p.WHITE)
            for x, colour in ((300, p.RED_MARIANNE_625), (620, p.MOUTARDE_850), (930, p.ARCHIPEL_850))
        )
    )  # fmt: skip


@scene(
    "bus-numerique",
    "Le bus numérique",
    "Un bus numérique bleu arrive sur la place d’un village entouré de collines.",
)
def digital_bus() -> str:
    return (
        backdrop(p.BLUE_FRANCE_950)
        + sun(960, 150, 52)
        + cloud(260, 130, 0.9)
        + cloud(700, 100, 0.6)
        + hill("bus-far", 370, 40, p.ECUME_850)
        + hill("bus-mid", 420, 26, p.EMERAUDE_850)
        + village(230, 440, 1.05)
        + "".join(round_tree(x, 452, s) for x, s in ((930, 0.9), (1010, 1.1), (1100, 0.85)))
        + rect(0, 500, 1200, 180, p.GALET_925)
        + rect(0, 500, 1200, 10, p.GALET)
        + line([(0, 620), (1200, 620)], p.WHITE, 8, stroke_dasharray="60 50")
        + at(640, 580, bus(), scale=1.12)
    )


@scene(
    "mairie-numerique",
    "Un point d’accès en mairie",
    "Une mairie et son drapeau ; un repère rouge signale un lieu d’accueil numérique.",
)
def hall() -> str:
    return (
        backdrop(p.CUMULUS_950)
        + cloud(230, 150, 1)
        + cloud(960, 120, 0.8)
        + hill("hall-far", 430, 26, p.BOURGEON_850)
        + hill("hall-near", 512, 8, p.GALET_925)
        + ground_shadow(600, 528, 280)
        + town_hall(600, 524, 1.45)
        + round_tree(250, 530, 1.3)
        + round_tree(960, 530, 1.3)
        + round_tree(1050, 540, 1.0, p.EMERAUDE, p.EMERAUDE_850)
        + at(868, 400, map_pin(), scale=1.15)
        + path("M360 690L520 530L680 530L840 690Z", p.WHITE, opacity=0.7)
    )


@scene(
    "carte-territoires",
    "La carte des territoires",
    "Une carte pliée où des repères de couleur sont reliés par des pointillés.",
)
def folded_map() -> str:
    panels = [
        [(190, 190), (400, 130), (400, 500), (190, 560)],
        [(400, 130), (610, 190), (610, 560), (400, 500)],
        [(610, 190), (820, 130), (820, 500), (610, 560)],
        [(820, 130), (1030, 190), (1030, 560), (820, 500)],
    ]
    return (
        backdrop(p.BLUE_FRANCE_950)
        + ellipse(610, 590, 470, 26, p.BLUE_FRANCE, opacity=0.08)
        + "".join(polygon(points, (p.WHITE, p.ECUME_950)[i % 2]) for i, points in enumerate(panels))
        + path("M190 330C260 300 330 380 400 340L400 500L190 560Z", p.EMERAUDE_925)
        + path("M400 340C470 320 540 400 610 380L610 560L400 500Z", p.EMERAUDE_850)
        + path("M610 380C690 340 760 360 820 300L820 500L610 560Z", p.EMERAUDE_925)
        + path("M820 300C900 330 960 300 1030 340L1030 560L820 500Z", p.EMERAUDE_850)
        + path("M190 420C330 380 420 450 610 440C760 430 880 400 1030 440", stroke=p.CUMULUS, stroke_width=16)
        + dotted([(300, 300), (470, 250), (640, 330), (760, 230), (930, 310)])
        + at(300, 300, map_pin(p.CUMULUS))
        + at(640, 330, map_pin(p.RED_MARIANNE), scale=1.35)
        + at(930, 310, map_pin(p.MENTHE))
        + circle(470, 250, 14, p.BLUE_FRANCE)
        + circle(760, 230, 14, p.BLUE_FRANCE)
    )


@scene(
    "tiers-lieu",
    "Un tiers-lieu la nuit",
    "Un tiers-lieu éclairé, avec de grandes fenêtres et une guirlande, sous un ciel de nuit.",
)
def third_place() -> str:
    stars = "".join(circle(60 + (i * 211) % 1140, 30 + (i * 97) % 230, 2 + i % 3, p.WHITE) for i in range(26))
    windows = "".join(rect(300 + i * 122, 330, 96, 130, p.TOURNESOL_925, 6) for i in range(3))
    return (
        backdrop(p.ECUME_SUN)
        + stars
        + circle(960, 130, 54, p.TOURNESOL_925)
        + circle(938, 118, 48, p.ECUME_SUN)
        + hill("night-far", 430, 30, "#26366a")
        + rect(250, 250, 560, 290, p.GALET_925)
        + polygon([(220, 256), (300, 168), (760, 168), (840, 256)], p.TUILE_SUN)
        + windows
        + rect(676, 350, 100, 190, p.MENTHE, 6)
        + circle(758, 450, 6, p.WHITE)
        + rect(350, 200, 340, 56, p.BLUE_FRANCE, 8)
        + rect(384, 222, 272, 12, p.WHITE, 6)
        + "".join(
            rect(322 + i * 122, 424, 52, 36, p.ECUME_SUN, 4) + rect(310 + i * 122, 456, 76, 8, p.CARAMEL, 4)
            for i in range(3)
        )
        + path("M250 300C120 340 110 300 20 330", stroke=p.CARAMEL_850, stroke_width=4)
        + path("M810 300C940 350 1010 300 1180 340", stroke=p.CARAMEL_850, stroke_width=4)
        + "".join(circle(x, y, 10, p.MOUTARDE_850) for x, y in ((70, 326), (140, 330), (210, 318), (860, 322),
                                                               (940, 336), (1020, 332), (1110, 330)))
        + rect(0, 538, 1200, 140, "#1d2a57")
        + polygon([(300, 540), (780, 540), (900, 690), (180, 690)], p.TOURNESOL_925, opacity=0.14)
        + round_tree(130, 545, 1.2, p.MENTHE_SUN, p.MENTHE)
        + round_tree(1010, 545, 1.35, p.MENTHE_SUN, p.MENTHE)
    )  # fmt: skip


@scene(
    "montagne-connectee",
    "Un massif connecté",
    "Des montagnes et une antenne relais dont les ondes atteignent un chalet.",
)
def antenna() -> str:
    return (
        backdrop(p.MENTHE_950)
        + mountain(280, 470, 700, 330, p.MENTHE_850, "#72c9bd")
        + mountain(880, 470, 700, 290, p.MENTHE_850, "#72c9bd")
        + hill("antenna-mid", 450, 30, p.MENTHE)
        + "".join(fir(x, 486, s) for x, s in ((120, 0.9), (190, 1.1), (700, 0.9), (1080, 1.2), (1150, 0.9)))
        + hill("antenna-near", 540, 22, p.EMERAUDE)
        + line([(430, 540), (470, 190), (510, 540)], p.ECUME_SUN, 10)
        + line([(441, 440), (500, 440), (447, 380), (490, 380), (454, 320), (484, 320)], p.ECUME_SUN, 6)
        + circle(470, 180, 16, p.RED_MARIANNE)
        + "".join(
            path(f"M{470 - r * 0.8} {180 - r * 0.6}A{r} {r} 0 0 0 {470 - r * 0.8} {180 + r * 0.6}"
                 f"M{470 + r * 0.8} {180 - r * 0.6}A{r} {r} 0 0 1 {470 + r * 0.8} {180 + r * 0.6}",
                 stroke=p.RED_MARIANNE_625, stroke_width=9, stroke_linecap="round")
            for r in (46, 82, 118)
        )
        + house(830, 560, 1.6, p.CARAMEL_850, p.CARAMEL_SUN, p.MENTHE_SUN)
        + dotted([(600, 240), (690, 320), (760, 400)], p.RED_MARIANNE)
    )  # fmt: skip
