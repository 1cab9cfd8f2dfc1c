"""Dossiers as the API tells them (docs/dossier-api.md)."""

from __future__ import annotations

from typing import Any

from portal.files.selectors import served_states

from ..models import Dossier


def brief(dossier: Dossier) -> dict[str, Any]:
    """One line of the list. ``type``, ``organisation``, ``territory``, ``routed_to``, ``assignee`` must be loaded."""
    return {
        "id": dossier.pk,
        "number": dossier.number,
        "type": dossier.type.code,
        "form_version": dossier.type_version.number,
        "title": dossier.title,
        "state": dossier.state,
        "version": dossier.version,
        "territory": dossier.territory.key,
        "routed_to": dossier.routed_to.key if dossier.routed_to else None,
        "organisation": {
            "name": dossier.organisation.name,
            "kind": dossier.organisation.kind,
            "siret": dossier.organisation.siret,
        },
        "assignee": str(dossier.assignee) if dossier.assignee else None,
        "amount_requested": dossier.amount_requested,
        "amount_granted": dossier.amount_granted,
        "deposited_at": dossier.deposited_at,
        "due_at": dossier.due_at,
        "complement_due_at": dossier.complement_due_at,
        "closed_at": dossier.closed_at,
        "updated_at": dossier.updated_at,
    }


def whole(dossier: Dossier) -> dict[str, Any]:
    """Everything that instruction reads of it but messages and notes. Six queries, whatever its size."""
    served = served_states()
    files: dict[str, list[dict[str, Any]]] = {}
    for piece in dossier.pieces.filter(removed_at=None).prefetch_related("versions__file").order_by("created_at"):
        for version in sorted(piece.versions.all(), key=lambda each: each.number)[-1:]:
            files.setdefault(piece.field, []).append(
                {
                    "id": version.file_id,
                    "name": version.file.name,
                    "size": version.file.size,
                    "sha256": version.file.sha256,
                    "scan": version.file.scan_state,
                    "available": version.file.scan_state in served and version.file.erased_at is None,
                }
            )
    fields = [
        {
            "key": field["key"],
            "label": field["label"],
            "kind": field["kind"],
            "value": dossier.values.get(field["key"]),
            "files": files.get(field["key"], []),
        }
        for field in dossier.type_version.schema.get("fields", [])
        if field["kind"] not in ("titre", "explication")
    ]
    decisions = [
        {
            "state": decision.state,
            "outcome": decision.outcome,
            "reason": decision.reason,
            "amount": decision.amount,
            "proposed_at": decision.proposed_at,
            "signed_at": decision.signed_at,
            "code": decision.code,
        }
        for decision in dossier.decisions.order_by("proposed_at", "pk")
    ]
    requests = [
        {
            "number": request.number,
            "state": request.state,
            "due_on": request.due_on,
            "message": request.message,
            "items": [
                {"field": item.field, "question": item.question, "answered_at": item.answered_at}
                for item in sorted(request.items.all(), key=lambda each: each.position)
            ],
        }
        for request in dossier.requests.prefetch_related("items").order_by("number")
    ]
    events = [
        {
            "number": event.number,
            "kind": event.kind,
            "at": event.at,
            "by": event.actor_label,
            "from": event.from_state,
            "to": event.to_state,
            "hash": event.hash,
        }
        for event in dossier.events.order_by("number")
    ]
    return brief(dossier) | {"fields": fields, "decisions": decisions, "requests": requests, "events": events}
