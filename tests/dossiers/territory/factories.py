"""Roadmaps of the tests: a type with perimeter, axes, scenario and carrying, and dossiers that fill them in."""

from __future__ import annotations

from typing import Any

from dossiers.enums import Kind, State
from dossiers.models import Dossier, DossierType
from portal.territories.models import Territory

from ..factories import Party, field, make_dossier, make_draft, make_organisation, make_type

AXIS = {"key": "axe", "kind": "texte", "label": "Axe", "required": True, "options": {}}


def choices(*values: str) -> dict[str, Any]:
    return {"choices": [{"value": each, "label": each} for each in values], "other": False}


FIELDS = [
    field("perimetre", "perimetre", "Périmètre", role="perimetre", options={"levels": ["epci", "commune"]}),
    field("axes", "tableau", "Axes", role="axes", options={"columns": [AXIS], "min_rows": 0, "max_rows": 50}),
    field(
        "scenario",
        "choix",
        "Scénario",
        role="scenario",
        options=choices("departementale", "departementale-et-infra", "plusieurs-infra"),
    ),
    field("portage", "choix", "Portage", role="portage", options=choices("porter", "participer", "suggere")),
]


def make_roadmap_type(**options: Any) -> DossierType:
    return make_type(FIELDS, **{"kind": Kind.ROADMAP, "exclusive_perimeter": True, "publishable": True} | options)


def at(key: str) -> Territory:
    level, _, code = key.partition("-")
    return Territory.objects.get(level=level, code=code)


def axes(*titles: str) -> list[dict[str, str]]:
    return [{"id": f"00000000-0000-4000-8000-{number:012}", "axe": title} for number, title in enumerate(titles)]


def roadmap(
    party: Party,
    type_: DossierType,
    *keys: str,
    state: State | str = State.DEPOSITED,
    titles: tuple[str, ...] = (),
    values: dict[str, Any] | None = None,
    **fields: Any,
) -> Dossier:
    """A roadmap whose perimeter is made of ``keys``, with axes of ``titles``."""
    values = {"perimetre": sorted(keys), "axes": axes(*titles), **(values or {})}
    make = make_draft if state == State.DRAFT else make_dossier
    if state != State.DRAFT:
        fields["state"] = state
    return make(party, type_=type_, values=values, **fields)


def organisation(key: str, kind: str = "epci", **fields: Any) -> Any:
    return make_organisation(at(key), kind, **fields)
