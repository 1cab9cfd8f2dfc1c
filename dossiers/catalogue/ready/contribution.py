"""« Contribution libre »."""

from __future__ import annotations

from ...enums import FieldKind, Kind
from .base import MAIL_TEXTS, REASONS, ReadyType, among, ask, contact, part

CONTRIBUTION = ReadyType(
    code="contribution-libre",
    kind=Kind.CONTRIBUTION,
    title="Contribution libre",
    prefix="CTR",
    fields=[
        part("contribution", "Votre contribution"),
        ask("intitule", FieldKind.TEXT, "Intitulé", required=True, role="intitule", max_length=160),
        ask(
            "nature",
            FieldKind.CHOICES,
            "Nature de la contribution",
            choices=among(
                "Partage de l’offre de service", "Retour d’expérience", "Contenu pédagogique", "Accueil de réunion"
            ),
            other=True,
        ),
        ask("texte", FieldKind.LONG_TEXT, "Texte", required=True, max_length=20000),
        ask("documents", FieldKind.PIECE, "Documents", max_files=10, notice="Tout document utile à la lecture."),
        *contact(),
    ],
    settings={
        "summary": "Adresser une contribution au service qui anime le réseau de votre territoire.",
        "instruction_days": 30,
        "retention_months": 24,
        "reasons": REASONS,
        "mail_texts": MAIL_TEXTS,
    },
)
