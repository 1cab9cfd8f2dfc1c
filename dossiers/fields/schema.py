"""A form as it was published: its fields."""

from __future__ import annotations

from dataclasses import dataclass

from ..models import DossierTypeVersion


@dataclass(frozen=True)
class Field:
    key: str
    kind: str
    label: str
    required: bool = False
    role: str = ""


@dataclass(frozen=True)
class Schema:
    fields: tuple[Field, ...]

    def field(self, key: str) -> Field | None:
        return next((each for each in self.fields if each.key == key), None)


def load_schema(version: DossierTypeVersion) -> Schema:
    names = ("key", "kind", "label", "required", "role")
    return Schema(tuple(Field(*(each[name] for name in names)) for each in version.schema["fields"]))
