"""« Gouvernance »: co-porteurs, members, comités, scenario, notes."""

from __future__ import annotations

from ...enums import FieldKind, Kind, Scenario, State
from .base import MAIL_TEXTS, REASONS, ReadyType, among, ask, column, contact, part, reason

KINDS = among("Conseil régional", "Conseil départemental", "EPCI", "Commune", "Structure")

GOVERNANCE = ReadyType(
    code="gouvernance",
    kind=Kind.GOVERNANCE,
    title="Gouvernance",
    prefix="GOUV",
    fields=[
        part("presentation", "La gouvernance", "Une seule gouvernance par département."),
        ask("nom", FieldKind.TEXT, "Nom de la gouvernance", required=True, role="intitule", max_length=160),
        ask(
            "scenario",
            FieldKind.CHOICE,
            "Scénario de feuilles de route",
            required=True,
            role="scenario",
            choices=[{"value": each.value, "label": each.label} for each in Scenario],
        ),
        ask(
            "note-de-contexte",
            FieldKind.LONG_TEXT,
            "Note de contexte",
            required=True,
            role="texte-public",
            help="Publique : elle est reprise sur la page de la gouvernance.",
            max_length=8000,
        ),
        ask(
            "note-privee",
            FieldKind.LONG_TEXT,
            "Note privée",
            help="Lue de votre organisation et du service instructeur seulement ; jamais publiée.",
            max_length=8000,
        ),
        part("acteurs", "Co-porteurs et membres"),
        ask(
            "co-porteurs",
            FieldKind.TABLE,
            "Co-porteurs",
            required=True,
            help="Un au moins : conseil régional, conseil départemental ou intercommunalité, ou la préfecture.",
            columns=[
                column("nom", "Nom", required=True),
                column(
                    "nature",
                    "Nature",
                    FieldKind.CHOICE,
                    required=True,
                    choices=among("Conseil régional", "Conseil départemental", "EPCI", "Préfecture"),
                ),
                column("siret", "SIRET", FieldKind.SIRET),
                column("contact", "Adresse e-mail du référent", FieldKind.EMAIL),
            ],
            min_rows=1,
            max_rows=20,
        ),
        ask(
            "membres",
            FieldKind.TABLE,
            "Membres",
            columns=[
                column("nom", "Nom", required=True),
                column("nature", "Nature", FieldKind.CHOICE, required=True, choices=KINDS),
                column("statut", "Statut", FieldKind.CHOICE, required=True, choices=among("Candidat", "Confirmé")),
                column("contact", "Adresse e-mail du référent", FieldKind.EMAIL),
            ],
            max_rows=300,
        ),
        part("instances", "Comités"),
        ask(
            "comites",
            FieldKind.TABLE,
            "Comités",
            required=True,
            columns=[
                column("nom", "Nom"),
                column(
                    "type",
                    "Type",
                    FieldKind.CHOICE,
                    required=True,
                    choices=among("Stratégique", "Technique", "Consultatif", "Autre comité"),
                ),
                column(
                    "frequence",
                    "Fréquence",
                    FieldKind.CHOICE,
                    required=True,
                    choices=among("Mensuelle", "Trimestrielle", "Semestrielle", "Annuelle"),
                ),
                column("composition", "Composition", FieldKind.LONG_TEXT),
            ],
            min_rows=1,
            max_rows=30,
        ),
        part("pieces", "Pièces"),
        ask(
            "convention",
            FieldKind.PIECE,
            "Convention ou charte de gouvernance",
            accept=["pdf", "odt", "docx"],
            max_files=5,
            notice="Signée si elle l’est déjà, sinon en projet.",
        ),
        *contact(),
    ],
    settings={
        "summary": "Faire reconnaître la gouvernance locale d’un département.",
        "guidance": "Réunissez la liste des co-porteurs et des membres, les comités et la note de contexte.",
        "carrier_kinds": ["region", "departement", "epci"],
        "organisation_kinds": ["prefecture", "region", "departement", "epci"],
        "territory_levels": ["departement"],
        "second_person": True,
        "publishable": True,
        "public_figures": True,
        "retention_months": 120,
        "reasons": [
            *REASONS,
            reason(
                "concertation",
                "Concertation insuffisante",
                "Les collectivités et structures du département n’ont pas été suffisamment associées.",
                State.REFUSED,
            ),
        ],
        "mail_texts": MAIL_TEXTS,
    },
)
