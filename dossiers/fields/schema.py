"""A published form, read once: its fields in order, their options checked. Knows no model but the version's row.

The shape of the JSON is told in docs/dossier-fields.md. :func:`parse_schema` refuses a form that could not be filled in
or shown; what is published passed it, and never changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from portal.territories.enums import Level

from ..enums import FieldKind, FieldRole
from .parsing import as_decimal

KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,59}\Z")
OPERATORS: Final = {
    "egal": "est",
    "different": "n’est pas",
    "parmi": "est l’un de",
    "rempli": "est rempli",
    "superieur": "est supérieur à",
    "inferieur": "est inférieur à",
}
#: What a table's column may be.
COLUMN_KINDS: Final = frozenset(
    {
        FieldKind.TEXT,
        FieldKind.LONG_TEXT,
        FieldKind.INTEGER,
        FieldKind.MONEY,
        FieldKind.DATE,
        FieldKind.BOOLEAN,
        FieldKind.CHOICE,
        FieldKind.EMAIL,
        FieldKind.PHONE,
        FieldKind.SIRET,
    }
)
#: Kinds that hold nothing: they are read.
SILENT: Final = frozenset({FieldKind.EXPLANATION, FieldKind.HEADING})
#: Kinds of fields that may bear a role.
ROLE_KINDS: Final[dict[str, frozenset[FieldKind]]] = {
    FieldRole.TITLE: frozenset({FieldKind.TEXT}),
    FieldRole.AMOUNT: frozenset({FieldKind.MONEY}),
    FieldRole.PERIMETER: frozenset({FieldKind.PERIMETER}),
    FieldRole.AXES: frozenset({FieldKind.TABLE, FieldKind.CHOICES}),
    FieldRole.SCENARIO: frozenset({FieldKind.CHOICE}),
    FieldRole.CARRIES: frozenset({FieldKind.CHOICE}),
    FieldRole.CONTACT_NAME: frozenset({FieldKind.TEXT}),
    FieldRole.CONTACT_EMAIL: frozenset({FieldKind.EMAIL}),
    FieldRole.CONTACT_PHONE: frozenset({FieldKind.PHONE}),
    FieldRole.PUBLIC_TEXT: frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT}),
}
#: Rows of a table, whatever it says; and values that a whole form may post, below DATA_UPLOAD_MAX_NUMBER_FIELDS.
MOST_ROWS: Final = 500
DEFAULT_ROWS: Final = 50
MOST_POSTED: Final = 9_000
MOST_FIELDS: Final = 200
#: Members of a perimeter: there are 1,255 EPCI.
MOST_MEMBERS: Final = 1_500
OTHER: Final = "autre"
OTHER_PREFIX: Final = "autre:"


@dataclass(frozen=True, slots=True)
class Condition:
    """What an earlier field must hold for this one to be asked."""

    field: str
    op: str
    value: Any = None

    def as_dict(self) -> dict[str, Any]:
        return {"field": self.field, "op": self.op, "value": self.value}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form, or a column of a table. ``options`` are checked, and completed with what they leave out."""

    key: str
    kind: FieldKind
    label: str
    help: str = ""
    required: bool = False
    role: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    condition: Condition | None = None

    @property
    def holds(self) -> bool:
        """Whether something is answered to it."""
        return self.kind not in SILENT

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(value, label), with « Autre » where it is offered."""
        offered = [(each["value"], each["label"]) for each in self.options.get("choices", ())]
        return [*offered, (OTHER, "Autre")] if self.options.get("other") else offered

    @property
    def columns(self) -> tuple[Field, ...]:
        return tuple(self.options.get("_columns", ()))

    @property
    def levels(self) -> tuple[tuple[str, str, bool], ...]:
        """(key, label, numbered) of the levels of a table that is an outline (axe, objectif, action); else empty."""
        return tuple(self.options.get("_levels", ()))

    @property
    def max_rows(self) -> int:
        return int(self.options.get("max_rows", DEFAULT_ROWS))

    @property
    def min_rows(self) -> int:
        return int(self.options.get("min_rows", 0))

    def at_level(self, level: str) -> tuple[Field, ...]:
        """The columns asked on a row of that level of an outline; all of them elsewhere."""
        return tuple(c for c in self.columns if not c.options.get("levels") or level in c.options["levels"])


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of a form, in order."""

    fields: tuple[Field, ...]

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def field(self, key: str) -> Field | None:
        return next((each for each in self.fields if each.key == key), None)

    def with_role(self, role: str) -> Field | None:
        """The field that bears ``role`` (at most one does)."""
        return next((each for each in self.fields if role and each.role == role), None)

    def pieces(self) -> tuple[Field, ...]:
        return tuple(each for each in self.fields if each.kind == FieldKind.PIECE)

    def of_kind(self, *kinds: str) -> tuple[Field, ...]:
        return tuple(each for each in self.fields if each.kind in kinds)


# --- Reading ----------------------------------------------------------------------------------------------------------
def _check(holds: Any, message: str) -> None:
    if not holds:
        raise ValueError(message)


def _text(data: Mapping[str, Any], name: str, most: int, where: str) -> str:
    value = data.get(name) or ""
    _check(isinstance(value, str) and len(value) <= most, f"{where} : « {name} » doit être un texte court.")
    return value.strip()


def _number(options: Mapping[str, Any], name: str, least: int, most: int, where: str) -> int | None:
    value = options.get(name)
    if value is None or value == "":
        return None
    _check(isinstance(value, int) and not isinstance(value, bool), f"{where} : « {name} » doit être un nombre entier.")
    _check(least <= value <= most, f"{where} : « {name} » doit être entre {least} et {most}.")
    return int(value)


def _bounds(options: dict[str, Any], where: str) -> None:
    least, most = as_decimal(options.get("min")), as_decimal(options.get("max"))
    for name, value in (("min", least), ("max", most)):
        _check(options.get(name) in (None, "") or value is not None, f"{where} : « {name} » doit être un nombre.")
    _check(least is None or most is None or least <= most, f"{where} : le minimum dépasse le maximum.")


def _choices(options: dict[str, Any], where: str) -> None:
    choices = options.get("choices")
    _check(isinstance(choices, list) and choices, f"{where} : proposez au moins un choix.")
    assert isinstance(choices, list)
    _check(len(choices) <= 200, f"{where} : 200 choix au plus.")
    values = []
    for each in choices:
        _check(isinstance(each, Mapping), f"{where} : un choix est illisible.")
        value, label = each.get("value"), each.get("label")
        _check(isinstance(value, str) and 0 < len(value) <= 120, f"{where} : un choix n’a pas de valeur.")
        _check(isinstance(label, str) and label.strip(), f"{where} : le choix « {value} » n’a pas d’intitulé.")
        _check(value != OTHER or not options.get("other"), f"{where} : « {OTHER} » est réservé.")
        _check(not value.startswith(OTHER_PREFIX), f"{where} : « {OTHER_PREFIX} » est réservé.")
        values.append(value)
    _check(len(set(values)) == len(values), f"{where} : deux choix ont la même valeur.")


def _levels_of_territory(options: dict[str, Any], default: list[str], where: str) -> None:
    levels = options.get("levels") or default
    _check(isinstance(levels, list) and set(levels) <= set(Level.values), f"{where} : un échelon est inconnu.")
    options["levels"] = list(levels)


def _table(options: dict[str, Any], where: str) -> None:
    levels = []
    for each in options.get("levels") or []:
        _check(isinstance(each, Mapping), f"{where} : un niveau est illisible.")
        key, label = each.get("key"), each.get("label")
        _check(isinstance(key, str) and KEY.match(key), f"{where} : un niveau n’a pas d’identifiant.")
        _check(isinstance(label, str) and label.strip(), f"{where} : un niveau n’a pas d’intitulé.")
        levels.append((key, label, bool(each.get("numbered", True))))
    names = [key for key, _, _ in levels]
    _check(len(set(names)) == len(names), f"{where} : deux niveaux ont le même identifiant.")
    _check(len(levels) != 1 and len(levels) <= 5, f"{where} : de 2 à 5 niveaux.")
    columns = options.get("columns")
    _check(isinstance(columns, list) and 0 < len(columns) <= 20, f"{where} : de 1 à 20 colonnes.")
    assert isinstance(columns, list)
    read = [_field(each, f"{where}, colonne {number}", column=True) for number, each in enumerate(columns, 1)]
    keys = [each.key for each in read]
    _check(len(set(keys)) == len(keys), f"{where} : deux colonnes ont le même identifiant.")
    _check(not {"id", "niveau", "level"} & set(keys), f"{where} : « id », « level » et « niveau » sont réservés.")
    for each in read:
        _check(set(each.options.get("levels") or ()) <= set(names), f"{where}, {each.label} : niveau inconnu.")
    least = _number(options, "min_rows", 0, MOST_ROWS, where) or 0
    most = _number(options, "max_rows", 1, MOST_ROWS, where) or max(DEFAULT_ROWS, least)
    _check(least <= most, f"{where} : le nombre minimal de lignes dépasse le maximum.")
    options |= {"min_rows": least, "max_rows": most, "_columns": tuple(read), "_levels": tuple(levels)}


def _options(kind: FieldKind, options: dict[str, Any], where: str) -> dict[str, Any]:
    if kind in (FieldKind.TEXT, FieldKind.LONG_TEXT):
        default, most = (200, 1_000) if kind == FieldKind.TEXT else (5_000, 20_000)
        options["max_length"] = _number(options, "max_length", 1, most, where) or default
    elif kind in (FieldKind.INTEGER, FieldKind.MONEY):
        _bounds(options, where)
    elif kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        _choices(options, where)
    elif kind == FieldKind.TERRITORY:
        _levels_of_territory(options, [Level.COMMUNE, Level.EPCI, Level.DEPARTEMENT, Level.REGION], where)
    elif kind == FieldKind.PERIMETER:
        _levels_of_territory(options, [Level.EPCI], where)
    elif kind == FieldKind.TABLE:
        _table(options, where)
    elif kind == FieldKind.PIECE:
        options["max_files"] = _number(options, "max_files", 1, 50, where) or 1
        accept = options.get("accept") or []
        _check(isinstance(accept, list) and all(isinstance(e, str) for e in accept), f"{where} : formats illisibles.")
    return options


def _condition(data: Any, earlier: dict[str, Field], where: str) -> Condition | None:
    if not data:
        return None
    _check(isinstance(data, Mapping), f"{where} : sa condition est illisible.")
    key, op, value = data.get("field"), data.get("op"), data.get("value")
    _check(key in earlier, f"{where} : sa condition porte sur un champ qui n’est pas avant lui.")
    _check(op in OPERATORS, f"{where} : sa condition est inconnue.")
    on = earlier[str(key)]
    _check(on.holds and on.kind != FieldKind.PIECE, f"{where} : sa condition porte sur un champ sans réponse.")
    if op == "parmi":
        _check(isinstance(value, list) and value, f"{where} : sa condition attend plusieurs valeurs.")
    elif op in ("superieur", "inferieur"):
        _check(
            on.kind in (FieldKind.INTEGER, FieldKind.MONEY, FieldKind.DATE),
            f"{where} : sa condition compare ce qui n’est ni un nombre ni une date.",
        )
        _check(value not in (None, ""), f"{where} : sa condition n’a pas de valeur.")
    elif op != "rempli":
        _check(isinstance(value, str | int | float | bool), f"{where} : sa condition n’a pas de valeur.")
    return Condition(str(key), str(op), value)


def _field(data: Any, where: str, *, earlier: dict[str, Field] | None = None, column: bool = False) -> Field:
    _check(isinstance(data, Mapping), f"{where} est illisible.")
    key, kind = data.get("key"), data.get("kind")
    _check(isinstance(key, str) and KEY.match(key), f"{where} : identifiant absent ou mal écrit.")
    _check(kind in FieldKind.values, f"{where} : nature inconnue.")
    read_kind = FieldKind(kind)
    label = _text(data, "label", 300, where)
    _check(label or (read_kind == FieldKind.EXPLANATION and data.get("help")), f"{where} : intitulé absent.")
    where = f"{where} (« {label or key} »)"
    _check(not column or read_kind in COLUMN_KINDS, f"{where} : cette nature n’est pas celle d’une colonne.")
    options = data.get("options") or {}
    _check(isinstance(options, Mapping), f"{where} : options illisibles.")
    # « _columns » and « _levels » are what reading adds.
    own = {name: value for name, value in options.items() if not str(name).startswith("_")}
    role = data.get("role") or ""
    _check(role in FieldRole.values, f"{where} : rôle inconnu.")
    _check(not role or (not column and read_kind in ROLE_KINDS[role]), f"{where} : ce rôle ne va pas à cette nature.")
    return Field(
        key=str(key),
        kind=read_kind,
        label=label,
        help=_text(data, "help", 5_000, where),
        required=bool(data.get("required")) and read_kind not in SILENT,
        role=role,
        options=_options(read_kind, own, where),
        condition=None if column else _condition(data.get("condition"), earlier or {}, where),
    )


def _posted(made: Field) -> int:
    """How many values the field may post, at most."""
    if made.kind == FieldKind.TABLE:
        return made.max_rows * (len(made.columns) + 1)
    return MOST_MEMBERS if made.kind == FieldKind.PERIMETER else len(made.choices) + 1


def parse_schema(data: Any) -> Schema:
    """The form told by ``data`` (``{"fields": [...]}``). Raises ValueError, with a sentence in French, on a bad one."""
    fields = data.get("fields") if isinstance(data, Mapping) else None
    _check(isinstance(fields, list), "Le formulaire n’a pas de champs.")
    assert isinstance(fields, list)
    _check(len(fields) <= MOST_FIELDS, f"Le formulaire a plus de {MOST_FIELDS} champs.")
    read: dict[str, Field] = {}
    roles: set[str] = set()
    posted = 0
    for number, each in enumerate(fields, 1):
        made = _field(each, f"Champ {number}", earlier=read)
        _check(made.key not in read, f"Champ {number} : l’identifiant « {made.key} » est déjà pris.")
        _check(not made.role or made.role not in roles, f"Champ {number} : un autre champ a déjà ce rôle.")
        roles.add(made.role)
        read[made.key] = made
        posted += _posted(made)
    _check(
        posted <= MOST_POSTED, "Les tableaux et périmètres ont ensemble trop de valeurs pour être envoyés d’un coup."
    )
    return Schema(tuple(read.values()))


_cache: dict[Any, Schema] = {}


def load_schema(version: Any) -> Schema:
    """The form of a ``DossierTypeVersion``, kept by its pk: a version never changes. Raises ValueError on a bad one."""
    schema = _cache.get(version.pk)
    if schema is None:
        schema = parse_schema(version.schema)
        if len(_cache) >= 500:
            _cache.clear()
        _cache[version.pk] = schema
    return schema
