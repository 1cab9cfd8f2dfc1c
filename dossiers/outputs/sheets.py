"""What the documents of a dossier say."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format

from ..enums import State
from ..fields.schema import load_schema
from ..models import Decision, Dossier, DossierDocument, DossierRevision
from ..money import euros

#: Code de justice administrative, R. 421-1 and R. 421-5: without it the time to appeal does not begin.
APPEAL: Final = (
    "Cette décision peut être contestée, dans les deux mois qui suivent sa notification, par un recours devant le "
    "tribunal administratif compétent (articles R. 421-1 et suivants du code de justice administrative), y compris "
    "sur www.telerecours.fr. Un recours gracieux auprès du service instructeur, ou hiérarchique, est possible dans le "
    "même délai."
)


def moment(at: datetime, dossier: Dossier) -> str:
    """« 3 mars 2026 à 14:05 », on the clocks of the dossier's territory."""
    local = at.astimezone(ZoneInfo(dossier.territory.time_zone))
    return f"{date_format(local.date(), 'j F Y')} à {local:%H:%M} (heure {dossier.territory.time_zone})"


def receipt(document: DossierDocument) -> dict[str, Any]:
    """Of a deposit: what was received, from whom, when; each piece with its fingerprint. One query."""
    dossier = document.dossier
    assert dossier.deposited_at is not None
    revision = DossierRevision.objects.filter(dossier=dossier).order_by("number").first()
    labels = {field.key: field.label for field in load_schema(dossier.type_version).fields}
    files = [
        {"name": line[1], "label": labels.get(key, key), "sha256": line[2]}
        for key, lines in (revision.pieces if revision else {}).items()
        for line in lines
    ]
    told = ["Le portail a reçu ce dossier. Ce récépissé ne dit rien de la suite qui lui sera donnée."]
    pieces = [] if files else ["Aucune pièce n’était jointe."]
    return sheet_of(
        dossier,
        f"Récépissé de dépôt du dossier {dossier.number}",
        [("Déposé le", moment(dossier.deposited_at, dossier))],
        [part("Dépôt", told), part("Pièces reçues", pieces, files)],
    )


def decision(document: DossierDocument) -> dict[str, Any]:
    """A decision, as it was signed, with the address where anyone checks it."""
    dossier, made = document.dossier, document.decision
    assert made is not None
    assert made.signed_at is not None
    facts = [("Décision", outcome_of(made)), ("Signée le", moment(made.signed_at, dossier))]
    facts.append(("Signée par", made.signed_label))
    if made.amount is not None:
        facts.append(("Montant accordé", euros(made.amount)))
    parts = [part("Motif", made.reason.splitlines())] if made.reason.strip() else []
    parts.append(part("Voies et délais de recours", [APPEAL]))
    sheet = sheet_of(dossier, f"Décision sur le dossier {dossier.number}", facts, parts)
    return sheet | {"code": made.code, "url": verification_url(made)}


def outcome_of(made: Decision) -> str:
    return State(made.outcome).label


def verification_url(made: Decision) -> str:
    return settings.SITE_URL + reverse("dossiers:verify", args=[made.code])


def sheet_of(dossier: Dossier, title: str, facts: list[tuple[str, str]], parts: list[dict[str, Any]]) -> dict[str, Any]:
    """What ``drawing.draw_sheet`` takes, with what every document says of its dossier."""
    about = [
        ("Dossier", dossier.number or ""),
        ("Type", dossier.type.title),
        ("Intitulé", dossier.label),
        ("Organisation", str(dossier.organisation)),
        ("Territoire", str(dossier.territory)),
    ]
    service = f"Service instructeur : {dossier.routed_to}"
    return {
        "title": title,
        "author": service,
        "number": dossier.number,
        "facts": [*about, *facts],
        "parts": parts,
        "code": "",
        "url": "",
    }


def part(
    title: str,
    paragraphs: list[str],
    files: list[dict[str, str]] | None = None,
    *,
    fields: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """A part of a sheet. ``fields``: label and text each, a heading, or a table (headers, rows)."""
    told = [each for each in paragraphs if each.strip()]
    return {"title": title, "paragraphs": told, "files": files or [], "fields": fields or []}
