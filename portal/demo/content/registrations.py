"""Events with registration on the portal, a series, and the overseas zones. ``day`` counts from the day of seeding.
People are invented, at addresses that lead nowhere."""

from __future__ import annotations

from typing import Any

# Degrees, of the towns' middles: the venues themselves are invented.
COORDINATES = {
    "40192": (43.891, -0.501), "40088": (43.708, -1.051), "49007": (47.473, -0.552), "85191": (46.670, -1.426),
    "47001": (44.203, 0.616), "74010": (45.899, 6.129), "84007": (43.949, 4.806), "69123": (45.758, 4.835),
    "21231": (47.322, 5.041), "35238": (48.117, -1.678), "45234": (47.903, 1.909), "2A004": (41.927, 8.737),
    "67482": (48.573, 7.752), "59350": (50.637, 3.063), "75056": (48.857, 2.352), "76540": (49.443, 1.099),
    "33063": (44.838, -0.579), "31555": (43.604, 1.444), "44109": (47.218, -1.554), "13055": (43.297, 5.381),
    "97105": (15.996, -61.726), "97209": (14.604, -61.067), "97302": (4.938, -52.330), "97411": (-20.882, 55.450),
    "97608": (-12.781, 45.228),
}  # fmt: skip

PEOPLE = (
    "Amandine Exemple", "Bastien Inventé", "Chloé Fictive", "Dorian Modèle", "Élise Imaginaire", "Farid Exemple",
    "Gaëlle Inventée", "Hugo Fictif", "Inès Modèle", "Jonas Imaginaire", "Karima Exemple", "Léo Inventé",
    "Maëlle Fictive", "Nadir Modèle", "Océane Imaginaire", "Pierrick Exemple",
)  # fmt: skip
_PROGRAMME = [
    ("text", "<h2>Au programme</h2><ul><li>Accueil et tour de table.</li><li>Travail en petits groupes.</li>"
             "<li>Questions et suites à donner.</li></ul>"),
    ("alert", ("info", "Contenu de démonstration", "<p>Cet événement et les personnes inscrites sont inventés.</p>")),
]  # fmt: skip

#: A Thursday out of two on the spot, the other online; what some dates have of their own, by their place in the series.
SERIES: dict[str, Any] = {
    "key": "series", "space": "departement-40", "venue": "departement-40",
    "title": "Les jeudis de l’inclusion numérique",
    "lead": "Chaque jeudi, une heure et demie pour s’outiller entre médiateurs : une semaine sur place, la suivante en ligne.",
    "image": "reseau-acteurs", "themes": ("gouvernances-partagees",), "body": _PROGRAMME,
    "audiences": ("conseillers-et-mediateurs", "coordinateurs"),
    "fields": {
        "format": "atelier", "echelon": "departemental", "registration": "internal", "capacity": 12,
        "capacity_online": 40, "captions": True, "wheelchair": True, "needs_contact": "accessibilite@exemple.fr",
        "organiser": "Réseau de l’inclusion numérique (démonstration)", "certificates": True, "remind_week": True,
    },
    "online": {"mode": "en_ligne", "join_url": "https://visio.exemple.invalid/jeudis", "title": "Jeudi en ligne : atelier à distance"},
    "called_off": (2, "annule", "Séance annulée : la salle est en travaux."),
    "moved": (3, "reprogramme", "Avancée au mercredi, à la demande du groupe."),
    "raised": (4, 20, "Grande salle : vingt places."),
    "people": {0: {"confirmed": 9}, 1: {"confirmed": 12, "waiting": 2}},
}  # fmt: skip

_QUESTIONS = (
    ("Qu’attendez-vous de cet atelier ?", "long", "", False),
    ("Repas sur place", "choice", "Oui\nNon\nJe ne sais pas encore", True),
    ("J’apporte mon ordinateur", "yes_no", "", False),
)


def _event(key: str, day: int, title: str, lead: str, people: dict[str, int], **fields: Any) -> dict[str, Any]:
    online = fields.get("mode") == "en_ligne"
    questions = fields.pop("questions", ())
    return {
        "key": key, "space": "departement-40", "day": day, "title": title, "lead": lead, "people": people,
        "venue": "" if online else "dax", "image": "concertation-table", "themes": ("citoyennete-et-engagement",),
        "audiences": ("conseillers-et-mediateurs", "structures"), "body": _PROGRAMME, "questions": questions,
        "fields": {
            "registration": "internal", "format": "atelier", "echelon": "departemental", "wheelchair": not online,
            "captions": online, "organiser": "Réseau de l’inclusion numérique (démonstration)",
            "join_url": "https://visio.exemple.invalid/atelier" if fields.get("mode") in ("en_ligne", "hybride") else "",
            "needs_contact": "accessibilite@exemple.fr",
        } | fields,
    }  # fmt: skip


REGISTERED = [
    _event(
        "free", 13, "Atelier : accompagner sans faire à la place", "Cas pratiques et jeux de rôle ; il reste des places.",
        {"confirmed": 6}, capacity=15, questions=_QUESTIONS, echelon="local",
    ),
    _event(
        "full", 20, "Formation : reconnaître les fraudes en ligne", "Une matinée complète : inscrivez-vous sur la liste d’attente.",
        {"confirmed": 8, "waiting": 3}, capacity=8, format="formation",
    ),
    _event(
        "approval", 27, "Groupe de travail : la feuille de route des Landes", "Réservé aux structures signataires : chaque demande est validée.",
        {"pending": 3, "confirmed": 2, "refused": 1}, capacity=10, approval=True, format="reunion",
    ),
    _event(
        "closed", 6, "Visioconférence : faire connaître son lieu", "Les inscriptions sont closes deux semaines avant.",
        {"confirmed": 11}, mode="en_ligne", capacity_online=30, registration_closes_hours=14 * 24, format="webinaire",
    ),
    _event(
        "hybrid", 34, "Rencontre : le numérique au quotidien, ici ou à distance", "Venez à Dax, ou suivez la rencontre en ligne.",
        {"confirmed": 5}, mode="hybride", capacity=20, capacity_online=100, captions=True, format="rencontre",
    ),
    _event(
        "past", -9, "Atelier : cartographier les lieux de médiation", "Compte rendu, replay et attestations sont disponibles.",
        {"confirmed": 10, "cancelled": 1}, capacity=12, certificates=True, replay_url="https://video.exemple.invalid/replay",
        figures="10 inscrits, 7 présents, 23 lieux ajoutés à la carte.",
    ),
]  # fmt: skip
#: How many of those confirmed to a past event came.
CAME = 7

# key, INSEE code of the commune, postal code, its territory, zone where it is not the territory's, how one says « at »
OVERSEAS = (
    ("miquelon", "97502", "97500", "departement-975", "", "à Saint-Pierre"),
    ("saint-barthelemy", "97701", "97133", "departement-977", "", "à Saint-Barthélemy"),
    ("saint-martin", "97801", "97150", "departement-978", "", "à Saint-Martin"),
    ("kerguelen", "98413", "98420", "departement-984", "", "aux Kerguelen"),
    ("wallis", "98613", "98600", "departement-986", "", "à Wallis"),
    ("tahiti", "98735", "98714", "departement-987", "", "à Tahiti"),
    ("marquises", "98731", "98742", "departement-987", "Pacific/Marquesas", "aux Marquises"),
    ("gambier", "98719", "98755", "departement-987", "Pacific/Gambier", "aux Gambier"),
    ("noumea", "98818", "98800", "departement-988", "", "à Nouméa"),
)
