"""News of the demonstration: national, régionales, départementales. All invented, none names a person."""

from __future__ import annotations

from typing import Any

from .names import IN

NOTE = (
    "alert",
    ("info", "Contenu de démonstration", "<p>Cette actualité illustre le portail ; elle est inventée.</p>"),
)
Topic = tuple[str, str, str, tuple[str, ...], str, str]

# title, lead, image, themes, first paragraph, what to do next
NATIONAL: list[Topic] = [
    ("France Numérique Ensemble : les feuilles de route territoriales entrent dans une nouvelle étape",
     "Après la concertation, place à la mise en œuvre : calendrier, appuis disponibles et premiers enseignements.",
     "feuille-de-route", ("gouvernances-partagees",),
     "Les gouvernances départementales passent de la définition des priorités à leur réalisation.",
     "Consulter les fiches méthodologiques et préparer le prochain comité."),
    ("Trois scénarios pour organiser une feuille de route",
     "Une feuille départementale, une départementale et plusieurs infra, ou plusieurs infra : comment choisir ?",
     "carte-territoires", ("gouvernances-partagees", "territoires-connectes"),
     "Le choix dépend des porteurs, des bassins de vie et des contrats existants ; aucun scénario n’est meilleur.",
     "Comparer les trois scénarios lors du prochain webinaire."),
    ("Concertation : une réunion de 2 h 30 prête à animer",
     "Introduction, diagnostic, priorités, conclusion : un déroulé complet et ses supports sont disponibles.",
     "concertation-table", ("citoyennete-et-engagement",),
     "Le déroulé prévoit 15 minutes d’introduction, 45 de diagnostic, 45 de priorités et 15 de conclusion.",
     "Télécharger les fiches et adapter les supports à son territoire."),
    ("Numérique en Commun[s] : le programme se construit avec le réseau",
     "Les propositions d’ateliers sont ouvertes aux hubs, aux collectivités et aux structures.",
     "salon-numerique-en-communs", ("communs", "citoyennete-et-engagement"),
     "L’édition nationale réunira les acteurs de l’inclusion numérique autour de formats participatifs.",
     "Proposer un atelier avant la fin du mois."),
    ("Une lettre d’information pour chaque territoire",
     "Chaque espace dispose désormais de sa liste et de ses abonnés, avec une inscription confirmée.",
     "lettre-information", ("reseaux-sociaux-et-communication",),
     "L’inscription demande une confirmation ; chacun peut se désinscrire en un clic.",
     "S’abonner à la lettre de son territoire."),
    ("Accessibilité : dix gestes pour publier des contenus lisibles par tous",
     "Titres hiérarchisés, liens explicites, textes de remplacement : l’essentiel en une page.",
     "accessibilite-numerique", ("accessibilite",),
     "La plupart des obstacles se corrigent au moment d’écrire, sans compétence technique.",
     "Relire sa dernière publication avec la liste de vérification."),
    ("Matériel reconditionné : un cahier des charges partagé",
     "Des structures mettent en commun leurs critères d’achat, de garantie et de suivi.",
     "materiel-reconditionne", ("materiel-reconditionne", "sobriete"),
     "Le document aide à choisir un fournisseur et à organiser la remise du matériel.",
     "Donner son avis sur la version de travail."),
    ("Aidants et démarches en ligne : sécuriser le « faire à la place »",
     "Un rappel des bonnes pratiques pour accompagner sans exposer les données des personnes.",
     "ordinateur-accompagnement", ("aide-aux-demarches-administratives", "risques-cyber-et-protection"),
     "Accompagner une démarche suppose un cadre clair, connu de la personne et de la structure.",
     "Revoir les consignes affichées à l’accueil."),
    ("Intelligence artificielle : ce que les médiateurs veulent savoir",
     "Premiers retours d’un groupe de travail sur les usages, les limites et la sensibilisation du public.",
     "fiche-methode", ("intelligence-artificielle", "education-aux-medias"),
     "Les questions portent d’abord sur la fiabilité des réponses et la protection des données.",
     "Rejoindre le groupe de travail."),
    ("Parentalité et écrans : un parcours d’ateliers clé en main",
     "Quatre séances pour parler des usages en famille sans culpabiliser.",
     "telephone-demarches", ("parentalite", "usages-responsables"),
     "Chaque séance part d’une situation vécue et se termine par un engagement simple.",
     "Programmer un cycle au prochain trimestre."),
    ("Santé en ligne : accompagner les premiers pas",
     "Un kit d’animation pour découvrir les services de santé numériques en confiance.",
     "accueil-orientation", ("sante", "aide-aux-demarches-administratives"),
     "Le kit s’adresse aux lieux d’accueil qui reçoivent des personnes peu à l’aise en ligne.",
     "Télécharger le kit et l’essayer avec deux personnes."),
    ("Données du réseau : des indicateurs communs et peu nombreux",
     "Un socle de sept indicateurs est proposé aux gouvernances pour suivre leurs actions.",
     "donnees-indicateurs", ("donnees", "gouvernances-partagees"),
     "Peu d’indicateurs, bien définis, permettent de comparer dans le temps sans alourdir la saisie.",
     "Commenter la proposition en comité technique."),
    ("Logiciels libres : un retour d’expérience de cinq lieux",
     "Cinq tiers-lieux racontent leur migration, ses surprises et ses bénéfices.",
     "communs-numeriques", ("logiciels-et-licences-libres", "souverainete-et-hebergement"),
     "La formation des équipes compte davantage que le choix de l’outil.",
     "Voir le replay du webinaire."),
    ("Sobriété numérique : mesurer avant d’agir",
     "Une méthode simple pour repérer les postes qui pèsent et décider en équipe.",
     "numerique-responsable", ("sobriete", "ecoconception"),
     "Prolonger la vie des équipements reste l’action la plus efficace.",
     "Faire l’inventaire de son parc en une heure."),
    ("Financer sa feuille de route : panorama des leviers",
     "Fonds locaux, subventions, cofinancements : ce qui existe et comment le mobiliser.",
     "financement-fonds", ("economie",),
     "La plupart des projets combinent plusieurs sources ; le calendrier est la première difficulté.",
     "Préparer un plan de financement type."),
    ("Me former : quatre parcours pour les médiateurs",
     "Accompagnement, relation avec les usagers, évolution du métier, connaissances : quatre entrées.",
     "formation-mediateurs", ("diagnostic-de-competences",),
     "Chaque parcours associe des ressources, un échange entre pairs et une mise en pratique.",
     "Choisir un parcours et en parler à sa coordination."),
    ("Outils : partir du besoin plutôt que du logiciel",
     "Le répertoire d’outils présente chaque service selon la situation à résoudre.",
     "bibliotheque-ressources", ("maitrise-des-outils",),
     "Évaluer des compétences, prendre rendez-vous, orienter : chaque besoin mène à un outil.",
     "Explorer le répertoire et signaler ce qui manque."),
    ("Le questionnaire du réseau est ouvert",
     "Besoins, contributions, rythme des rencontres : dix minutes pour orienter l’animation du réseau.",
     "reseau-acteurs", ("citoyennete-et-engagement",),
     "Les réponses serviront à fixer le programme du semestre.",
     "Répondre au questionnaire depuis le portail."),
]  # fmt: skip
REGIONAL: list[Topic] = [
    ("Le réseau des coordinateurs se retrouve {where}", "Une journée pour partager les feuilles de route et préparer l’année.", "reseau-acteurs", ("gouvernances-partagees",), "Les échanges ont porté sur la mutualisation des permanences.", "S’inscrire à la prochaine rencontre."),
    ("Un panorama des lieux d’accueil numérique {where}", "Le recensement partagé facilite l’orientation des publics.", "mairie-numerique", ("aide-aux-demarches-administratives",), "Chaque structure est invitée à vérifier sa fiche.", "Signaler un lieu manquant."),
    ("Une formation au diagnostic de compétences {where}", "Deux demi-journées pour repérer les besoins sans mettre en échec.", "formation-mediateurs", ("diagnostic-de-competences",), "La formation alterne mises en situation et retours d’expérience.", "Demander le programme."),
    ("Le matériel reconditionné se structure {where}", "Collecte, remise en état, distribution : une filière prend forme.", "materiel-reconditionne", ("materiel-reconditionne",), "Les partenaires s’accordent sur une charte de qualité.", "Rejoindre la filière."),
    ("Webinaires : un cycle sur les formes de gouvernance {where}", "Trois rendez-vous pour choisir une organisation adaptée.", "webinaire-ecran", ("gouvernances-partagees",), "Chaque séance présente deux exemples et laisse une large place aux questions.", "Consulter l’agenda."),
    ("Un bus numérique reprend la route {where}", "De nouvelles étapes desservent les communes éloignées des lieux d’accueil.", "bus-numerique", ("territoires-connectes", "mobilites"), "Le calendrier est établi avec les mairies volontaires.", "Demander une étape."),
]  # fmt: skip
DEPARTEMENTAL: list[Topic] = [
    ("Des permanences numériques plus proches {where}", "De nouveaux créneaux d’accompagnement ouvrent dans les lieux du quotidien.", "accueil-orientation", ("aide-aux-demarches-administratives",), "Les créneaux sont répartis avec les intercommunalités.", "Trouver la permanence la plus proche."),
    ("La concertation a livré ses priorités {where}", "Trois priorités ressortent des ateliers : proximité, formation, coordination.", "concertation-table", ("gouvernances-partagees",), "Les participants ont travaillé 2 h 30 selon le même déroulé.", "Lire la synthèse."),
    ("Un atelier cybersécurité pour les agents {where}", "Reconnaître un message frauduleux, protéger ses comptes, réagir.", "securite-cyber", ("risques-cyber-et-protection",), "L’atelier part de cas rencontrés à l’accueil.", "Programmer une séance."),
    ("Le tiers-lieu, porte d’entrée du numérique {where}", "Un lieu ouvert en soirée attire de nouveaux publics.", "tiers-lieu", ("communs", "loisirs-et-creation"), "Les ateliers du soir rassemblent débutants et habitués.", "Découvrir le programme."),
]  # fmt: skip


def _body(place: int, first: str, following: str) -> list[Any]:
    parts: list[Any] = [
        ("text", f"<h2>L’essentiel</h2><p>{first}</p><p>Le réseau avance à son rythme : les acteurs partagent leurs "
                 "méthodes, comparent leurs résultats et ajustent leurs actions avec les publics concernés.</p>"),
    ]  # fmt: skip
    extras: list[Any] = [
        ("callout", ("À retenir", f"<p>{following}</p>")),
        ("quote", ("Ce qui compte, c’est que chacun sache à qui s’adresser.", "Une structure du réseau")),
        ("accordions", [("Pour qui ?", "<p>Collectivités, hubs, structures et médiateurs.</p>"),
                        ("Et ensuite ?", f"<p>{following}</p>")]),
        ("tiles", [("Agenda", "Les prochains rendez-vous", "calendar", "/agenda/"),
                   ("Ressources", "Pour aller plus loin", "book", "/ressources/")]),
    ]  # fmt: skip
    return [
        *parts,
        extras[place % 4],
        (
            "text",
            f"<h2>Et maintenant</h2><ul><li>{following}</li><li>Partager ses retours avec sa coordination.</li></ul>",
        ),
        ("buttons", [("Consulter l’agenda", "/agenda/"), ("Voir les ressources", "/ressources/")]),
        NOTE,
    ]


def _news() -> list[dict[str, Any]]:
    rows: list[tuple[str, str, Topic]] = [("nation-FR", "national", topic) for topic in NATIONAL]
    regions = [key for key in IN if key.startswith("region")]
    rows += [(key, "regional", REGIONAL[place % len(REGIONAL)]) for place, key in enumerate(regions)]
    departements = [key for key in IN if key.startswith("departement")]
    rows += [(key, "departemental", topic) for key in departements for topic in DEPARTEMENTAL]
    news = []
    for place, (space, echelon, (title, lead, image, themes, first, following)) in enumerate(rows):
        news.append(
            {
                "space": space, "echelon": echelon, "title": title.format(where=IN[space]), "lead": lead, "image": image,
                "themes": themes, "body": _body(place, first, following), "days_ago": 1 + (place * 7) % 120,
            }
        )  # fmt: skip
        if place in (0, 3):
            news[-1] |= {"pinned": 30, "days_ago": 1 + place}
        if place % 9 == 4:
            news[-1] |= {"source": "La Gazette de démonstration", "source_url": "https://presse.invalid/article"}
    return news


NEWS = _news()
