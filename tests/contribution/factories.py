"""Proposals as their authors type them."""

from __future__ import annotations

from typing import Any

from pages.contribution.services import start_draft
from pages.models import Proposal
from portal.accounts.models import User

NEWS = {
    "title": ["Une permanence à Dax"],
    "territory": ["departement-40"],
    "lead": ["Tous les mardis."],
    "text": ["Premier paragraphe.\n\n- un\n- deux"],
    "echelon": ["local"],
}
EVENT = {
    "title": ["Café numérique"],
    "territory": ["departement-40"],
    "lead": ["Venez avec vos questions."],
    "start_date": ["2027-03-02"],
    "start_time": ["14:00"],
    "end_time": ["16:00"],
    "mode": ["sur_place"],
    "venue_name": ["Médiathèque"],
    "venue_commune": ["40088"],
    "format": ["atelier"],
    "organiser": ["Une association"],
    "organiser_kind": ["association"],
    "echelon": ["local"],
}
RESOURCE = {
    "title": ["Guide de la souris"],
    "territory": ["departement-40"],
    "lead": ["Pour débuter."],
    "type": ["methodologie"],
    "licence": ["licence-ouverte-2.0"],
    "link_url": ["https://exemple.fr/guide"],
    "link_label": ["Le guide"],
}
INITIATIVE = {
    "title": ["Un bus numérique"],
    "territory": ["departement-40"],
    "lead": ["Il va de village en village."],
    "bearers": ["Le département"],
}
TYPED = {"news": NEWS, "event": EVENT, "resource": RESOURCE, "initiative": INITIATIVE}


def make_draft(author: User, kind: str = "news", **typed: Any) -> Proposal:
    """A draft of ``kind``, its fields as typed; ``title="…"`` changes one."""
    data = TYPED[kind] | {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    return start_draft(actor=author, kind=kind, data=data)
