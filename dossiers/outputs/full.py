"""The whole dossier as one document: what both parties read of it, so that either may hand it on.

Neither notes, nor avis, nor what instruction does among itself; the form as it was last sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ..enums import RequestState, Side
from ..fields.display import Row, rows
from ..fields.schema import load_schema
from ..models import ComplementRequest, Decision, Dossier, DossierDocument, DossierRevision, Message
from ..money import euros
from ..pieces.services import sent_files
from .history import shown
from .sheets import moment, outcome_of, part, sheet_of

MOST_MESSAGES: Final = 500
MOST_EVENTS: Final = 500


def full(document: DossierDocument) -> dict[str, Any]:
    """Form, perimeter, pieces, complements, messages, decisions, history. A dozen queries, whatever its size."""
    dossier = document.dossier
    revision = DossierRevision.objects.filter(dossier=dossier).order_by("-number").first()
    values = revision.values if revision is not None else dossier.values
    facts = [("État", dossier.state_label(Side.ORGANISATION))]
    if dossier.deposited_at is not None:
        facts.append(("Déposé le", moment(dossier.deposited_at, dossier)))
    if revision is not None:
        facts.append(("Envoi", f"n° {revision.number}, {moment(revision.at, dossier)}"))
    facts.append(("Établi le", moment(document.created_at, dossier)))
    parts = [
        part("Formulaire", [], fields=[_field(row) for row in rows(load_schema(dossier.type_version), values)]),
        _pieces(dossier),
        *_requests(dossier),
        *_messages(dossier),
        *_decisions(dossier),
        _history(dossier),
    ]
    return sheet_of(dossier, f"Dossier {dossier.number}", facts, parts)


def _field(row: Row) -> dict[str, Any]:
    label = row.field.label
    if row.is_heading:
        return {"label": label, "text": "", "heading": True}
    if row.table is not None and row.table.rows:
        table = {"headers": row.table.headers, "rows": row.table.rows}
        return {"label": label, "text": "", "table": table}
    if row.field.kind == "piece":
        return {"label": label, "text": "Voir « Pièces »."}
    return {"label": label, "text": row.text or "Sans réponse."}


def _pieces(dossier: Dossier) -> dict[str, Any]:
    labels = {field.key: field.label for field in load_schema(dossier.type_version).fields}
    files = [
        {"name": version.file.name, "label": labels.get(key, key), "sha256": version.file.sha256}
        for key, versions in sent_files(dossier).items()
        for version in versions
    ]
    return part("Pièces", [] if files else ["Aucune pièce n’est jointe."], files)


def _requests(dossier: Dossier) -> Iterable[dict[str, Any]]:
    labels = {field.key: field.label for field in load_schema(dossier.type_version).fields}
    for request in ComplementRequest.objects.filter(dossier=dossier).prefetch_related("items").order_by("number"):
        told = [f"Demandés le {moment(request.asked_at, dossier)} – {RequestState(request.state).label.lower()}."]
        fields = [
            {
                "label": labels.get(item.field, item.field),
                "text": " – ".join(filter(None, [item.question, item.comment])),
            }
            for item in sorted(request.items.all(), key=lambda each: each.position)
        ]
        yield part(f"Compléments, demande n° {request.number}", [*told, request.message], fields=fields)


def _messages(dossier: Dossier) -> Iterable[dict[str, Any]]:
    thread = Message.objects.filter(dossier=dossier, internal=False, withdrawn_at=None)
    found = list(thread.prefetch_related("attachments__file").order_by("-at", "-pk")[: MOST_MESSAGES + 1])
    if not found:
        return
    fields = []
    for each in reversed(found[:MOST_MESSAGES]):
        files = ", ".join(attached.file.name for attached in each.attachments.all())
        text = "\n".join(filter(None, [each.body, f"Fichiers joints : {files}." if files else ""]))
        fields.append({"label": f"{each.author_label}, le {moment(each.at, dossier)}", "text": text})
    told = [f"Les {MOST_MESSAGES} derniers messages."] if len(found) > MOST_MESSAGES else []
    yield part("Messages", told, fields=fields)


def _decisions(dossier: Dossier) -> Iterable[dict[str, Any]]:
    made = Decision.objects.filter(dossier=dossier, signed_at__isnull=False).order_by("signed_at", "pk")
    for each in made:
        assert each.signed_at is not None
        told = [f"{outcome_of(each)}, signée le {moment(each.signed_at, dossier)} par {each.signed_label}."]
        if each.amount is not None:
            told.append(f"Montant accordé : {euros(each.amount)}.")
        if each.lapsed_at is not None:
            told.append(f"Caduque depuis le {moment(each.lapsed_at, dossier)}.")
        yield part("Décision", [*told, *each.reason.splitlines(), f"Code de vérification : {each.code}"])


def _history(dossier: Dossier) -> dict[str, Any]:
    """As the organisation reads it, from the deposit on."""
    events = shown(dossier, desk=False, organisation=False).order_by("-number")[:MOST_EVENTS]
    lines = [[moment(each.at, dossier), each.get_kind_display(), each.actor_label] for each in reversed(events)]
    table = {"headers": ["Le", "Quoi", "Par"], "rows": lines}
    told = [f"Les {MOST_EVENTS} derniers événements."] if len(lines) == MOST_EVENTS else []
    return part("Historique", told, fields=[{"label": "", "text": "", "table": table}] if lines else [])
