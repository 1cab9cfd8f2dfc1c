"""« Besoins en ingénierie »: four families of items, each by human resource and/or service."""

from __future__ import annotations

from typing import Any

from ...enums import FieldKind, Kind
from .base import MAIL_TEXTS, REASONS, ReadyType, among, ask, contact, part, when

FAMILIES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "formaliser": (
        "Formaliser les feuilles de route",
        (
            ("diagnostic", "Diagnostic territorial"),
            ("co-construire", "Co-construire la feuille de route"),
            ("rediger", "Rédiger la feuille de route"),
            ("vehicule", "Créer un véhicule juridique"),
        ),
    ),
    "financer": (
        "Financer le déploiement",
        (
            ("fonds-local", "Créer un fonds local"),
            ("dossiers-complexes", "Monter des dossiers de subvention complexes"),
            ("animer", "Animer et mettre en œuvre la feuille de route"),
        ),
    ),
    "outiller": (
        "Outils des acteurs",
        (
            ("reconditionnement", "Structurer une filière de reconditionnement"),
            ("donnees", "Collecter des données"),
            ("sensibiliser", "Sensibiliser aux outils existants"),
        ),
    ),
    "former": (
        "Former les professionnels",
        (
            ("agents-publics", "Former des agents publics"),
            ("salaries", "Former des salariés associatifs"),
            ("qualiopi", "Appui à la certification Qualiopi"),
        ),
    ),
}
BY = among("Ressource humaine", "Prestation")


def _family(key: str, label: str, items: tuple[tuple[str, str], ...]) -> list[dict[str, Any]]:
    help_text = "Cochez les moyens dont vous avez besoin ; ne cochez rien si vous n’avez pas ce besoin."
    return [
        part(key, label, help_text),
        *(ask(f"{key}-{name}", FieldKind.CHOICES, title, choices=BY) for name, title in items),
        ask(f"{key}-autre", FieldKind.TEXT, f"Autre besoin ({label.lower()})", max_length=300),
        ask(
            f"{key}-autre-moyens",
            FieldKind.CHOICES,
            f"Moyens de cet autre besoin ({label.lower()})",
            choices=BY,
            condition=when(f"{key}-autre", None, "rempli"),
        ),
    ]


NEEDS = ReadyType(
    code="besoins-en-ingenierie",
    kind=Kind.NEEDS,
    title="Besoins en ingénierie",
    prefix="BES",
    fields=[
        part("presentation", "Présentation"),
        ask("intitule", FieldKind.TEXT, "Intitulé de la demande", required=True, role="intitule", max_length=160),
        ask("contexte", FieldKind.LONG_TEXT, "Contexte", required=True, max_length=5000),
        *(field for key, (label, items) in FAMILIES.items() for field in _family(key, label, items)),
        part("priorites", "Priorités"),
        ask("priorite", FieldKind.LONG_TEXT, "Vos trois priorités", max_length=3000),
        ask("echeance", FieldKind.DATE, "Échéance souhaitée"),
        *contact(),
    ],
    settings={
        "summary": "Dire les besoins d’accompagnement d’une gouvernance, par ressource humaine ou prestation.",
        "guidance": "Recensez les besoins avec les membres de la gouvernance avant de remplir.",
        "territory_levels": ["region", "departement", "epci"],
        "reasons": REASONS,
        "mail_texts": MAIL_TEXTS,
    },
)
