"""Dossiers of the Landes and of Lot-et-Garonne in every state. Days count backwards from the seeding; whoever acts is named
by the part of their address before the « @ ». Projects, amounts and exchanges are invented; territories are real.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Written(NamedTuple):
    """A dossier and what happened to it: ``acts`` are (days ago, what, who, with what)."""

    key: str
    type: str
    organisation: str
    territory: str
    depositor: str
    begun: int
    values: dict[str, Any]
    #: By field, the files' names.
    files: Mapping[str, tuple[str, ...]] = {}
    acts: tuple[tuple[int, str, str, dict[str, Any]], ...] = ()


LANDES, LOT = "departement-40", "departement-47"
DAX = "Communauté d’agglomération du Grand Dax"
MARSAN = "Mont-de-Marsan Agglomération"
MACS = "Communauté de communes Maremne Adour Côte Sud"
SEIGNANX = "Communauté de communes du Seignanx"
COUNCIL, COUNCIL_LOT = "Conseil départemental des Landes", "Conseil départemental de Lot-et-Garonne"
PINES = "Ateliers numériques des pins (démonstration)"
#: Organisations that deposit: name, kind, territory, who deposits there.
ORGANISATIONS = (
    (DAX, "epci", "epci-244000675", "intercommunalite"),
    (MARSAN, "epci", "epci-244000808", "depot.marsan"),
    (MACS, "epci", "epci-244000865", "depot.macs"),
    (SEIGNANX, "epci", "epci-244000659", "depot.seignanx"),
    (COUNCIL, "departement", LANDES, "depot.landes"),
    (COUNCIL_LOT, "departement", LOT, "depot.lot"),
)
#: Whom nobody signs in as: first and last name, and the territory where they instruct, if they do.
PEOPLE = {
    "depot.marsan": ("Maëlle", "Dépôt-Fictif", ""),
    "depot.macs": ("Gaspard", "Dépôt-Fictif", ""),
    "depot.seignanx": ("Ondine", "Dépôt-Fictif", ""),
    "depot.landes": ("Solène", "Dépôt-Fictif", ""),
    "depot.lot": ("Armand", "Dépôt-Fictif", ""),
    "instruction.lot": ("Bérénice", "Instruction-Fictive", LOT),
    "signature.lot": ("Étienne", "Instruction-Fictive", LOT),
}
#: Of the préfecture of the Landes.
LABELS = (
    ("À présenter au comité", "purple-glycine"),
    ("Budget à vérifier", "orange-terre-battue"),
    ("Prioritaire", "pink-tuile"),
)
VIEWS = (("Mes dossiers ouverts", {"etat": "ouverts", "confie": "moi"}), ("En retard", {"retard": "1"}))
ENVELOPE = "120000.00"

CONTACT = {
    "contact-nom": "Camille Exemple",
    "contact-fonction": "Direction de la cohésion sociale",
    "contact-e-mail": "contact.demonstration@exemple.fr",
}
AXES = (
    "Une offre de médiation numérique de qualité, proche de chacun",
    "Des professionnels et des aidants formés et outillés",
    "Une gouvernance locale et des financements durables",
)


def _plan(*axes: tuple[str, str, tuple[tuple[str, str, str], ...]]) -> list[dict[str, str]]:
    """Rows of the plan: axes, one objective each, actions with their pilots and calendar."""
    rows: list[dict[str, str]] = []
    for axis, objective, actions in axes:
        rows += [{"level": "axe", "intitule": axis}, {"level": "objectif", "intitule": objective}]
        rows += [
            {"level": "action", "intitule": title, "pilotes": pilots, "calendrier": when, "indicateurs": "Suivi annuel"}
            for title, pilots, when in actions
        ]
    return rows


LOCAL_PLAN = _plan(
    (AXES[0], "Un accueil à moins de vingt minutes de chaque habitant", (
        ("Tenir une permanence par semaine dans chaque commune de plus de mille habitants", "Intercommunalité, France services", "2026-2027"),
        ("Équiper un bus numérique pour les communes rurales", "Intercommunalité", "2027"))),
    (AXES[1], "Des agents d’accueil à l’aise avec l’aide aux démarches", (
        ("Former les secrétaires de mairie à Aidants Connect", "Centre de gestion, hub Solidarnum", "2026"),
        ("Organiser deux rencontres des aidants par an", "Intercommunalité", "2026-2028"))),
)  # fmt: skip
WHOLE_PLAN = _plan(
    (AXES[0], "Un maillage complet du département", (
        ("Cartographier les lieux d’inclusion numérique", "Conseil départemental", "2026"),
        ("Accompagner les collèges vers des ateliers pour les parents", "Conseil départemental, Éducation nationale", "2026-2027"))),
    (AXES[1], "Une communauté de professionnels", (
        ("Coordonner les conseillers numériques", "Conseil départemental", "2026-2028"),)),
    (AXES[2], "Des moyens qui durent", (
        ("Réunir les financeurs deux fois par an", "Conseil départemental, préfecture", "2026-2028"),)),
)  # fmt: skip


def _roadmap(name: str, carrier: str, keys: tuple[str, ...], summary: str) -> dict[str, Any]:
    return CONTACT | {
        "nom": name,
        "porteur": carrier,
        "resume": summary,
        "echelle": "infra-departementale",
        "perimetre": sorted(keys),
        "contrats": ["crte"],
        "axes": LOCAL_PLAN,
    }


def _grant(
    title: str, total: str, asked: str, *, service: bool, partners: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    return CONTACT | {
        "intitule": title,
        "siret": "35600000000048",
        "description": "Des ateliers réguliers, animés par un médiateur, avec prêt de matériel et suivi des personnes.",
        "beneficiaires": 320,
        "debut": "2027-01-04",
        "fin": "2027-12-17",
        "a-prestation": service,
        **({"prestation-montant": total, "prestation-objet": "Animation des ateliers et reconditionnement."} if service else {}),
        "a-ressource-humaine": not service,
        **({} if service else {"ressource-humaine-montant": total, "ressource-humaine-poste": "Médiation numérique, à mi-temps, un an."}),
        "cout-total": total,
        "montant-demande": asked,
        "co-financeurs": [{"nom": name, "montant": amount, "etat": "demande"} for name, amount in partners],
    }  # fmt: skip


def _governance(name: str, scenario: str, council: str) -> dict[str, Any]:
    return CONTACT | {
        "nom": name,
        "scenario": scenario,
        "note-de-contexte": "Le département compte des lieux nombreux et inégalement répartis ; la gouvernance réunit ceux "
        "qui les font vivre et ceux qui les financent.",
        "note-privee": "Deux intercommunalités hésitent encore à porter leur feuille de route.",
        "co-porteurs": [{"nom": council, "nature": "conseil-departemental", "contact": "contact.demonstration@exemple.fr"}],
        "membres": [
            {"nom": DAX, "nature": "epci", "statut": "confirme"},
            {"nom": PINES, "nature": "structure", "statut": "candidat"},
        ],
        "comites": [
            {"nom": "Comité stratégique", "type": "strategique", "frequence": "semestrielle", "composition": "Élus et préfecture."},
            {"nom": "Comité technique", "type": "technique", "frequence": "trimestrielle"},
        ],
    }  # fmt: skip


FILES_OF_GRANT = {"budget": ("budget-previsionnel.pdf",), "rib": ("rib.pdf",)}
FILES_OF_ROADMAP = {"feuille-de-route-pdf": ("feuille-de-route.pdf",)}
DOSSIERS: tuple[Written, ...] = (
    Written("gouvernance-40", "gouvernance", COUNCIL, LANDES, "depot.landes", 212,
        _governance("Gouvernance numérique des Landes", "departementale-et-infra", COUNCIL),
        {"convention": ("charte-de-gouvernance.pdf",)}, (
        (210, "deposer", "depot.landes", {}),
        (204, "prendre", "instructeur", {}),
        (190, "proposer", "instructeur", {"outcome": "accepte"}),
        (186, "accepter", "signataire", {"signing": True}),
        (185, "publier", "instructeur", {}))),
    Written("feuille-40", "feuille-de-route", COUNCIL, LANDES, "depot.landes", 182,
        CONTACT | {"nom": "Feuille de route des Landes", "porteur": COUNCIL, "echelle": "departementale", "axes": WHOLE_PLAN,
                   "contrats": ["crte", "sdaasap"],
                   "resume": "Relier les lieux, former les aidants et financer dans la durée, à l’échelle du département."},
        FILES_OF_ROADMAP | {"deliberation": ("deliberation.pdf",)}, (
        (178, "deposer", "depot.landes", {}),
        (171, "prendre", "instructeur", {}),
        (150, "proposer", "instructeur", {"outcome": "accepte"}),
        (147, "accepter", "signataire", {"signing": True}),
        (146, "publier", "instructeur", {}))),
    Written("feuille-dax", "feuille-de-route", DAX, LANDES, "intercommunalite", 120,
        _roadmap("Le numérique près de chez soi, en Grand Dax", DAX, ("epci-244000675", "epci-244000881"),
                 "Des permanences dans chaque commune et des aidants formés, du Grand Dax aux vallées des Luys."),
        FILES_OF_ROADMAP | {"deliberation": ("deliberation.pdf", "lettre-d-engagement.pdf")}, (
        (116, "deposer", "intercommunalite", {}),
        (112, "prendre", "instructeur", {}),
        (110, "etiqueter", "instructeur", {"label": "À présenter au comité"}),
        (108, "demander_complements", "instructeur", {"message": "Merci de préciser deux points avant le comité.", "days": 20, "items": (
            ("resume", "Dites en une phrase combien de personnes seront accueillies."),
            ("feuille-de-route-pdf", "Joignez la version signée."))}),
        (101, "repondre", "intercommunalite", {"values": {"resume": "Des permanences dans chaque commune et des aidants formés, "
            "du Grand Dax aux vallées des Luys : quatre mille personnes accueillies en trois ans."},
            "files": {"feuille-de-route-pdf": "feuille-de-route-signee.pdf"}}),
        (96, "demander_avis", "instructeur", {"email": "avis", "question": "Le plan d’action est-il réaliste au vu des moyens ?"}),
        (90, "rendre_avis", "avis", {"view": "reserve", "text": "Oui, à condition de recruter le médiateur avant l’été."}),
        (84, "proposer", "instructeur", {"outcome": "accepte"}),
        (80, "accepter", "signataire", {"signing": True}),
        (79, "publier", "instructeur", {}))),
    Written("feuille-macs", "feuille-de-route", MACS, LANDES, "depot.macs", 40,
        _roadmap("Maremne Adour Côte Sud, toutes et tous connectés", MACS, ("epci-244000865",),
                 "Un réseau de lieux ouverts toute l’année, du littoral à l’Adour."), FILES_OF_ROADMAP, (
        (34, "deposer", "depot.macs", {}),
        (31, "prendre", "instructeur", {}),
        (20, "message", "instructeur", {"text": "Bonjour, votre dossier est complet. Nous le proposons cette semaine à la signature."}),
        (19, "message", "depot.macs", {"text": "Merci beaucoup, nous restons disponibles pour le comité."}),
        (12, "note", "instructeur", {"text": "Vu avec la direction : avis favorable, à signer avant la fin du mois."}),
        (3, "proposer", "instructeur", {"outcome": "accepte"}))),
    Written("feuille-marsan", "feuille-de-route", MARSAN, LANDES, "depot.marsan", 30,
        _roadmap("Mont-de-Marsan Agglomération, un numérique d’intérêt général", MARSAN, ("epci-244000808", "epci-244000824"),
                 "Former les agents d’accueil et aller vers les personnes isolées, de l’agglomération au Pays grenadois."),
        FILES_OF_ROADMAP, (
        (24, "deposer", "depot.marsan", {}),
        (20, "prendre", "signataire", {}),
        (6, "demander_complements", "signataire", {"message": "Deux points à préciser.", "days": 15, "items": (
            ("axes", "Indiquez le calendrier de chaque action."),
            ("deliberation", "Joignez la délibération du conseil communautaire."))}))),
    Written("feuille-seignanx", "feuille-de-route", SEIGNANX, LANDES, "depot.seignanx", 9,
        _roadmap("Le Seignanx, solidaire et connecté", SEIGNANX, ("epci-244000659",),
                 "Un lieu ressource à Saint-Martin-de-Seignanx et des ateliers itinérants."), FILES_OF_ROADMAP, (
        (2, "deposer", "depot.seignanx", {}),)),
    Written("subvention-bus", "demande-de-subvention", PINES, LANDES, "depositaire", 150,
        _grant("Un bus numérique pour les communes rurales", "48000.00", "32000.00", service=True, partners=((COUNCIL, "10000.00"), ("Fonds propres", "6000.00"))),
        FILES_OF_GRANT | {"devis": ("devis-bus.pdf",)}, (
        (140, "deposer", "depositaire", {}),
        (136, "prendre", "instructeur", {}),
        (120, "proposer", "instructeur", {"outcome": "accepte", "amount": "30000.00"}),
        (117, "accepter", "signataire", {"signing": True}))),
    Written("subvention-ateliers", "demande-de-subvention", PINES, LANDES, "depositaire", 90,
        _grant("Ateliers numériques en résidence autonomie", "22000.00", "15000.00", service=False, partners=((COUNCIL, "7000.00"),)),
        FILES_OF_GRANT, (
        (88, "deposer", "depositaire", {}),
        (80, "prendre", "instructeur", {}),
        (76, "etiqueter", "instructeur", {"label": "Budget à vérifier"}),
        (70, "message", "instructeur", {"text": "Bonjour, pouvez-vous préciser le taux horaire retenu ?"}))),
    Written("subvention-jeunes", "demande-de-subvention", PINES, LANDES, "depositaire", 100,
        _grant("Cartes d’identité numérique : accompagner les jeunes majeurs", "9000.00", "9000.00", service=True, partners=()),
        FILES_OF_GRANT, (
        (95, "deposer", "depositaire", {}),
        (93, "prendre", "signataire", {}),
        (75, "proposer", "signataire", {"outcome": "refuse", "reason_code": "budget"}),
        (72, "refuser", "instructeur", {"signing": True}))),
    Written("subvention-reprise", "demande-de-subvention", MARSAN, LANDES, "depot.marsan", 130,
        _grant("Reconditionner et prêter des ordinateurs", "26000.00", "18000.00", service=True, partners=((MARSAN, "8000.00"),)),
        FILES_OF_GRANT, (
        (125, "deposer", "depot.marsan", {}),
        (121, "prendre", "instructeur", {}),
        (100, "proposer", "instructeur", {"outcome": "refuse", "reason_code": "enveloppe"}),
        (98, "refuser", "signataire", {"signing": True}),
        (15, "rouvrir", "signataire", {"reason": "Des crédits reviennent à l’enveloppe : le dossier est étudié de nouveau."}))),
    Written("subvention-wifi", "demande-de-subvention", MACS, LANDES, "depot.macs", 65,
        _grant("Points d’accès publics dans les médiathèques", "14000.00", "8000.00", service=True, partners=((MACS, "6000.00"),)),
        FILES_OF_GRANT, (
        (60, "deposer", "depot.macs", {}),
        (48, "retirer", "depot.macs", {"reason": "Le projet est financé autrement."}))),
    Written("subvention-brouillon", "demande-de-subvention", PINES, LANDES, "depositaire", 4,
        CONTACT | {"intitule": "Un fablab itinérant", "description": "À compléter avec le conseil d’administration."}, {"rib": ("rib.pdf",)}),
    Written("besoins-40", "besoins-en-ingenierie", COUNCIL, LANDES, "depot.landes", 60,
        CONTACT | {"intitule": "Accompagner la mise en œuvre de la feuille de route", "contexte": "La feuille de route est adoptée ; il faut l’animer.",
                   "formaliser-diagnostic": ["ressource-humaine"], "financer-animer": ["ressource-humaine", "prestation"],
                   "outiller-donnees": ["prestation"], "former-agents-publics": ["prestation"],
                   "priorite": "Animer la feuille de route, collecter les données, former les agents."}, {}, (
        (56, "deposer", "depot.landes", {}),
        (50, "prendre", "instructeur", {}),
        (42, "accepter", "instructeur", {}))),
    Written("candidature-dax", "candidature-gouvernance", DAX, LANDES, "intercommunalite", 20,
        CONTACT | {"nom": DAX, "nature": "epci", "commune": "commune-40088", "souhait-portage": "porter",
                   "motivation": "Nous portons déjà une feuille de route et souhaitons copiloter la gouvernance."}, {}, (
        (18, "deposer", "intercommunalite", {}),
        (10, "prendre", "instructeur", {}),
        (8, "demander_avis", "instructeur", {"email": "avis", "question": "Cette intercommunalité peut-elle copiloter ?", "days": 20}))),
    Written("candidature-pins", "candidature-gouvernance", PINES, LANDES, "depositaire", 14,
        CONTACT | {"nom": PINES, "nature": "structure", "souhait-portage": "participer",
                   "motivation": "Nous animons six ateliers par semaine et connaissons les publics."}, {}, (
        (13, "deposer", "depositaire", {}),)),
    Written("contribution-pins", "contribution-libre", PINES, LANDES, "depositaire", 75,
        CONTACT | {"intitule": "Retour d’expérience : les permanences en mairie", "nature": ["retour-dexperience"],
                   "texte": "Ce qui a marché, ce qui n’a pas marché, et ce que nous referions."}, {}, (
        (74, "deposer", "depositaire", {}),
        (72, "prendre", "instructeur", {}),
        (70, "classer", "instructeur", {"reason_code": "sans-objet"}))),
    Written("gouvernance-47", "gouvernance", COUNCIL_LOT, LOT, "depot.lot", 110,
        _governance("Gouvernance numérique de Lot-et-Garonne", "departementale", COUNCIL_LOT), {}, (
        (105, "deposer", "depot.lot", {}),
        (99, "prendre", "instruction.lot", {}),
        (82, "proposer", "instruction.lot", {"outcome": "accepte"}),
        (80, "accepter", "signature.lot", {"signing": True}))),
    Written("feuille-47", "feuille-de-route", COUNCIL_LOT, LOT, "depot.lot", 70,
        CONTACT | {"nom": "Feuille de route de Lot-et-Garonne", "porteur": COUNCIL_LOT, "echelle": "departementale", "axes": WHOLE_PLAN,
                   "resume": "Un socle commun de services dans chaque bassin de vie."}, FILES_OF_ROADMAP, (
        (64, "deposer", "depot.lot", {}),
        (60, "prendre", "instruction.lot", {}))),
)  # fmt: skip
