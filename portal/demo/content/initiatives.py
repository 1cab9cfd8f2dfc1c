"""The six initiatives: facts of the field, no person."""

_DEMO = [
    ("alert", ("info", "Contenu de démonstration", "<p>Cette fiche illustre le format « retour d’expérience ».</p>"))
]


def _row(space: str, title: str, lead: str, image: str, themes: tuple[str, ...], sections: dict, text: str, **more):  # type: ignore[no-untyped-def,type-arg]
    body = [("text", text), *_DEMO]
    return {
        "space": space,
        "title": title,
        "lead": lead,
        "image": image,
        "themes": themes,
        "body": body,
        **sections,
        **more,
    }


def _sections(bearers, partners, impacts, levers, means, bodies, success_factors, vigilance):  # type: ignore[no-untyped-def]
    return {
        "bearers": bearers, "partners": partners, "impacts": impacts, "levers": levers, "means": means,
        "bodies": bodies, "success_factors": success_factors, "vigilance": vigilance,
    }  # fmt: skip


INITIATIVES = [
    _row(
        "departement-49", "MedNum 49 : quinze acteurs cofinancent la médiation numérique",
        "En Maine-et-Loire, quinze acteurs publics se regroupent pour cofinancer des postes de médiation numérique : "
        "500 000 € sur trois ans.",
        "maine-et-loire-fleuve", ("economie", "gouvernances-partagees"),
        _sections(
            "Le collectif MedNum 49, qui réunit quinze acteurs du département.",
            "Préfecture, conseil départemental, intercommunalités, opérateurs de protection sociale et associations.",
            "Des postes maintenus dans la durée ; une offre d’accompagnement lisible d’un bassin de vie à l’autre.",
            "Une convention commune et un fonds partagé, abondé par chaque membre selon ses moyens.",
            "500 000 € réunis sur trois ans, consacrés au cofinancement de postes de médiation.",
            "Un comité de pilotage semestriel et un comité technique mensuel.",
            "Un cadre simple signé par tous ; un suivi partagé des accompagnements ; une animation dédiée.",
            "Anticiper la fin des conventions ; veiller à l’équilibre entre ville et campagne.",
        ),
        "<h2>Pourquoi agir ensemble</h2><p>Chaque acteur finançait seul une partie de l’accompagnement. Le regroupement "
        "permet de consolider les postes et de couvrir tout le département.</p>",
    ),
    _row(
        "departement-85", "L’Expérithèque numérique : une banque de prêt en Vendée",
        "Une banque de prêt de matériel pour essayer avant d’acheter : 65 000 € et cinq établissements pilotes.",
        "experimentation-pret", ("materiel-reconditionne", "maitrise-des-outils"),
        _sections(
            "Le réseau vendéen de l’inclusion numérique.",
            "Cinq établissements pilotes, des collectivités et des lieux de médiation.",
            "Des équipes qui essaient en situation réelle et achètent à bon escient.",
            "Des mallettes prêtes à l’emploi, accompagnées d’une fiche d’animation.",
            "65 000 € pour constituer le fonds de matériel et organiser le prêt.",
            "Un comité de suivi trimestriel avec les cinq établissements.",
            "Une réservation simple et une prise en main courte à chaque prêt.",
            "Prévoir la maintenance, le nettoyage et l’assurance du matériel.",
        ),
        "<h2>Emprunter, essayer, décider</h2><p>Tablettes, casques et robots pédagogiques circulent entre les "
        "établissements. Chaque prêt donne lieu à un court retour d’usage, partagé avec le réseau.</p>",
    ),
    _row(
        "departement-47", "Déclic 47 : un fonds de 300 000 € et dix-neuf opérateurs",
        "Le Lot-et-Garonne réunit dix-neuf opérateurs autour d’un fonds départemental d’inclusion numérique.",
        "lot-et-garonne-vergers", ("economie", "aide-aux-demarches-administratives"),
        _sections(
            "Le programme départemental Déclic 47.",
            "Dix-neuf opérateurs : associations, lieux d’accueil, structures de proximité.",
            "Une offre coordonnée et visible dans tout le département.",
            "Un appel à projets lisible et un calendrier commun.",
            "Un fonds de 300 000 €.",
            "Un comité des financeurs et une réunion trimestrielle des opérateurs.",
            "La simplicité du dossier ; la complémentarité recherchée entre opérateurs.",
            "Ne pas disperser les moyens ; mesurer l’effet auprès des publics.",
        ),
        "<h2>Un fonds, dix-neuf opérateurs</h2><p>Le fonds finance des permanences, des ateliers et de l’itinérance. "
        "Les opérateurs partagent leur calendrier pour éviter les doublons.</p>",
    ),
    _row(
        "departement-74", "Annecy : trente actions, six axes et le festival NuméricA",
        "Un plan d’inclusion numérique de trente actions réparties en six axes, et un rendez-vous ouvert à tous.",
        "haute-savoie-lac", ("citoyennete-et-engagement", "usages-responsables"),
        _sections(
            "La collectivité d’Annecy et ses services.",
            "Bibliothèques, centres sociaux, associations et écoles.",
            "Un plan connu de tous les services et un festival fréquenté par des publics variés.",
            "Une gouvernance transversale et un événement fédérateur.",
            "Une coordination dédiée et les budgets des services associés.",
            "Un comité de pilotage annuel et un groupe par axe.",
            "Des actions concrètes, portées chacune par un service identifié.",
            "Garder la cadence entre deux éditions du festival.",
        ),
        "<h2>Six axes pour un territoire</h2><p>Le plan couvre l’accès, l’accompagnement, la formation, la "
        "citoyenneté, la sobriété et la culture numérique. NuméricA en est la vitrine.</p>",
    ),
    _row(
        "departement-40", "Landes : quatre axes, quinze actions et une évaluation partagée",
        "La feuille de route des Landes compte quatre axes et quinze actions, évaluées et déclinées par territoire.",
        "landes-dunes-pins", ("gouvernances-partagees", "diagnostic-de-competences"),
        _sections(
            "Les co-porteurs de la gouvernance départementale des Landes.",
            "Préfecture, conseil départemental, intercommunalités et structures de médiation.",
            "Quinze actions suivies, des priorités adaptées à chaque territoire.",
            "L’évaluation dès la conception et la territorialisation des actions.",
            "Une coordination départementale et des référents par intercommunalité.",
            "Un comité stratégique annuel et un comité technique trimestriel.",
            "Des indicateurs peu nombreux, choisis avec celles et ceux qui les renseignent.",
            "Ne pas alourdir la saisie ; rendre compte aux acteurs de terrain.",
        ),
        "<h2>Évaluer pour décider</h2><p>Chaque action a un pilote, une échéance et deux indicateurs. Les résultats "
        "sont présentés par territoire, puis discutés en comité.</p>",
    ),
    _row(
        "departement-84", "Vaucluse : vingt-trois collectivités et dix-huit structures autour de cinq objectifs",
        "La feuille de route de Vaucluse réunit 23 collectivités et 18 structures ; celle de Luberon Monts de Vaucluse "
        "la prolonge localement.",
        "vaucluse-luberon", ("gouvernances-partagees", "territoires-connectes"),
        _sections(
            "Les co-porteurs départementaux et Luberon Monts de Vaucluse.",
            "23 collectivités et 18 structures du territoire.",
            "Cinq objectifs communs, déclinés dans une feuille de route locale.",
            "L’alignement de la feuille de route locale sur deux axes au moins de la départementale.",
            "Les moyens des partenaires et l’appui de l’ingénierie locale.",
            "Un comité départemental et un comité local.",
            "Une concertation large et des objectifs en nombre limité.",
            "Veiller à ce que deux feuilles de route ne couvrent pas la même commune.",
        ),
        "<h2>Deux échelles, une ambition</h2><p>La feuille de route départementale fixe cinq objectifs ; celle de "
        "Luberon Monts de Vaucluse les adapte à son bassin de vie.</p>",
        territory="epci-200040442",
    ),
]  # fmt: skip
