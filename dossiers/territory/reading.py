"""What the rules of the field read in a dossier's form, whatever its fields are called."""

from __future__ import annotations

from typing import Any

from portal.territories.models import Territory
from portal.territories.selectors import parse_key

from ..enums import FieldKind, FieldRole
from ..fields.schema import load_schema
from ..models import Dossier


def field_key(dossier: Dossier, role: FieldRole) -> str:
    """The key of the field that has ``role`` in the dossier's form, "" where none has."""
    return next((each.key for each in load_schema(dossier.type_version).fields if each.role == role), "")


def perimeter_of(dossier: Dossier) -> list[Territory]:
    """The territories that its perimeter was made of, by name; its own where the form asks for none. One query."""
    value = _value(dossier, FieldRole.PERIMETER)
    keys = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return territories_of(keys) or [dossier.territory]


def territories_of(keys: Any) -> list[Territory]:
    """The current territories of ``keys``, by name; what is no key, or of none, is left out. One query."""
    parsed = {pair for pair in (parse_key(key) for key in keys if isinstance(key, str)) if pair is not None}
    if not parsed:
        return []
    found = Territory.objects.current().filter(code__in=sorted({code for _, code in parsed}))
    found = found.select_related("departement", "region").order_by("search_name", "level", "code")
    return [each for each in found if (each.level, each.code) in parsed]


def axes_of(dossier: Dossier) -> list[str]:
    """The titles of its axes, in their order, each once."""
    value = _value(dossier, FieldRole.AXES)
    titles = []
    for each in value if isinstance(value, list) else []:
        if isinstance(each, dict):
            each = each.get("axe") or next((cell for key, cell in each.items() if key != "id"), "")
        titles.append(str(each or "").strip())
    return list(dict.fromkeys(title for title in titles if title))


def scenario_of(dossier: Dossier) -> str:
    """A value of :class:`~dossiers.enums.Scenario`, or ""."""
    return str(_value(dossier, FieldRole.SCENARIO) or "")


def carrying_of(dossier: Dossier) -> str:
    """A value of :class:`~dossiers.enums.Carrying`, or ""."""
    return str(_value(dossier, FieldRole.CARRIES) or "")


def asks_for_a_perimeter(dossier: Dossier) -> bool:
    fields = load_schema(dossier.type_version).fields
    return any(each.role == FieldRole.PERIMETER or each.kind == FieldKind.PERIMETER for each in fields)


def _value(dossier: Dossier, role: FieldRole) -> Any:
    return dossier.values.get(field_key(dossier, role))
