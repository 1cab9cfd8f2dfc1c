"""What changes from one version's form to another's, as the administration and the organisations read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from ..enums import FieldKind, FieldRole, State
from ..models import Dossier, DossierType

PARTS = {
    "label": "intitulé",
    "kind": "nature",
    "help": "aide",
    "required": "obligatoire",
    "role": "rôle",
    "options": "options",
    "condition": "condition",
}


@dataclass(frozen=True)
class Changed:
    """A field that both have. ``parts``: (what, before, after), in French."""

    label: str
    parts: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Differences:
    """``added`` and ``removed``: labels, in the order of their form. ``moved``: the common fields change order."""

    added: list[str]
    removed: list[str]
    changed: list[Changed]
    moved: bool

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.moved)


def compare(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Differences:
    """Two schemas (docs/dossier-fields.md), by key. ``before`` None: nothing was published yet."""
    old = {each["key"]: each for each in (before or {"fields": []})["fields"]}
    new = {each["key"]: each for each in after["fields"]}
    changed = []
    for key, field in new.items():
        if key in old and (parts := _parts(old[key], field)):
            changed.append(Changed(field["label"], parts))
    return Differences(
        added=[field["label"] for key, field in new.items() if key not in old],
        removed=[field["label"] for key, field in old.items() if key not in new],
        changed=changed,
        moved=[key for key in old if key in new] != [key for key in new if key in old],
    )


def _parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (label, _words(name, before.get(name)), _words(name, after.get(name)))
        for name, label in PARTS.items()
        if (before.get(name) or None) != (after.get(name) or None)
    ]


def _words(name: str, value: Any) -> str:
    if name == "required":
        return "oui" if value else "non"
    if name == "kind":
        return str(FieldKind(value).label)
    if name == "role":
        return str(FieldRole(value or "").label)
    if not value:
        return "rien"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def drafts_behind(type_: DossierType) -> dict[int, int]:
    """How many drafts still follow each version that is not the current one, by its number. One query."""
    rows = (
        Dossier.objects.filter(type=type_, state=State.DRAFT)
        .exclude(type_version=type_.current_version_id)
        .values_list("type_version__number")
        .annotate(drafts=Count("pk"))
        .order_by("type_version__number")
    )
    return dict(rows)
