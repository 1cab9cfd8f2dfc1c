"""How a ready type is written: its settings, and its fields in the shape of docs/dossier-fields.md."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify

from ...enums import FieldKind, State


@dataclass(frozen=True)
class ReadyType:
    """``settings``: attributes of ``DossierType``."""

    code: str
    kind: str
    title: str
    prefix: str
    fields: list[dict[str, Any]]
    settings: dict[str, Any] = field(default_factory=dict)


def ask(key: str, kind: str, label: str, **given: Any) -> dict[str, Any]:
    """A field, optional unless ``required``; what is no part of a field is an option of its kind."""
    parts = {name: given.pop(name) for name in ("help", "required", "role", "condition") if name in given}
    made: dict[str, Any] = {"key": key, "kind": str(kind), "label": label, "help": "", "required": False, "role": ""}
    return made | {"options": given, "condition": None} | parts


def column(
    key: str, label: str, kind: str = FieldKind.TEXT, *, required: bool = False, **options: Any
) -> dict[str, Any]:
    help_text = options.pop("help", "")
    return {
        "key": key, "kind": str(kind), "label": label, "help": help_text, "required": required, "options": options
    }  # fmt: skip


def among(*labels: str) -> list[dict[str, str]]:
    """Choices whose values are made of their labels."""
    return [{"value": slugify(label)[:50].strip("-"), "label": label} for label in labels]


def when(key: str, value: Any, op: str = "egal") -> dict[str, Any]:
    return {"field": key, "op": op, "value": value}


def part(key: str, label: str, text: str = "") -> dict[str, Any]:
    return ask(key, FieldKind.HEADING, label, help=text)


def contact(who: str = "du contact") -> list[dict[str, Any]]:
    """Whom the instructing service writes to; the roles make the export of contacts."""
    return [
        part("contact", "Contact", "La personne à qui le service instructeur peut s’adresser."),
        ask("contact-nom", FieldKind.TEXT, f"Nom {who}", required=True, role="contact-nom", max_length=120),
        ask("contact-fonction", FieldKind.TEXT, "Fonction", max_length=120),
        ask("contact-e-mail", FieldKind.EMAIL, f"Adresse e-mail {who}", required=True, role="contact-e-mail"),
        ask("contact-telephone", FieldKind.PHONE, f"Téléphone {who}", role="contact-telephone"),
    ]


def reason(code: str, label: str, text: str, *states: str) -> dict[str, Any]:
    return {"code": code, "label": label, "text": text, "for": [str(state) for state in states]}


#: Reasons that all types have.
REASONS = [
    reason(
        "incomplet",
        "Dossier incomplet",
        "Les compléments demandés n’ont pas été transmis dans le délai indiqué. "
        "Un nouveau dossier peut être déposé dès qu’il est complet.",
        State.DROPPED,
    ),
    reason("sans-objet", "Demande devenue sans objet", "La demande n’a plus d’objet.", State.DROPPED),
    reason("doublon", "Dossier en double", "Un autre dossier de votre organisation a le même objet.", State.DROPPED),
    reason(
        "hors-champ",
        "Hors du champ du dispositif",
        "La demande ne relève pas de la politique d’inclusion numérique telle que ce dispositif la soutient.",
        State.REFUSED,
    ),
]
MAIL_TEXTS = {
    "received": "Gardez le récépissé : il porte le numéro de votre dossier et la liste des pièces reçues.",
    "requested": "Répondez à chaque demande dans le portail, puis transmettez l’ensemble avant l’échéance.",
    "decided": "La décision, son motif et les voies de recours sont à télécharger dans votre dossier.",
}
