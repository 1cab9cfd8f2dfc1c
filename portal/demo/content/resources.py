"""Resources of the demonstration."""

from __future__ import annotations

from typing import Any

TYPES = ("methodologie", "ressource-pedagogique", "outil-numerique", "annuaire", "article", "boite-a-outils", "infographie",
         "questionnaire", "video-ou-webinaire", "parcours-de-formation")  # fmt: skip
CATEGORIES = ("perfectionner-mes-accompagnements", "fluidifier-mes-echanges", "faire-evoluer-mon-metier",
              "ameliorer-mes-connaissances")  # fmt: skip
BENEFICIARIES = ("tous-publics", "enfants-mineurs", "adultes", "seniors", "parents", "tres-eloignes-du-numerique",
                 "handicap-ou-perte-d-autonomie", "en-insertion", "illettrisme", "allophones")  # fmt: skip
LICENCES = ("licence-ouverte-2.0", "cc-by-sa-4.0", "licence-ouverte-2.0", "cc-by-nc-sa-4.0", "tous-droits-reserves")
LEVELS = ("debutant", "intermediaire", "avance")
TABLE = [
    "Axe | Action | Échéance",
    "Proximité | Ouvrir des permanences | trimestre 1",
    "Formation | Former les agents | trimestre 2",
]
# title, lead, type, image, theme, files, space
ROWS: list[tuple[str, str, str, str, str, tuple[str, ...], str]] = [
    ("Présentation de la feuille de route France Numérique Ensemble", "Les ambitions, les acteurs et les étapes, en un document.", "article", "feuille-de-route", "gouvernances-partagees", ("pdf", "odt"), "nation-FR"),
    ("Fiche de concertation : déroulé complet de 2 h 30", "Introduction 15 min, diagnostic 45, priorités 45, conclusion 15, avec des temps de transition.", "methodologie", "concertation-table", "citoyennete-et-engagement", ("pdf", "odt"), "nation-FR"),
    ("Fiche de concertation 1 : introduction (15 minutes)", "Accueillir, poser le cadre, dire à quoi servira la réunion.", "methodologie", "fiche-methode", "citoyennete-et-engagement", ("pdf",), "nation-FR"),
    ("Fiche de concertation 2 : diagnostic (45 minutes)", "Partager un constat à partir de données et de situations vécues.", "methodologie", "donnees-indicateurs", "donnees", ("pdf", "csv"), "nation-FR"),
    ("Fiche de concertation 3 : priorités (45 minutes)", "Passer des constats aux priorités, puis voter en confiance.", "methodologie", "fiche-methode", "gouvernances-partagees", ("pdf",), "nation-FR"),
    ("Fiche de concertation 4 : conclusion (15 minutes)", "Restituer, remercier, annoncer les suites.", "methodologie", "fiche-methode", "citoyennete-et-engagement", ("pdf",), "nation-FR"),
    ("Guide de co-construction d’une feuille de route", "Du diagnostic territorial au plan d’actions : méthode et exemples.", "boite-a-outils", "feuille-de-route", "gouvernances-partagees", ("pdf", "odt", "csv"), "nation-FR"),
    ("Kit de communication des lieux d’accueil", "Affiches, messages et consignes pour annoncer ses permanences.", "boite-a-outils", "accueil-orientation", "reseaux-sociaux-et-communication", ("odt",), "nation-FR"),
    ("Kit de communication d’une feuille de route", "Annoncer la démarche, inviter et restituer simplement.", "boite-a-outils", "lettre-information", "reseaux-sociaux-et-communication", ("odt",), "nation-FR"),
    ("Modèle de tableau de suivi des actions", "Axes, objectifs, actions, pilotes et échéances.", "outil-numerique", "donnees-indicateurs", "donnees", ("csv",), "nation-FR"),
    ("Repérer une fraude en ligne", "Une séance pour apprendre à reconnaître les messages trompeurs.", "ressource-pedagogique", "securite-cyber", "risques-cyber-et-protection", ("pdf",), "nation-FR"),
    ("Premiers pas avec une messagerie", "Créer son adresse, écrire, joindre une pièce, trier.", "ressource-pedagogique", "lettre-information", "maitrise-des-outils", ("odt",), "nation-FR"),
    ("Questionnaire de repérage des besoins", "Dix questions courtes, sans mise en échec.", "questionnaire", "ordinateur-accompagnement", "diagnostic-de-competences", ("odt",), "nation-FR"),
    ("Annuaire des appuis en ingénierie", "Qui peut aider à formaliser, financer et former.", "annuaire", "bibliotheque-ressources", "gouvernances-partagees", ("csv",), "nation-FR"),
    ("Infographie : les publics de la médiation", "Dix publics, leurs besoins et les bons relais.", "infographie", "reseau-acteurs", "citoyennete-et-engagement", ("pdf",), "nation-FR"),
    ("Replay : trois formes de gouvernance", "Un webinaire enregistré et sa transcription.", "video-ou-webinaire", "video-replay", "gouvernances-partagees", (), "nation-FR"),
    ("Replay : réussir sa concertation", "Les bonnes pratiques racontées par trois territoires.", "video-ou-webinaire", "webinaire-ecran", "citoyennete-et-engagement", (), "nation-FR"),
    ("Parcours : accompagner les démarches en ligne", "Six étapes pour une posture sûre et bienveillante.", "parcours-de-formation", "formation-mediateurs", "aide-aux-demarches-administratives", (), "nation-FR"),
    ("Parcours : parler d’intelligence artificielle avec le public", "Comprendre, essayer, garder un esprit critique.", "parcours-de-formation", "communs-numeriques", "intelligence-artificielle", (), "nation-FR"),
    ("Écrire pour tous : méthode facile à lire", "Des règles simples et des exemples avant-après.", "methodologie", "accessibilite-numerique", "accessibilite", ("pdf",), "nation-FR"),
    ("Organiser une collecte de matériel", "Étapes, partenaires et points de vigilance.", "methodologie", "materiel-reconditionne", "materiel-reconditionne", ("odt",), "region-75"),
    ("Accompagner les seniors avec une tablette", "Un cycle de cinq ateliers progressifs.", "ressource-pedagogique", "telephone-demarches", "maitrise-des-outils", ("pdf",), "region-53"),
    ("Parler des écrans en famille", "Quatre séances pour les parents.", "ressource-pedagogique", "telephone-demarches", "parentalite", ("odt",), "region-84"),
    ("Découvrir les services de santé en ligne", "Une animation d’une heure en petit groupe.", "ressource-pedagogique", "ordinateur-accompagnement", "sante", ("pdf",), "region-76"),
    ("Choisir un hébergement de confiance", "Les questions à poser à un prestataire.", "article", "securite-cyber", "souverainete-et-hebergement", ("pdf",), "region-32"),
    ("Créer un jeu d’enquête numérique", "Un atelier de création pour adolescents.", "ressource-pedagogique", "communs-numeriques", "jeux-video", ("odt",), "region-44"),
    ("Initiation au code sans écran", "Cartes, gestes et défis pour comprendre un algorithme.", "ressource-pedagogique", "experimentation-pret", "code", ("pdf",), "region-52"),
    ("Chercher un emploi en ligne", "CV, candidature, identité numérique.", "ressource-pedagogique", "ordinateur-accompagnement", "emploi-et-entrepreneuriat", ("odt",), "region-11"),
    ("Vérifier une information", "Une grille simple et cinq exercices.", "ressource-pedagogique", "fiche-methode", "education-aux-medias", ("pdf",), "region-93"),
    ("Réduire l’empreinte de son parc", "Une méthode d’inventaire et dix actions.", "methodologie", "numerique-responsable", "sobriete", ("csv",), "region-27"),
    ("Préparer une tournée de bus numérique", "Itinéraire, partenaires, accueil : la liste complète.", "boite-a-outils", "bus-numerique", "mobilites", ("odt",), "region-24"),
    ("Accueillir des personnes allophones", "Pictogrammes et phrases utiles.", "boite-a-outils", "accueil-orientation", "accessibilite", ("pdf",), "region-28"),
    ("Naviguer sur internet en créole", "Un support bilingue pour les premiers pas.", "ressource-pedagogique", "ocean-indien", "navigation-sur-internet", ("pdf",), "region-04"),
    ("Grille d’évaluation des actions", "Deux indicateurs par action, et comment les renseigner.", "outil-numerique", "donnees-indicateurs", "donnees", ("csv",), "departement-40"),
    ("Modèle de convention de cofinancement", "Un cadre simple entre plusieurs financeurs.", "methodologie", "financement-fonds", "economie", ("odt",), "departement-49"),
    ("Fiche de prêt de l’Expérithèque", "Réserver, essayer, rendre : le mode d’emploi.", "outil-numerique", "experimentation-pret", "maitrise-des-outils", ("odt",), "departement-85"),
    ("Cahier des charges d’un fonds local", "Critères, calendrier, suivi.", "methodologie", "financement-fonds", "economie", ("pdf",), "departement-47"),
    ("Organiser un festival numérique", "De l’idée au bilan, en dix étapes.", "methodologie", "salon-numerique-en-communs", "loisirs-et-creation", ("pdf",), "departement-74"),
    ("Aligner deux feuilles de route", "Relier une feuille locale à la départementale.", "methodologie", "carte-territoires", "gouvernances-partagees", ("pdf",), "departement-84"),
    ("Écoconcevoir son site associatif", "Des choix simples avant d’écrire la première page.", "article", "numerique-responsable", "ecoconception", (), "nation-FR"),
]  # fmt: skip


def _resource(number: int, row: tuple[Any, ...]) -> dict[str, Any]:
    title, lead, kind, image, theme, files, space = row
    video = kind == "video-ou-webinaire"
    return {
        "space": space, "title": title, "lead": lead, "image": image, "themes": (theme,), "files": files,
        "beneficiaries": {BENEFICIARIES[number % 10], BENEFICIARIES[(number * 3 + 1) % 10]},
        "links": () if files or video else (("https://ressource.exemple.invalid/", "Consulter la ressource en ligne"),),
        "lines": [lead, "Contenu de démonstration, libre de réemploi.",
                  "Objectif : donner aux équipes un appui simple, utilisable dès aujourd’hui.",
                  "Déroulé : préparer, animer, recueillir les avis, partager une synthèse."],
        "fields": {
            "type": kind, "category": CATEGORIES[number % 4], "level": LEVELS[number % 3],
            "duration": 150 if "2 h 30" in title else 15 * (1 + number % 8), "licence": LICENCES[number % 5],
            "author_name": "Réseau de l’inclusion numérique (démonstration)",
            "accessibility": "accessible" if "pdf" in files else ("non-evaluee" if not files else "partielle"),
            "video_url": "https://video.exemple.invalid/replay" if video else "",
            "transcript": "Bienvenue à ce webinaire de démonstration. Trois territoires présentent leur organisation, "
                          "leurs choix et ce qu’ils feraient autrement." if video else "",
        },
        "body": [
            ("text", "<h2>À quoi sert cette ressource</h2><p>Elle se lit en quelques minutes et s’adapte à chaque "
                     "territoire. Elle a été pensée avec des équipes de médiation.</p><h2>Comment l’utiliser</h2><ol>"
                     "<li>Lire la fiche en équipe.</li><li>L’adapter à son public.</li><li>Partager ses retours.</li></ol>"),
            ("alert", ("info", "Contenu de démonstration", "<p>Cette ressource illustre le catalogue.</p>")),
        ],
    }  # fmt: skip


RESOURCES = [_resource(number, row) for number, row in enumerate(ROWS)]
