"""From the blocks of the administration to the schema that publishing freezes, and back for the ready types."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify

from ..enums import Carrying, FieldKind, FieldRole, Scenario
from ..fields import parsing
from ..fields.schema import parse_schema
from .blocks import block_name, kind_of

#: Roles whose choices have values that the rules of the field know.
ROLE_VALUES: dict[str, dict[str, str]] = {
    FieldRole.SCENARIO: {each.label.casefold(): each.value for each in Scenario},
    FieldRole.CARRIES: {each.label.casefold(): each.value for each in Carrying},
}
RESERVED = {"id", "niveau", "level", "autre"}
_NAMESPACE = uuid.UUID("5b0b9f6e-6c0b-4f43-9c55-0d2d4a0c7a11")


@dataclass
class Built:
    """``schema`` as a version holds it; ``keys`` by block, those given now included; ``problems`` by place of the
    block: (part of the block, sentence in French)."""

    schema: dict[str, Any] = field(default_factory=lambda: {"fields": []})
    keys: dict[str, str] = field(default_factory=dict)
    problems: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def messages(self) -> list[str]:
        return [message for found in self.problems.values() for _, message in found]


class _Keys:
    """Gives each block its key, the one it had or one made of its label, apart from those of its neighbours."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.known = dict(known)

    def give(self, scope: str, ident: Any, label: str, default: str) -> str:
        name = f"{scope}/{ident}"
        if ident and name in self.known:
            return self.known[name]
        taken = {key for each, key in self.known.items() if each.rpartition("/")[0] == scope} | RESERVED
        base = slugify(label)[:50].strip("-_").replace("_", "-") or default
        if not base[0].isalpha():
            base = f"{default}-{base}"
        key, number = base, 2
        while key in taken:
            key, number = f"{base}-{number}", number + 1
        self.known[name if ident else f"{scope}/{uuid.uuid4()}"] = key
        return key


def build(stream: Any, known: Mapping[str, str]) -> Built:
    """The schema of a form's blocks. ``known``: the keys given before (``DossierType.keys``). Writes nothing."""
    keys, built = _Keys(known), Built()
    accepted: list[dict[str, Any]] = []
    labels: dict[str, dict[str, Any]] = {}
    roles: dict[str, str] = {}
    coming = [str(child.value.get("label") or "").strip() for child in stream]
    for index, child in enumerate(stream):
        label = coming[index]
        made, problem = _read(child, keys, labels, coming[index + 1 :])
        role = made["role"]
        if problem is None and role and role in roles:
            problem = ("role", f"Le rôle « {FieldRole(role).label} » est déjà celui du champ « {roles[role]} ».")
        if problem is None:
            try:
                parse_schema({"fields": [*accepted, made]})
            except ValueError as error:
                problem = ("", str(error))
        if problem is None:
            accepted.append(made)
            roles.setdefault(role, label)
        else:
            built.problems.setdefault(index, []).append(problem)
        labels[label.casefold()] = made
    built.schema = {"fields": accepted}
    built.keys = keys.known
    return built


def _read(
    child: Any, keys: _Keys, earlier: Mapping[str, dict[str, Any]], later: Sequence[str]
) -> tuple[dict[str, Any], tuple[str, str] | None]:
    value, kind = child.value, kind_of(child.block_type)
    label = str(value.get("label") or "").strip()
    key = keys.give("champ", child.id, label, "champ")
    role = value.get("role") or ""
    problem: tuple[str, str] | None = None
    options: dict[str, Any] = {}
    try:
        options = _options(kind, value, keys, key, role)
    except ValueError as error:
        problem = ("", str(error))
    made = {
        "key": key,
        "kind": kind.value,
        "label": label,
        "help": value.get("help") or "",
        "required": bool(value.get("required")),
        "role": role,
        "options": options,
        "condition": None,
    }
    try:
        made["condition"] = _condition(value.get("condition") or {}, earlier, later)
    except ValueError as error:
        problem = problem or ("condition", str(error))
    return made, problem


# --- Options ----------------------------------------------------------------------------------------------------------
def _options(kind: FieldKind, value: Mapping[str, Any], keys: _Keys, key: str, role: str) -> dict[str, Any]:
    plain = {
        name: value.get(name)
        for name in ("max_length", "min", "max", "min_rows", "max_rows", "limit_mb", "max_files", "notice")
        if value.get(name) not in (None, "")
    }
    if kind in (FieldKind.MONEY, FieldKind.DATE):
        plain |= {name: str(plain[name]) for name in ("min", "max") if name in plain}
    if kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        plain["choices"] = _choices(value["choices"], keys, key, role)
        if value.get("other"):
            plain["other"] = True
    elif kind in (FieldKind.TERRITORY, FieldKind.PERIMETER):
        if value.get("levels"):
            plain["levels"] = list(value["levels"])
    elif kind == FieldKind.TABLE:
        plain |= _table(value, keys, key)
    elif kind == FieldKind.PIECE:
        if value.get("accept"):
            plain["accept"] = list(value["accept"])
        if value.get("model_document"):
            plain["model_document"] = value["model_document"].pk
    return plain


def _choices(listed: Any, keys: _Keys, key: str, role: str) -> list[dict[str, str]]:
    known = ROLE_VALUES.get(role)
    made = []
    for each in listed.bound_blocks:
        label = str(each.value or "").strip()
        if not label:
            continue
        if known is not None:
            if label.casefold() not in known:
                offered = " ; ".join(one.label for one in (Scenario if role == FieldRole.SCENARIO else Carrying))
                raise ValueError(f"« {label} » : avec ce rôle, les choix sont parmi : {offered}.")
            made.append({"value": known[label.casefold()], "label": label})
        else:
            made.append({"value": keys.give(f"choix/{key}", each.id, label, "choix"), "label": label})
    if not made:
        raise ValueError("Proposez au moins un choix.")
    return made


def _table(value: Mapping[str, Any], keys: _Keys, key: str) -> dict[str, Any]:
    levels, names = [], {}
    for each in value["levels"].bound_blocks:
        label = str(each.value["label"]).strip()
        level = keys.give(f"niveau/{key}", each.id, label, "niveau")
        names[label.casefold()] = level
        levels.append({"key": level, "label": label, "numbered": bool(each.value.get("numbered"))})
    columns = []
    for each in value["columns"].bound_blocks:
        label, kind = str(each.value["label"]).strip(), each.value["kind"]
        options: dict[str, Any] = {}
        if kind == FieldKind.CHOICE:
            lines = [line.strip() for line in (each.value.get("choices") or "").splitlines() if line.strip()]
            options["choices"] = [
                {"value": slugify(line)[:120] or f"choix-{n}", "label": line} for n, line in enumerate(lines, 1)
            ]
            if not lines:
                raise ValueError(f"La colonne « {label} » ne propose aucun choix.")
        asked = [part.strip() for part in (each.value.get("levels") or "").split(";") if part.strip()]
        if unknown := [part for part in asked if part.casefold() not in names]:
            raise ValueError(f"La colonne « {label} » nomme un niveau inconnu : « {unknown[0]} ».")
        if asked:
            options["levels"] = [names[part.casefold()] for part in asked]
        columns.append(
            {
                "key": keys.give(f"colonne/{key}", each.id, label, "colonne"),
                "kind": kind,
                "label": label,
                "help": each.value.get("help") or "",
                "required": bool(each.value.get("required")),
                "options": options,
            }
        )
    return {"columns": columns} | ({"levels": levels} if levels else {})


# --- Conditions -------------------------------------------------------------------------------------------------------
def _condition(
    data: Mapping[str, Any], earlier: Mapping[str, dict[str, Any]], later: Sequence[str]
) -> dict[str, Any] | None:
    name = str(data.get("field") or "").strip()
    if not name:
        return None
    on = earlier.get(name.casefold())
    if on is None and name.casefold() in {each.casefold() for each in later}:
        raise ValueError(f"La condition porte sur « {name} », qui vient après : placez ce champ avant celui-ci.")
    if on is None:
        raise ValueError(f"La condition porte sur « {name} » : aucun champ placé avant ne s’appelle ainsi.")
    op = str(data.get("op") or "egal")
    typed = str(data.get("value") or "").strip()
    if op == "rempli":
        return {"field": on["key"], "op": op, "value": None}
    if not typed:
        raise ValueError(f"La condition sur « {name} » n’a pas de valeur.")
    if op == "parmi":
        parts = [part.strip() for part in typed.split(";") if part.strip()]
        return {"field": on["key"], "op": op, "value": [_value(on, part) for part in parts]}
    return {"field": on["key"], "op": op, "value": _value(on, typed)}


_PARSERS: dict[str, Callable[[str, Mapping[str, Any]], Any]] = {
    FieldKind.INTEGER: parsing.integer,
    FieldKind.MONEY: parsing.money,
    FieldKind.DATE: parsing.date,
}


def _value(on: Mapping[str, Any], typed: str) -> Any:
    """What was typed in a condition, as the values of a dossier hold it."""
    kind = on["kind"]
    if kind == FieldKind.BOOLEAN:
        if typed.casefold() not in ("oui", "non"):
            raise ValueError(f"La condition sur « {on['label']} » attend « oui » ou « non ».")
        return typed.casefold() == "oui"
    if kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        found = {each["label"].casefold(): each["value"] for each in on["options"].get("choices", ())}
        if on["options"].get("other"):
            found["autre"] = "autre"
        if typed.casefold() not in found:
            raise ValueError(f"La condition sur « {on['label']} » attend l’un de ses choix, non « {typed} ».")
        return found[typed.casefold()]
    if kind in _PARSERS:
        try:
            return _PARSERS[kind](typed, {})
        except ValueError as error:
            raise ValueError(f"La condition sur « {on['label']} » : {error}") from error
    return typed


# --- Back, for the ready types ----------------------------------------------------------------------------------------
def stream_of(code: str, fields: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The blocks and keys from which :func:`build` makes ``fields`` again. ``code`` tells a type's blocks apart."""
    raw, known = [], {}
    by_key = {each["key"]: each for each in fields}

    def ident(scope: str, key: str) -> str:
        made = str(uuid.uuid5(_NAMESPACE, f"{code}/{scope}/{key}"))
        known[f"{scope}/{made}"] = key
        return made

    for each in fields:
        key, options = each["key"], dict(each["options"])
        value = {"label": each["label"], "help": each["help"], "required": each["required"], "role": each["role"]}
        if "choices" in options:
            value["choices"] = [
                {"type": "item", "id": ident(f"choix/{key}", one["value"]), "value": one["label"]}
                for one in options.pop("choices")
            ]
        if each["kind"] == FieldKind.TABLE:
            value |= _table_back(key, options, ident)
        value |= options
        if each["condition"]:
            value["condition"] = _condition_back(each["condition"], by_key)
        raw.append({"type": block_name(each["kind"]), "id": ident("champ", key), "value": value})
    return raw, known


def _table_back(key: str, options: dict[str, Any], ident: Callable[[str, str], str]) -> dict[str, Any]:
    levels = options.pop("levels", [])
    labels = {one["key"]: one["label"] for one in levels}
    columns = []
    for one in options.pop("columns"):
        inner = one.get("options") or {}
        value = {name: one.get(name) for name in ("label", "kind", "help", "required")}
        value["choices"] = "\n".join(choice["label"] for choice in inner.get("choices", ()))
        value["levels"] = " ; ".join(labels[level] for level in inner.get("levels", ()))
        columns.append({"type": "item", "id": ident(f"colonne/{key}", one["key"]), "value": value})
    return {
        "columns": columns,
        "levels": [
            {
                "type": "item",
                "id": ident(f"niveau/{key}", one["key"]),
                "value": {"label": one["label"], "numbered": one.get("numbered", True)},
            }
            for one in levels
        ],
    }


def _condition_back(condition: Mapping[str, Any], by_key: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    on = by_key[condition["field"]]
    labels = {one["value"]: one["label"] for one in on["options"].get("choices", ())}

    def words(value: Any) -> str:
        return ("oui" if value else "non") if isinstance(value, bool) else labels.get(value, str(value))

    value = condition["value"]
    typed = " ; ".join(map(words, value)) if isinstance(value, list) else "" if value is None else words(value)
    return {"field": on["label"], "op": condition["op"], "value": typed}
