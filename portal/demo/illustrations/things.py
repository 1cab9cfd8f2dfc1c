"""Scenes of things: tools, meetings, documents, ideas of digital inclusion."""

from __future__ import annotations

from . import palette as p
from .landscape import ground_shadow, round_tree
from .objects import (
    badge,
    book,
    bubble,
    bulb,
    calendar,
    camera,
    coin,
    crane_box,
    dotted,
    gear,
    hair,
    key_round,
    laptop,
    leaf,
    lines_of_text,
    map_pin,
    microphone,
    monitor,
    network,
    open_book,
    person,
    phone,
    puzzle,
    sheet,
    shield,
)
from .scenes import scene
from .shapes import at, backdrop, blob, circle, ellipse, group, hill, line, path, polygon, rect


def room(back: str, shape: str, floor: str, seed: str) -> str:
    """The quiet ground most things stand on: a colour, a soft shape, a floor."""
    return backdrop(back) + blob(seed, 600, 300, 300, shape) + hill(seed, 590, 10, floor, 4)


def plant(x: float, y: float, scale: float = 1, pot: str = p.TUILE, green: str = p.EMERAUDE) -> str:
    return at(
        x,
        y,
        at(0, -60, leaf(green), scale=0.62),
        at(0, -60, leaf(p.MENTHE), scale=0.5, rotate=-38),
        at(0, -60, leaf(p.MENTHE), scale=0.5, rotate=38),
        path("M-44 -70L44 -70L32 0L-32 0Z", pot),
        rect(-50, -82, 100, 18, pot, 5),
        scale=scale,
    )


def figures(y: float, people: list[tuple[float, float, str, str, int, str]]) -> str:
    """People without faces: (x, scale, clothes, skin, style of hair, colour of hair)."""
    return "".join(
        at(x, y, person(clothes, skin), hair(style, hair_colour), scale=scale)
        for x, scale, clothes, skin, style, hair_colour in people
    )


@scene(
    "ordinateur-accompagnement",
    "Accompagner pas à pas",
    "Un ordinateur portable affiche une démarche en ligne en trois étapes validées.",
)
def guided_form() -> str:
    screen = (
        rect(0, 0, 404, 44, p.BLUE_FRANCE)
        + rect(18, 16, 110, 12, p.WHITE, 6)
        + "".join(
            rect(24, 66 + i * 58, 356, 44, p.WHITE, 8)
            + circle(52, 88 + i * 58, 14, p.EMERAUDE if i < 2 else p.BLUE_FRANCE_850)
            + rect(82, 82 + i * 58, 190 - i * 30, 12, p.ECUME_850, 6)
            for i in range(3)
        )
    )
    return (
        room(p.CUMULUS_950, p.CUMULUS_925, p.CUMULUS_850, "guided")
        + ground_shadow(600, 566, 330)
        + at(600, 560, laptop(screen), scale=1.2)
        + plant(215, 580, 1.05)
        + at(920, 200, bubble(p.WHITE), scale=1)
        + at(300, 190, badge(0, 0, 44))
    )


@scene(
    "telephone-demarches",
    "Les démarches sur téléphone",
    "Un téléphone affiche les étapes d’une démarche ; deux bulles de dialogue et une coche l’entourent.",
)
def phone_steps() -> str:
    screen = (
        rect(0, 0, 126, 34, p.BLUE_FRANCE)
        + "".join(rect(12, 48 + i * 44, 102, 32, p.ECUME_950, 6) for i in range(3))
        + "".join(rect(22, 60 + i * 44, 60 - i * 12, 8, p.ECUME, 4) for i in range(3))
        + rect(12, 190, 102, 32, p.RED_MARIANNE, 6)
    )
    return (
        room(p.MACARON_950, p.MACARON_925, p.MACARON_850, "phone")
        + ground_shadow(600, 590, 170)
        + at(600, 340, phone(screen), scale=1.65, rotate=-6)
        + at(300, 240, bubble(p.WHITE, 230, 130, p.MACARON))
        + at(900, 390, bubble(p.BLUE_FRANCE, 230, 130, p.WHITE), flip=True)
        + at(880, 180, badge(0, 0, 42))
        + at(330, 470, gear(p.MOUTARDE, p.MACARON_950, 48))
    )


@scene(
    "reseau-acteurs",
    "Un réseau d’acteurs",
    "Des points de couleur reliés entre eux forment un réseau autour d’un point central.",
)
def actors() -> str:
    nodes = [
        (600.0, 330.0, 62.0, p.BLUE_FRANCE),
        (360.0, 220.0, 40.0, p.CUMULUS),
        (300.0, 440.0, 46.0, p.MENTHE),
        (520.0, 540.0, 34.0, p.MOUTARDE),
        (790.0, 520.0, 46.0, p.GLYCINE),
        (900.0, 300.0, 44.0, p.RED_MARIANNE),
        (720.0, 130.0, 36.0, p.EMERAUDE),
        (480.0, 110.0, 26.0, p.ECUME),
        (1050.0, 430.0, 26.0, p.ARCHIPEL),
        (160.0, 320.0, 26.0, p.TUILE),
        (1040.0, 160.0, 22.0, p.BOURGEON),
        (160.0, 140.0, 18.0, p.GLYCINE),
    ]
    links = [(0, i) for i in range(1, 7)] + [(1, 7), (7, 6), (5, 8), (4, 8), (2, 9), (1, 9), (5, 10), (6, 10), (9, 11)]
    links += [(2, 3), (3, 4)]
    icons = (
        at(600, 352, person(p.WHITE, p.BLUE_FRANCE_850), scale=0.36)
        + at(300, 458, person(p.WHITE, p.MENTHE_850), scale=0.26)
        + at(790, 538, person(p.WHITE, p.GLYCINE_850), scale=0.26)
        + at(900, 318, person(p.WHITE, p.RED_MARIANNE_850), scale=0.25)
        + at(360, 236, person(p.WHITE, p.CUMULUS_850), scale=0.23)
    )
    return (
        backdrop(p.BLUE_FRANCE_975)
        + blob("actors", 600, 335, 280, p.BLUE_FRANCE_925)
        + network(nodes, links, p.BLUE_FRANCE_525)
        + icons
    )


@scene(
    "concertation-table",
    "Une concertation",
    "Autour d’une table, quatre personnes échangent ; des bulles se répondent.",
)
def consultation() -> str:
    return (
        room(p.MENTHE_950, p.MENTHE_925, p.MENTHE_850, "table")
        + figures(
            500,
            [
                (250, 1.25, p.BLUE_FRANCE, p.CARAMEL_850, 0, p.CARAMEL_SUN),
                (480, 1.25, p.MOUTARDE, p.CARAMEL, 1, p.GREY_200),
                (720, 1.25, p.TUILE, p.CARAMEL_925, 2, p.GALET),
                (950, 1.25, p.MENTHE_SUN, p.CARAMEL_SUN, 0, p.GREY_200),
            ],
        )
        + rect(120, 490, 960, 34, p.CARAMEL_850, 14)
        + rect(120, 510, 960, 14, p.CARAMEL, 7)
        + polygon([(190, 524), (230, 524), (210, 680), (180, 680)], p.CARAMEL)
        + polygon([(970, 524), (1010, 524), (1020, 680), (990, 680)], p.CARAMEL)
        + "".join(
            polygon([(x, 470), (x + 90, 470), (x + 104, 490), (x - 14, 490)], colour)
            for x, colour in ((330, p.WHITE), (560, p.TOURNESOL_925), (800, p.WHITE))
        )
        + at(370, 170, bubble(p.WHITE, 200, 110, p.MENTHE))
        + at(820, 150, bubble(p.BLUE_FRANCE, 200, 110, p.WHITE), flip=True)
    )


@scene(
    "webinaire-ecran",
    "Un webinaire",
    "Un écran montre quatre participants à un webinaire et un micro posé à côté.",
)
def webinar() -> str:
    tiles = "".join(
        rect(14 + (i % 2) * 232, 14 + (i // 2) * 130, 220, 122, colour, 8)
        + at(124 + (i % 2) * 232, 136 + (i // 2) * 130, person(clothes, skin), hair(i, dark), scale=0.55)
        for i, (colour, clothes, skin, dark) in enumerate(
            [
                (p.CUMULUS_925, p.BLUE_FRANCE, p.CARAMEL_850, p.CARAMEL_SUN),
                (p.MENTHE_925, p.MENTHE, p.CARAMEL, p.GREY_200),
                (p.TOURNESOL_925, p.TUILE, p.CARAMEL_925, p.GALET),
                (p.GLYCINE_925, p.GLYCINE, p.CARAMEL_SUN, p.GREY_200),
            ]
        )
    )
    return (
        room(p.ECUME_950, p.ECUME_925, p.ECUME_850, "webinar")
        + ground_shadow(580, 584, 280)
        + at(560, 580, monitor(tiles), scale=1.2)
        + at(990, 560, microphone(), scale=1.3)
        + at(190, 420, bubble(p.WHITE, 190, 110, p.RED_MARIANNE))
    )


@scene(
    "calendrier-rendez-vous",
    "Les rendez-vous du réseau",
    "Un grand calendrier où plusieurs dates sont marquées en rouge, avec une horloge.",
)
def diary() -> str:
    return (
        room(p.RED_MARIANNE_950, p.TUILE_925, p.TUILE_850, "diary")
        + ground_shadow(560, 586, 240)
        + at(560, 370, calendar(), scale=1.12)
        + circle(850, 440, 104, p.ECUME_SUN)
        + circle(850, 440, 86, p.WHITE)
        + line([(850, 388), (850, 440), (890, 462)], p.BLUE_FRANCE, 10)
        + circle(850, 440, 9, p.RED_MARIANNE)
        + plant(240, 590, 1.1, p.BLUE_FRANCE)
    )


@scene(
    "lettre-information",
    "La lettre d’information",
    "Une enveloppe ouverte laisse sortir une lettre ; des messages partent vers plusieurs repères.",
)
def letter() -> str:
    return (
        backdrop(p.CUMULUS_925)
        + blob("letter", 600, 340, 290, p.CUMULUS_850)
        + dotted([(790, 300), (880, 200), (1010, 190)], p.BLUE_FRANCE)
        + dotted([(790, 380), (930, 400), (1040, 450)], p.BLUE_FRANCE)
        + dotted([(410, 320), (300, 230), (190, 220)], p.BLUE_FRANCE)
        + at(1030, 190, map_pin(p.RED_MARIANNE))
        + at(1060, 470, map_pin(p.MENTHE))
        + at(170, 220, map_pin(p.MOUTARDE))
        + at(600, 280, sheet(p.RED_MARIANNE, 5, 300, 300))
        + group(
            rect(400, 300, 400, 250, p.WHITE, 14),
            path("M400 310L600 450L800 310L800 536Q800 550 786 550L414 550Q400 550 400 536Z", p.ECUME_SUN),
            polygon([(408, 548), (570, 428), (630, 428), (792, 548)], p.ECUME),
        )
        + ellipse(600, 590, 260, 14, p.BLUE_FRANCE, opacity=0.1)
    )


@scene(
    "bibliotheque-ressources",
    "Une bibliothèque de ressources",
    "Une étagère porte des livres de toutes les couleurs et une plante verte.",
)
def library() -> str:
    covers = [
        (p.BLUE_FRANCE, 66, 250), (p.RED_MARIANNE_625, 50, 220), (p.MENTHE, 74, 262), (p.TOURNESOL_850, 46, 200),
        (p.ECUME, 60, 240), (p.GLYCINE, 54, 214), (p.TUILE, 70, 256), (p.CUMULUS, 48, 226), (p.EMERAUDE, 62, 244),
    ]  # fmt: skip
    shelf, x = "", 190.0
    for cover, w, h in covers[:7]:
        shelf += at(x + w / 2, 330, book(cover, w, h * 0.86))
        x += w + 8
    second, x = "", 470.0
    for cover, w, h in covers[::-1][:7]:
        second += at(x + w / 2, 600, book(cover, w, h * 0.84))
        x += w + 8
    return (
        backdrop(p.CREME_925)
        + blob("library", 600, 320, 300, p.CARAMEL_925)
        + shelf
        + at(720, 330, book(p.BOURGEON, 56, 226), rotate=11)
        + plant(930, 330, 1.05, p.BLUE_FRANCE)
        + rect(120, 330, 960, 24, p.CARAMEL, 6)
        + second
        + at(300, 600, open_book(), scale=0.62)
        + rect(120, 600, 960, 24, p.CARAMEL, 6)
    )


@scene(
    "fiche-methode",
    "Une fiche méthodologique",
    "Des fiches superposées, une ampoule et une liste dont les étapes sont cochées.",
)
def method() -> str:
    return (
        room(p.TOURNESOL_950, p.MOUTARDE_925, p.MOUTARDE_850, "method")
        + at(470, 370, sheet(p.TUILE, 6), rotate=-9, scale=1.3)
        + at(640, 360, sheet(p.BLUE_FRANCE, 0), scale=1.45)
        + "".join(
            badge(560, 300 + i * 76, 26, p.EMERAUDE if i < 3 else p.GREY_850)
            + rect(602, 292 + i * 76, (150, 110, 136)[i], 14, p.ECUME_850, 7)
            for i in range(3)
        )
        + at(950, 320, bulb(), scale=1.15)
        + "".join(
            line([(950 + dx * 0.75, 270 + dy * 0.75), (950 + dx, 270 + dy)], p.MOUTARDE, 9)
            for dx, dy in ((-150, -40), (-105, -130), (0, -170), (105, -130), (150, -40))
        )
    )


@scene(
    "feuille-de-route",
    "Une feuille de route",
    "Un chemin sinueux mène à un drapeau en passant par quatre étapes numérotées par leur couleur.",
)
def roadmap() -> str:
    road = "M60 640C300 620 420 560 380 480C340 400 620 400 680 340C740 280 620 240 760 190C840 160 900 160 960 150"
    return (
        backdrop(p.EMERAUDE_950)
        + hill("roadmap-far", 220, 40, p.EMERAUDE_925)
        + hill("roadmap-mid", 330, 36, p.EMERAUDE_850)
        + hill("roadmap-near", 500, 34, "#7bd8a0")
        + path(road, stroke=p.ECUME_SUN, stroke_width=54, stroke_linecap="round")
        + path(road, stroke=p.WHITE, stroke_width=5, stroke_dasharray="22 24")
        + rect(956, 30, 10, 130, p.CARAMEL_SUN, 4)
        + path("M966 34C1010 14 1040 60 1090 36L1090 104C1040 128 1010 82 966 104Z", p.RED_MARIANNE)
        + at(250, 600, map_pin(p.CUMULUS), scale=1.05)
        + at(384, 480, map_pin(p.MOUTARDE), scale=1.05)
        + at(640, 366, map_pin(p.GLYCINE), scale=1.05)
        + at(722, 214, map_pin(p.BLUE_FRANCE), scale=0.95)
        + "".join(round_tree(x, y, s, p.EMERAUDE_SUN, p.EMERAUDE)
                  for x, y, s in ((150, 470, 1), (900, 420, 1.2), (1010, 470, 1.5), (560, 610, 1.1), (860, 640, 1.5),
                                  (470, 300, 0.7)))
    )  # fmt: skip


@scene(
    "securite-cyber",
    "La sécurité numérique",
    "Un bouclier marqué d’un cadenas protège un ordinateur et une clé.",
)
def security() -> str:
    return (
        room(p.BLUE_FRANCE_950, p.BLUE_FRANCE_925, p.BLUE_FRANCE_850, "security")
        + at(420, 570, laptop(lines_of_text(30, 40, [240, 300, 200, 320, 180], p.BLUE_FRANCE_850, 40)), scale=1.05)
        + at(720, 350, shield(), scale=1.3)
        + at(980, 510, key_round(), scale=1.0, rotate=-24)
        + "".join(circle(x, y, r, p.BLUE_FRANCE_625, opacity=0.6) for x, y, r in ((960, 200, 12), (1010, 260, 8),
                                                                                 (230, 170, 10), (290, 130, 6)))
    )  # fmt: skip


@scene(
    "numerique-responsable",
    "Un numérique plus sobre",
    "Des feuilles vertes poussent d’un ordinateur posé sur une prairie.",
)
def green() -> str:
    sprout = at(202, 236, leaf(), scale=0.72) + "".join(
        at(202, 236, leaf(p.BOURGEON), scale=0.58, rotate=turn) for turn in (-48, 48)
    )
    return (
        room(p.BOURGEON_950, p.EMERAUDE_925, p.EMERAUDE_850, "green")
        + ground_shadow(600, 566, 330)
        + at(600, 560, laptop(rect(0, 0, 404, 250, p.EMERAUDE_950) + sprout), scale=1.2)
        + round_tree(210, 590, 1.6)
        + round_tree(1000, 590, 1.3, p.EMERAUDE, p.EMERAUDE_850)
        + "".join(circle(150 + i * 150, 610 + (i % 3) * 14, 8, (p.WHITE, p.MOUTARDE_850)[i % 2]) for i in range(7))
    )


@scene(
    "materiel-reconditionne",
    "Le matériel reconditionné",
    "Un carton rempli d’ordinateurs et de téléphones porte le signe du réemploi.",
)
def refurbished() -> str:
    return (
        room(p.CARAMEL_925, p.CREME_925, p.CARAMEL_850, "refurbished")
        + ground_shadow(600, 590, 260)
        + at(600, 586, crane_box(), scale=1.75)
        + at(250, 470, gear(p.MENTHE, p.CARAMEL_925, 66))
        + at(330, 350, gear(p.MOUTARDE, p.CARAMEL_925, 40))
        + at(980, 586, laptop(rect(0, 0, 404, 250, p.EMERAUDE_950) + badge(202, 125, 60)), scale=0.62)
    )


@scene(
    "formation-mediateurs",
    "Se former entre pairs",
    "Devant un tableau, une personne explique à trois autres ce que montre un schéma.",
)
def training() -> str:
    return (
        backdrop(p.GLYCINE_950)
        + rect(0, 560, 1200, 120, p.GLYCINE_925)
        + rect(330, 90, 600, 340, p.ECUME_SUN, 14)
        + rect(346, 106, 568, 308, p.WHITE, 6)
        + network(
            [
                (480.0, 260.0, 34.0, p.CUMULUS),
                (630.0, 190.0, 28.0, p.RED_MARIANNE),
                (640.0, 330.0, 28.0, p.MENTHE),
                (790.0, 260.0, 40.0, p.MOUTARDE),
            ],
            [(0, 1), (0, 2), (1, 3), (2, 3)],
        )
        + figures(560, [(200, 1.7, p.BLUE_FRANCE, p.CARAMEL_850, 2, p.CARAMEL_SUN)])
        + line([(300, 430), (400, 330)], p.CARAMEL_SUN, 10)
        + figures(
            690,
            [
                (440, 1.35, p.TUILE, p.CARAMEL, 0, p.GREY_200),
                (700, 1.35, p.MENTHE, p.CARAMEL_925, 1, p.CARAMEL),
                (960, 1.35, p.GLYCINE, p.CARAMEL_SUN, 0, p.GREY_200),
            ],
        )
    )


@scene(
    "accessibilite-numerique",
    "L’accessibilité numérique",
    "Un écran présente un texte agrandi, un bouton très contrasté et le signe d’une oreille et d’un œil.",
)
def accessibility() -> str:
    screen = (
        rect(0, 0, 480, 280, p.WHITE)
        + rect(30, 34, 200, 32, p.BLUE_FRANCE, 6)
        + lines_of_text(30, 94, [200, 170, 190], p.ECUME_850, 30)
        + rect(30, 200, 160, 50, p.RED_MARIANNE, 8)
        + rect(20, 190, 180, 70, "none", 12, stroke=p.BLUE_FRANCE, stroke_width=5)
        + circle(350, 140, 84, p.BLUE_FRANCE_925)
        + circle(350, 90, 15, p.BLUE_FRANCE)
        + line([(300, 122), (350, 130), (400, 122)], p.BLUE_FRANCE, 13)
        + line([(350, 130), (350, 160), (322, 208)], p.BLUE_FRANCE, 13)
        + line([(350, 160), (378, 208)], p.BLUE_FRANCE, 13)
    )
    return (
        room(p.ARCHIPEL_950, p.ARCHIPEL_925, p.ARCHIPEL_850, "access")
        + ground_shadow(600, 584, 300)
        + at(600, 580, monitor(screen), scale=1.25)
        + at(170, 330, path("M-70 0Q0 -76 70 0Q0 76 -70 0Z", p.WHITE), circle(0, 0, 30, p.ARCHIPEL_SUN))
        + at(1040, 330, path("M-30 10C-40 -70 60 -80 50 0C46 40 10 40 12 80C12 110 -30 110 -30 80",
                             stroke=p.ARCHIPEL_SUN, stroke_width=18, stroke_linecap="round"))
    )  # fmt: skip


@scene(
    "donnees-indicateurs",
    "Mesurer et partager les données",
    "Un écran affiche des barres, une courbe montante et un diagramme circulaire.",
)
def data() -> str:
    bars = "".join(
        rect(34 + i * 40, 240 - h, 26, h, colour, 4)
        for i, (h, colour) in enumerate(
            [(60, p.CUMULUS_850), (96, p.CUMULUS), (80, p.CUMULUS_850), (132, p.CUMULUS), (168, p.BLUE_FRANCE)]
        )
    )
    screen = (
        rect(0, 0, 480, 280, p.WHITE)
        + bars
        + line([(30, 242), (240, 242)], p.ECUME_850, 5)
        + circle(370, 110, 72, p.EMERAUDE_850)
        + path("M370 110L370 38A72 72 0 0 1 432 146Z", p.MENTHE)
        + circle(370, 110, 34, p.WHITE)
        + lines_of_text(300, 212, [140, 100], p.ECUME_850, 24)
    )
    return (
        room(p.BLUE_FRANCE_975, p.ECUME_925, p.ECUME_850, "data")
        + ground_shadow(600, 584, 300)
        + at(600, 580, monitor(screen), scale=1.25)
        + line([(90, 480), (160, 410), (210, 440)], p.RED_MARIANNE, 10)
        + circle(210, 440, 13, p.RED_MARIANNE)
        + at(1060, 584, at(0, 0, book(p.MENTHE, 70, 150)))
        + at(1130, 584, at(0, 0, book(p.TOURNESOL_850, 54, 120)))
    )


@scene(
    "financement-fonds",
    "Financer ensemble",
    "Des pièces s’empilent en marches, une pousse verte en haut de la plus haute.",
)
def funding() -> str:
    stacks = "".join(
        "".join(
            rect(x - 62, 560 - level * 30, 124, 26, (p.MOUTARDE, p.MOUTARDE_850)[level % 2], 10)
            for level in range(height)
        )
        for x, height in ((330, 3), (510, 6), (690, 9), (870, 12))
    )
    return (
        room(p.TOURNESOL_950, p.TOURNESOL_925, p.CREME, "funding")
        + stacks
        + at(870, 226, leaf(p.EMERAUDE), scale=0.6)
        + at(870, 226, leaf(p.BOURGEON), scale=0.44, rotate=46)
        + at(330, 380, coin(), scale=1.2)
        + at(200, 240, coin(), scale=0.8)
        + at(510, 250, coin(), scale=1)
        + dotted([(330, 470), (510, 370), (690, 280)], p.BLUE_FRANCE)
    )


@scene(
    "communs-numeriques",
    "Les communs numériques",
    "Quatre pièces de puzzle de couleur s’assemblent.",
)
def commons() -> str:
    return (
        backdrop(p.GLYCINE_950)
        + blob("commons", 600, 340, 290, p.GLYCINE_925)
        + ellipse(600, 600, 300, 18, p.BLUE_FRANCE, opacity=0.08)
        + at(
            520,
            258,
            puzzle(p.BLUE_FRANCE),
            scale=1.35,
        )
        + at(520, 420, puzzle(p.MENTHE), scale=1.35)
        + at(682, 420, puzzle(p.TOURNESOL_850), scale=1.35)
        + at(770, 210, puzzle(p.RED_MARIANNE_625), scale=1.35, rotate=14)
        + dotted([(730, 300), (706, 330)], p.GLYCINE)
        + "".join(circle(x, y, r, colour) for x, y, r, colour in
                  ((240, 200, 26, p.GLYCINE_850), (300, 480, 16, p.CUMULUS_850), (960, 470, 30, p.MENTHE_850),
                   (1010, 190, 14, p.MOUTARDE_850), (180, 360, 12, p.EMERAUDE_850)))
    )  # fmt: skip


@scene(
    "video-replay",
    "Voir en replay",
    "Un lecteur vidéo accompagné de sa transcription écrite.",
)
def replay() -> str:
    return (
        room(p.TUILE_950, p.TUILE_925, p.TUILE_850, "replay")
        + ground_shadow(520, 560, 320)
        + at(520, 340, camera(), scale=2)
        + at(930, 360, sheet(p.RED_MARIANNE, 7), scale=1.15, rotate=5)
        + at(200, 560, microphone(), scale=0.8)
    )


@scene(
    "salon-numerique-en-communs",
    "Numérique en Commun[s]",
    "Une scène décorée de fanions, un pupitre et un public vu de dos.",
)
def stage() -> str:
    flags = "".join(
        polygon([(i * 80 - 10, 60 + (i % 2) * 10), (i * 80 + 50, 60 + ((i + 1) % 2) * 10), (i * 80 + 20, 120)], colour)
        for i, colour in enumerate(
            [p.BLUE_FRANCE, p.WHITE, p.RED_MARIANNE_625, p.TOURNESOL_850, p.MENTHE_850] * 3 + [p.BLUE_FRANCE]
        )
    )
    crowd = figures(
        700,
        [
            (90 + i * 146, 1.15 + (i % 2) * 0.1, colour, skin, i, dark)
            for i, (colour, skin, dark) in enumerate(
                [
                    (p.CUMULUS_SUN, p.CARAMEL, p.GREY_200),
                    (p.GLYCINE, p.CARAMEL_850, p.CARAMEL_SUN),
                    (p.MENTHE, p.CARAMEL_SUN, p.GREY_200),
                    (p.TUILE, p.CARAMEL_925, p.GALET),
                    (p.BLUE_FRANCE, p.CARAMEL_850, p.GREY_200),
                    (p.MOUTARDE, p.CARAMEL, p.CARAMEL_SUN),
                    (p.EMERAUDE_SUN, p.CARAMEL_850, p.GALET),
                    (p.ECUME, p.CARAMEL_SUN, p.GREY_200),
                ]
            )
        ],
    )
    return (
        backdrop(p.BLUE_FRANCE_925)
        + polygon([(300, 0), (400, 0), (640, 440), (240, 440)], p.WHITE, opacity=0.35)
        + polygon([(900, 0), (800, 0), (560, 440), (960, 440)], p.WHITE, opacity=0.35)
        + flags
        + rect(350, 150, 500, 250, p.ECUME_SUN, 12)
        + rect(366, 166, 468, 218, p.WHITE, 6)
        + network(
            [(480.0, 300.0, 24.0, p.BLUE_FRANCE), (600.0, 230.0, 30.0, p.RED_MARIANNE), (720.0, 310.0, 26.0, p.MENTHE)],
            [(0, 1), (1, 2), (0, 2)],
        )
        + rect(0, 440, 1200, 250, p.BLUE_FRANCE_850)
        + rect(0, 440, 1200, 12, p.BLUE_FRANCE_625)
        + figures(452, [(250, 0.95, p.RED_MARIANNE_625, p.CARAMEL_850, 1, p.GREY_200)])
        + polygon([(190, 380), (310, 380), (294, 452), (206, 452)], p.CARAMEL)
        + crowd
    )


@scene(
    "experimentation-pret",
    "Prêter pour essayer",
    "Une tablette, un casque et un robot pédagogique sont rangés dans une mallette ouverte.",
)
def lending() -> str:
    return (
        room(p.MENTHE_950, p.ARCHIPEL_925, p.MENTHE_850, "lending")
        + ground_shadow(600, 586, 330)
        + path("M290 330L340 130L860 130L910 330Z", p.ECUME)
        + path("M330 316L370 156L830 156L870 316Z", p.ECUME_SUN)
        + at(470, 330, phone(rect(10, 20, 106, 90, p.ARCHIPEL_850, 6) + rect(10, 124, 70, 12, p.ECUME_850, 6)),
             scale=1.05, rotate=-8)
        + at(640, 300, path("M-80 40A80 80 0 0 1 80 40", stroke=p.GREY_200, stroke_width=18),
             rect(-100, 30, 40, 80, p.RED_MARIANNE_625, 16), rect(60, 30, 40, 80, p.RED_MARIANNE_625, 16))
        + at(780, 300, rect(-46, -50, 92, 80, p.MOUTARDE_850, 20), circle(-18, -14, 11, p.BLUE_FRANCE),
             circle(18, -14, 11, p.BLUE_FRANCE), line([(0, -50), (0, -78)], p.ECUME_850, 7),
             circle(0, -84, 10, p.RED_MARIANNE),
             rect(-60, 36, 120, 80, p.MOUTARDE, 14))
        + rect(270, 350, 660, 230, p.CUMULUS_SUN, 22)
        + rect(270, 350, 660, 30, p.CUMULUS, 12)
        + rect(520, 440, 160, 54, p.CUMULUS_850, 12)
        + rect(556, 458, 88, 18, p.CUMULUS_SUN, 9)
    )  # fmt: skip


@scene(
    "accueil-orientation",
    "Accueillir et orienter",
    "Un panneau indique trois directions à côté d’un repère de carte.",
)
def signpost() -> str:
    return (
        backdrop(p.CUMULUS_950)
        + blob("signpost", 600, 320, 300, p.CUMULUS_925)
        + hill("signpost-ground", 560, 22, p.BOURGEON_850)
        + ground_shadow(600, 588, 120)
        + rect(588, 110, 24, 480, p.CARAMEL, 8)
        + "".join(
            at(600, y, path("M-20 -40L200 -40L244 0L200 40L-20 40Z", colour), rect(20, -9, 130, 18, p.WHITE, 9),
               flip=flip)
            for y, colour, flip in ((180, p.BLUE_FRANCE, False), (290, p.RED_MARIANNE, True), (400, p.MENTHE, False))
        )
        + round_tree(250, 580, 1.4)
        + at(960, 572, map_pin(p.RED_MARIANNE), scale=1.5)
        + round_tree(1080, 590, 1.1, p.EMERAUDE, p.EMERAUDE_850)
    )  # fmt: skip
