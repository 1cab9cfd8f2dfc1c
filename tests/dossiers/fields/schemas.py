"""Forms of the tests of fields."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from dossiers.fields.schema import Schema, parse_schema
from tests.dossiers.factories import field

EVERY_KIND: list[dict[str, Any]] = [
    field("titre-1", "titre", "Le projet"),
    field("lire", "explication", "À lire", help="Avant de commencer."),
    field("nom", "texte", "Nom du projet", required=True, role="intitule", options={"max_length": 60}),
    field("resume", "texte-long", "Résumé", options={"max_length": 500}),
    field("nombre", "entier", "Nombre d’ateliers", options={"min": 1, "max": 1000}),
    field("montant", "montant", "Montant demandé", role="montant-demande", options={"max": "500000"}),
    field("debut", "date", "Début"),
    field("partenaires", "oui-non", "Avez-vous des partenaires ?"),
    field(
        "lesquels",
        "texte-long",
        "Lesquels ?",
        required=True,
        condition={"field": "partenaires", "op": "egal", "value": True},
    ),
    field(
        "statut",
        "choix",
        "Statut",
        options={"choices": [{"value": "asso", "label": "Association"}, {"value": "sa", "label": "SA"}], "other": True},
    ),
    field(
        "publics",
        "choix-multiples",
        "Publics",
        options={
            "choices": [{"value": "jeunes", "label": "Jeunes"}, {"value": "aines", "label": "Aînés"}],
            "other": True,
        },
    ),
    field("lieu", "territoire", "Commune", options={"levels": ["commune"]}),
    field("perimetre", "perimetre", "Périmètre", role="perimetre", options={"levels": ["epci"]}),
    field("siret", "siret", "SIRET"),
    field("courriel", "e-mail", "Adresse e-mail"),
    field("tel", "telephone", "Téléphone"),
    field(
        "budget",
        "tableau",
        "Budget",
        options={
            "columns": [
                {"key": "poste", "kind": "texte", "label": "Poste", "required": True},
                {"key": "cout", "kind": "montant", "label": "Coût"},
            ],
            "max_rows": 5,
        },
    ),
    field("pdf", "piece", "Feuille de route en PDF", options={"accept": ["pdf"], "max_files": 2}),
]

OUTLINE = field(
    "axes",
    "tableau",
    "Axes, objectifs, actions",
    role="axes",
    options={
        "levels": [
            {"key": "axe", "label": "Axe"},
            {"key": "objectif", "label": "Objectif", "numbered": False},
            {"key": "action", "label": "Action"},
        ],
        "columns": [
            {"key": "intitule", "kind": "texte", "label": "Intitulé", "required": True},
            {"key": "pilotes", "kind": "texte", "label": "Pilotes", "options": {"levels": ["action"]}},
        ],
        "max_rows": 100,
    },
)


def schema_of(*fields: dict[str, Any]) -> Schema:
    return parse_schema({"fields": list(fields)})


def every_kind() -> Schema:
    return schema_of(*EVERY_KIND, OUTLINE)


def posted(values: dict[str, Any]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data
