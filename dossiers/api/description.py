"""The API in the words of OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from ..enums import Action, State
from ..rules import TRANSITIONS, Actor

_UUID = {"type": "string", "format": "uuid"}
_TEXT = {"type": "string"}
_MOMENT = {"type": ["string", "null"], "format": "date-time"}
_AMOUNT = {"type": ["string", "null"], "pattern": r"^\d+\.\d{2}$"}


def description(server: str) -> dict[str, Any]:
    """The whole document; ``server`` is the address that the paths are beneath."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dossiers",
            "version": "1",
            "description": "Lire et instruire les dossiers de ses territoires. Une clé agit au nom d’une personne.",
        },
        "servers": [{"url": server}],
        "security": [{"bearer": []}],
        "paths": {
            "/dossiers/": {"get": _list()},
            "/dossiers/{id}/": {"get": _get("Un dossier entier", {"$ref": "#/components/schemas/Whole"})},
            "/dossiers/{id}/fichiers/{file}/": {"get": _file()},
            "/dossiers/{id}/transitions/": {"post": _post()},
        },
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Dossier": _dossier(), "Whole": _whole(), "Error": _error()},
        },
    }


def _list() -> dict[str, Any]:
    def query(name: str, told: str, **schema: Any) -> dict[str, Any]:
        return {"name": name, "in": "query", "description": told, "schema": schema or _TEXT}

    many = {
        "type": "object",
        "required": ["results", "next"],
        "properties": {
            "results": {"type": "array", "items": {"$ref": "#/components/schemas/Dossier"}},
            "next": {"type": ["string", "null"]},
        },
    }
    return {
        "summary": "Les dossiers que la personne instruit, par date de dernière modification",
        "parameters": [
            query("state", "Répétable", type="array", items={"type": "string", "enum": State.values}),
            query("type", "Identifiant du type"),
            query("territory", "Clé d’un territoire, « departement-40 »"),
            query("updated_since", "ISO 8601", type="string", format="date-time"),
            query("limit", "50 sans cela", type="integer", minimum=1, maximum=200),
            query("cursor", "« next » de la page d’avant"),
        ],
        "responses": _responses("Une page", many, "400", "401", "403", "429"),
    }


def _get(summary: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "summary": summary,
        "parameters": [_path("id")],
        "responses": _responses(summary, schema, "401", "403", "404", "429"),
    }


def _file() -> dict[str, Any]:
    return {
        "summary": "Le contenu d’une pièce, une fois analysée",
        "parameters": [_path("id"), _path("file")],
        "responses": {
            "200": {"description": "Le fichier", "content": {"application/octet-stream": {}}},
            **{code: _fault(code) for code in ("401", "403", "404", "429")},
        },
    }


def _post() -> dict[str, Any]:
    people = {Actor.INSTRUCTOR, Actor.VALIDATOR}
    actions = [action.value for action in Action if TRANSITIONS[action].actors & people]
    body = {
        "type": "object",
        "required": ["action", "version"],
        "additionalProperties": False,
        "properties": {
            "action": {"type": "string", "enum": actions},
            "version": {"type": "integer"},
            "reason": _TEXT,
            "reason_code": _TEXT,
            "message": _TEXT,
            "outcome": {"type": "string", "enum": ["accepte", "refuse", "sans_suite"]},
            "amount": {"type": "string"},
            "signing": {"type": "boolean"},
            "waive_opinions": {"type": "boolean"},
            "due_on": {"type": "string", "format": "date"},
            "items": {
                "type": "array",
                "maxItems": 50,
                "items": {
                    "type": "object",
                    "required": ["field", "question"],
                    "properties": {"field": _TEXT, "question": _TEXT, "mandatory": {"type": "boolean"}},
                },
            },
        },
    }
    return {
        "summary": "Faire un acte d’instruction",
        "parameters": [
            _path("id"),
            {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 60}},
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": _responses(
            "Le dossier tel qu’il est alors",
            {"$ref": "#/components/schemas/Dossier"},
            *("400", "401", "403", "404", "409", "422", "429"),
        ),
    }


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _UUID}


_FAULTS = {
    "400": "Demande mal formée",
    "401": "Sans clé valable",
    "403": "La clé ne le permet pas",
    "404": "Rien pour cette clé",
    "409": "Quelqu’un a agi entre-temps, ou l’état ne le permet pas",
    "422": "Refusé, avec la raison",
    "429": "Trop de demandes",
}


def _fault(code: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {"description": _FAULTS[code], "content": content}


def _responses(told: str, schema: dict[str, Any], *faults: str) -> dict[str, Any]:
    good = {"description": told, "content": {"application/json": {"schema": schema}}}
    return {"200": good, **{code: _fault(code) for code in faults}}


def _dossier() -> dict[str, Any]:
    properties: dict[str, Any] = {
        "id": _UUID,
        "number": _TEXT,
        "type": _TEXT,
        "form_version": {"type": "integer"},
        "title": _TEXT,
        "state": {"type": "string", "enum": State.values},
        "version": {"type": "integer"},
        "territory": _TEXT,
        "routed_to": {"type": ["string", "null"]},
        "organisation": {"type": "object", "properties": {"name": _TEXT, "kind": _TEXT, "siret": _TEXT}},
        "assignee": {"type": ["string", "null"]},
        "amount_requested": _AMOUNT,
        "amount_granted": _AMOUNT,
    }
    for name in ("deposited_at", "due_at", "complement_due_at", "closed_at", "updated_at"):
        properties[name] = _MOMENT
    return {"type": "object", "required": list(properties), "properties": properties}


def _whole() -> dict[str, Any]:
    lists = {name: {"type": "array"} for name in ("fields", "decisions", "requests", "events")}
    more = {"type": "object", "required": list(lists), "properties": lists}
    return {"allOf": [{"$ref": "#/components/schemas/Dossier"}, more]}


def _error() -> dict[str, Any]:
    inside = {"type": "object", "required": ["code", "message"], "properties": {"code": _TEXT, "message": _TEXT}}
    return {"type": "object", "required": ["error"], "properties": {"error": inside}}
