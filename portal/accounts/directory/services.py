"""Exporting the directory."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from portal.core.ratelimit import over_limit
from portal.core.spreadsheets import table

from ..abilities import get_abilities
from ..models import User
from ..rules import Ability
from .selectors import cards, directory, exportable, narrowed, ordered

EXPORTS_AN_HOUR = 10
MOST_ROWS = 20_000
HEADS = ("Nom", "Fonction", "Poste", "Organisation", "Nature", "Territoire", "Adresse e-mail", "Téléphone")


class ExportError(Exception):
    """No export; the message is French, for the person who asked."""


@transaction.atomic
def export_directory(*, actor: User, kind: str, criteria: dict[str, Any]) -> bytes:
    """The file of the people that match, of the territories whose contacts ``actor`` may export, and of them what the
    actor may see. Side effects: a log row (who, which filters, how many). Raises :class:`ExportError`.
    """
    if not get_abilities(actor).anywhere(Ability.EXPORT_CONTACTS):
        raise ExportError("Vous ne pouvez pas exporter l’annuaire.")
    if over_limit(str(actor.pk), "directory-export", EXPORTS_AN_HOUR):
        raise ExportError("Vous avez fait plusieurs exports depuis une heure. Attendez un peu avant le prochain.")
    found = cards(ordered(exportable(actor, narrowed(directory(actor), **criteria)))[: MOST_ROWS + 1])
    if len(found) > MOST_ROWS:
        raise ExportError(f"Cet export dépasse {MOST_ROWS} personnes\u00a0: précisez les filtres.")
    territory = criteria.get("territory")
    filters = {key: str(value) for key, value in criteria.items() if value and key != "territory"}
    if territory is not None:
        filters["territory"] = territory.key
    log(instance=actor, action="accounts.directory.export", user=actor,
        data={"count": len(found), "format": kind, "filters": filters})  # fmt: skip
    rows = [
        (
            card.name,
            card.function,
            card.position,
            card.organisation,
            card.kind,
            card.territory.label if card.territory else "",
            card.email,
            card.phone,
        )
        for card in found
    ]
    return table(kind, HEADS, rows)
