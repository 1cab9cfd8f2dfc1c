"""What the rules of the field read in a dossier's form, whatever its fields are called. What is not asked (conditions)
is not answered."""

from __future__ import annotations

from collections.abc import Iterable

from portal.territories.models import Territory

from ..enums import Carrying, FieldRole, Scenario
from ..fields import roles
from ..fields.places import territories_by_key
from ..fields.schema import load_schema
from ..models import Dossier


def field_key(dossier: Dossier, role: FieldRole) -> str:
    """The key of the field that has ``role`` in the dossier's form, "" where none has."""
    found = load_schema(dossier.type_version).with_role(role)
    return found.key if found is not None else ""


def perimeter_of(dossier: Dossier) -> list[Territory]:
    """The current territories that its perimeter was made of, by name; its own where none was picked. One query."""
    picked = roles.perimeter_of(load_schema(dossier.type_version), dossier.values)
    return _current(picked) or [dossier.territory]


def territories_of(keys: Iterable[str]) -> list[Territory]:
    """The current territories of ``keys``, by name; what is no key, or of none, is left out. One query."""
    return _current(territories_by_key(keys).values())


def axes_of(dossier: Dossier) -> list[str]:
    """The titles of its axes, in their order, each once."""
    return roles.axes_of(load_schema(dossier.type_version), dossier.values)


def scenario_of(dossier: Dossier) -> Scenario | None:
    return roles.scenario_of(load_schema(dossier.type_version), dossier.values)


def carrying_of(dossier: Dossier) -> Carrying | None:
    return roles.carrying_of(load_schema(dossier.type_version), dossier.values)


def _current(territories: Iterable[Territory]) -> list[Territory]:
    return [each for each in territories if each.ended_on is None]


def asks_for_perimeter(dossier: Dossier) -> bool:
    return bool(field_key(dossier, FieldRole.PERIMETER))
