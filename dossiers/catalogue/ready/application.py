"""« Candidature à la gouvernance »: who applies, and whether they would carry, take part, or are suggested."""

from __future__ import annotations

from ...enums import Carrying, FieldKind, Kind, State
from .base import MAIL_TEXTS, REASONS, ReadyType, ask, contact, part, reason, when
from .governance import KINDS

APPLICATION = ReadyType(
    code="candidature-gouvernance",
    kind=Kind.APPLICATION,
    title="Candidature à la gouvernance",
    prefix="CAND",
    fields=[
        part("candidat", "Le candidat"),
        ask("nom", FieldKind.TEXT, "Nom de la collectivité ou de la structure", required=True, role="intitule"),
        ask("nature", FieldKind.CHOICE, "Nature", required=True, choices=KINDS),
        ask("siret", FieldKind.SIRET, "SIRET ou RIDET"),
        ask("commune", FieldKind.TERRITORY, "Commune du siège", levels=["commune"]),
        part("souhait", "Souhait"),
        ask(
            "souhait-portage",
            FieldKind.CHOICE,
            "Votre place dans la gouvernance",
            required=True,
            role="portage",
            help="Seuls un conseil régional, un conseil départemental ou une intercommunalité peuvent porter.",
            choices=[{"value": each.value, "label": each.label} for each in Carrying],
        ),
        ask(
            "suggere-par",
            FieldKind.TEXT,
            "Suggéré par",
            condition=when("souhait-portage", Carrying.SUGGESTED.value),
        ),
        ask("motivation", FieldKind.LONG_TEXT, "Motivation", required=True, max_length=5000),
        ask("moyens", FieldKind.LONG_TEXT, "Moyens que vous apportez", max_length=3000),
        *contact("du référent"),
    ],
    settings={
        "summary": "Être candidat pour porter la gouvernance d’un département, ou pour y participer.",
        "carrier_kinds": ["region", "departement", "epci"],
        "territory_levels": ["departement"],
        "instruction_days": 30,
        "retention_months": 36,
        "reasons": [
            *REASONS,
            reason(
                "deja-membre", "Déjà membre", "Votre organisation est déjà membre de la gouvernance.", State.DROPPED
            ),
        ],
        "mail_texts": MAIL_TEXTS,
    },
)
