"""Events of the demonstration. ``day`` counts from the day of seeding; venues are in real towns, at invented addresses."""

from __future__ import annotations

from typing import Any

from .names import IN
from .organisations import HUBS

# name, INSEE code, postal code, address
VENUES = {
    "departement-40": ("Maison des associations", "40192", "40000", "12 allée des Genêts imaginaires"),
    "dax": ("Espace numérique du Lac", "40088", "40100", "3 rue des Thermes inventés"),
    "departement-49": ("Salle des Tuffeaux", "49007", "49000", "8 quai de la Démonstration"),
    "departement-85": ("Pôle associatif du Marais", "85191", "85000", "5 rue du Phare inventé"),
    "departement-47": ("Halle des vergers", "47001", "47000", "21 cours de la Démonstration"),
    "departement-74": ("Centre du Lac", "74010", "74000", "2 chemin des Sapins inventés"),
    "departement-84": ("Maison des initiatives", "84007", "84000", "17 rue des Cyprès inventés"),
    "region-84": ("Palais des rencontres", "69123", "69003", "40 rue de la Démonstration"),
    "region-27": ("Cité des réseaux", "21231", "21000", "6 rue des Pavés inventés"),
    "region-53": ("Halle du Granit", "35238", "35000", "9 mail de la Démonstration"),
    "region-24": ("Salle de la Loire", "45234", "45000", "14 rue du Fleuve inventé"),
    "region-94": ("Maison du Golfe", "2A004", "20000", "1 cours de la Démonstration"),
    "region-44": ("Centre des Deux Rives", "67482", "67000", "30 quai inventé"),
    "region-32": ("Maison du réseau", "59350", "59000", "18 rue de la Démonstration"),
    "region-11": ("Forum des territoires", "75056", "75012", "100 avenue de la Démonstration"),
    "region-28": ("Halle aux toiles inventée", "76540", "76000", "4 place de la Démonstration"),
    "region-75": ("Darwin des possibles", "33063", "33000", "77 quai de la Démonstration"),
    "region-76": ("Cité du canal", "31555", "31000", "11 allée inventée"),
    "region-52": ("Atelier des machines", "44109", "44000", "22 rue de la Démonstration"),
    "region-93": ("Pavillon du port", "13055", "13002", "13 quai de la Démonstration"),
    "region-01": ("Espace des Alizés", "97105", "97100", "2 rue de la Démonstration"),
    "region-02": ("Maison de la Savane", "97209", "97200", "7 rue inventée"),
    "region-03": ("Carbet numérique", "97302", "97300", "15 rue de la Démonstration"),
    "region-04": ("Maison du Barachois", "97411", "97400", "28 rue inventée"),
    "region-06": ("Espace du Lagon", "97608", "97600", "5 rue de la Démonstration"),
    "nation-FR": ("Cité des congrès de démonstration", "44109", "44000", "1 quai inventé"),
}
# title, lead, format, mode, image, themes, hour, hours
NATIONAL = [
    ("Webinaire : choisir la forme de sa gouvernance", "Trois scénarios, leurs conditions et des exemples pour décider.", "webinaire", "en_ligne", "webinaire-ecran", ("gouvernances-partagees",), 11, 1),
    ("Webinaire : bonnes pratiques de concertation", "Préparer, animer et restituer une réunion de 2 h 30.", "webinaire", "en_ligne", "concertation-table", ("citoyennete-et-engagement",), 14, 1),
    ("Webinaire : co-construire une feuille de route", "Du diagnostic aux actions : étapes, rôles et outils.", "webinaire", "en_ligne", "feuille-de-route", ("gouvernances-partagees",), 11, 2),
    ("Numérique en Commun[s], édition nationale", "Deux jours pour faire avancer l’inclusion numérique ensemble.", "nec_national", "hybride", "salon-numerique-en-communs", ("communs",), 9, 8),
    ("Réunion nationale des hubs", "Un point trimestriel sur les actions communes et les besoins.", "reunion", "en_ligne", "reseau-acteurs", ("gouvernances-partagees",), 10, 2),
    ("Formation : rendre ses contenus accessibles", "Titres, liens, images, documents : la pratique pas à pas.", "formation", "en_ligne", "accessibilite-numerique", ("accessibilite",), 9, 3),
    ("Atelier : indicateurs communs du réseau", "Choisir ensemble des indicateurs peu nombreux et utiles.", "atelier", "en_ligne", "donnees-indicateurs", ("donnees",), 14, 2),
    ("Café du réseau : l’intelligence artificielle en médiation", "Un moment d’échange libre entre pairs.", "rencontre", "en_ligne", "communs-numeriques", ("intelligence-artificielle",), 13, 1),
]  # fmt: skip
LOCAL = [
    ("Rencontre du réseau de l’inclusion numérique {where}", "Partager ses actions et préparer le semestre.", "rencontre", "sur_place", "reseau-acteurs", ("gouvernances-partagees",), 9, 3),
    ("Numérique en Commun[s] {where}", "Une journée locale de tables rondes, d’ateliers et de démonstrations.", "nec_local", "hybride", "salon-numerique-en-communs", ("communs",), 9, 8),
    ("Atelier de concertation {where}", "Deux heures et demie pour un diagnostic et des priorités partagés.", "atelier", "sur_place", "concertation-table", ("citoyennete-et-engagement",), 14, 2),
    ("Salon du matériel reconditionné {where}", "Essayer, réparer et s’équiper autrement.", "salon", "sur_place", "materiel-reconditionne", ("materiel-reconditionne",), 10, 7),
    ("Comité technique de la feuille de route {where}", "Suivi des actions et préparation du comité stratégique.", "reunion", "hybride", "feuille-de-route", ("gouvernances-partagees",), 10, 2),
    ("Journée de l’inclusion numérique {where}", "Portes ouvertes des lieux d’accueil et ateliers de découverte.", "journee", "sur_place", "bus-numerique", ("aide-aux-demarches-administratives",), 0, 0),
    ("Formation aux premiers secours numériques {where}", "Réagir à une fraude ou à un compte piraté.", "formation", "sur_place", "securite-cyber", ("risques-cyber-et-protection",), 9, 3),
    ("Fête du numérique {where}", "Jeux, démonstrations et conseils pour toute la famille.", "grand_public", "sur_place", "tiers-lieu", ("loisirs-et-creation", "jeux-video"), 14, 4),
]  # fmt: skip
HUB_OF = {key: name for name, keys in HUBS for key in keys}
KINDS = {"nation": "etat", "region": "hub", "departement": "departement"}
ECHELONS = {"nation": "national", "region": "regional", "departement": "departemental"}
STATUSES = {
    11: ("annule", "Intempéries annoncées : la rencontre n’aura pas lieu."),
    17: ("complet", "Toutes les places sont prises."),
    23: ("reporte", "Une nouvelle date sera bientôt annoncée."),
    43: ("passe_en_ligne", "La réunion aura lieu en visioconférence : le lien est envoyé aux personnes inscrites."),
    29: ("reprogramme", "La date a été avancée à la demande des participants."),
}
SPREAD = [3, -12, 9, -30, 16, 24, -5, 38, 47, -50, 60, 12, 75, -80, 30, 5]


def _event(number: int, space: str, day: int, row: tuple[Any, ...], suffix: str = "") -> dict[str, Any]:
    title, lead, kind, mode, image, themes, hour, hours = row
    level = space.split("-")[0]
    status, reason = STATUSES.get(number, ("programme", ""))
    if status == "passe_en_ligne":
        mode = "en_ligne"
    fields: dict[str, Any] = {
        "echelon": ECHELONS[level],
        "format": kind,
        "animation_type": {
            "webinaire": "webinaire",
            "reunion": "comite",
            "rencontre": "echange",
            "atelier": "groupe",
        }.get(kind, ""),
        "status": status,
        "status_reason": reason,
        "organiser": "Réseau de l’inclusion numérique (démonstration)",
        "organiser_kind": KINDS[level],
        "level": ("debutant", "intermediaire", "avance", "")[number % 4],
        "registration_url": f"https://inscription.exemple.invalid/{number}",
        "registration_note": "Inscription gratuite, obligatoire.",
        "wheelchair": mode != "en_ligne",
        "captions": mode != "sur_place",
        "transcript": mode == "en_ligne",
        "sign_language": number % 5 == 0,
        "hearing_loop": mode == "sur_place" and number % 3 == 0,
        "easy_read": number % 7 == 0,
        "needs_contact": "accessibilite@exemple.fr",
        "join_url": f"https://visio.exemple.invalid/salle-{number}" if mode != "sur_place" else "",
    }
    if day < 0 and mode == "en_ligne":
        fields |= {
            "replay_url": "https://video.exemple.invalid/replay",
            "figures": "64 participants, 4,5 sur 5 de satisfaction.",
        }
    return {
        "key": f"{number}", "space": space, "day": day, "hour": hour, "hours": hours, "minutes": 30 if hours == 2 else 0,
        "title": title.format(where=IN[space]) + suffix, "lead": lead, "image": image, "themes": themes, "mode": mode,
        "venue": space if mode != "en_ligne" else "", "fields": fields,
        "repeats": (0, 7, 14) if kind == "formation" else ((0, 1) if kind == "nec_national" else (0,)),
        "organisation": HUB_OF.get(space, ""),
        "audiences": ("conseillers-et-mediateurs", "coordinateurs") if number % 2 else ("collectivites", "structures", "hubs"),
        "body": [
            ("text", "<h2>Au programme</h2><ul><li>Accueil et présentation des participants.</li><li>Échanges à partir de "
                     "situations vécues.</li><li>Conclusion et prochaines étapes.</li></ul>"),
            ("callout", ("Préparer sa venue", "<p>Signalez vos besoins d’accessibilité lors de l’inscription.</p>")),
            ("alert", ("info", "Contenu de démonstration", "<p>Cet événement est inventé.</p>")),
        ],
    }  # fmt: skip


def _events() -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    for round_, (shift, suffix) in enumerate(((10, ""), (-40, " (première session)"))):
        for place, national in enumerate(NATIONAL):
            day = shift + place * 6 * (1 if round_ == 0 else -1)
            events.append(_event(len(events), "nation-FR", day, national, suffix))
    regions = [key for key in IN if key.startswith("region")]
    for turn in (0, 1):
        for place, key in enumerate(regions):
            row = LOCAL[(place + turn * 3) % len(LOCAL)]
            events.append(_event(len(events), key, SPREAD[(place + turn * 5) % 16] + turn, row))
    for place, key in enumerate(key for key in IN if key.startswith("departement")):
        for turn in range(5):
            row = LOCAL[(place + turn) % len(LOCAL)]
            events.append(_event(len(events), key, SPREAD[(place * 3 + turn * 2) % 16], row))
    return events


EVENTS = _events()
