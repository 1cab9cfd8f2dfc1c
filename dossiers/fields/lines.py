"""The fields of a form as its templates show them: names, identifiers, what is typed, hints and messages."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.urls import reverse

from portal.territories.lookups import Match
from portal.territories.text import grouped

from ..enums import FieldKind
from .answers import MOST_OTHER, NO, YES, filled_rows
from .numbering import row_labels
from .perimeters import Group, Totals, perimeter_groups, perimeter_totals
from .places import Place
from .posted import neighbours
from .schema import OTHER, OTHER_PREFIX, Field

#: Above, a list to open; beneath, buttons.
MOST_RADIOS: Final = 6
#: Rows that an empty table offers, at most.
MOST_OFFERED: Final = 3
#: Stands for the identifier of a row that the page's script will make.
MODEL: Final = "ligne-modele"

TEMPLATES: Final[dict[str, str]] = {
    FieldKind.LONG_TEXT: "dossiers/fields/area.html",
    FieldKind.BOOLEAN: "dossiers/fields/radios.html",
    FieldKind.CHOICE: "dossiers/fields/radios.html",
    FieldKind.CHOICES: "dossiers/fields/boxes.html",
    FieldKind.TERRITORY: "dossiers/fields/territory.html",
    FieldKind.PERIMETER: "dossiers/fields/perimeter.html",
    FieldKind.TABLE: "dossiers/fields/rows.html",
    FieldKind.PIECE: "dossiers/fields/piece.html",
    FieldKind.EXPLANATION: "dossiers/fields/explanation.html",
}
INPUT: Final = "dossiers/fields/input.html"
SELECT: Final = "dossiers/fields/select.html"

#: By kind: type, inputmode, autocomplete of the input, and what its hint adds.
_INPUTS: Final[dict[str, tuple[str, str, str, str]]] = {
    FieldKind.TEXT: ("text", "", "", ""),
    FieldKind.INTEGER: ("text", "numeric", "", "Nombre entier, en chiffres."),
    FieldKind.MONEY: ("text", "decimal", "", "En euros : par exemple 1 234,50."),
    FieldKind.DATE: ("text", "numeric", "", "Format attendu : JJ/MM/AAAA."),
    FieldKind.EMAIL: ("email", "", "", "Format attendu : nom@exemple.fr."),
    FieldKind.PHONE: ("tel", "", "", "Dix chiffres, ou avec l’indicatif du pays : 05 58 00 00 00, +687 00 00 00."),
    FieldKind.SIRET: ("text", "numeric", "", "14 chiffres (RIDET de Nouvelle-Calédonie : 10 chiffres)."),
}
_IN_CELLS: Final[dict[str, str]] = {FieldKind.MONEY: " (€)", FieldKind.DATE: " (JJ/MM/AAAA)"}


@dataclass(frozen=True)
class Option:
    """A button, a box or an entry of a list."""

    value: str
    label: str
    id: str
    checked: bool


@dataclass
class Line:
    """One field (or one cell of a table) on the screen. ``typed`` is what its inputs show."""

    field: Field
    name: str
    typed: Any
    errors: list[str] = dataclasses.field(default_factory=list)
    hidden: bool = False
    is_cell: bool = False
    #: Where a screen shown again after a button takes one back, script or not.
    autofocus: bool = False
    #: The button that was pressed, and the row it is about.
    pressed: tuple[str, str] = ("", "")
    place: Place | None = None
    #: Perimeters: what is looked for in the list.
    search: str = ""
    #: Tables: messages by row and column.
    cells: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"champ-{self.name}"

    @property
    def label(self) -> str:
        """The field's label; in a row, with what is expected, so that the inputs stand on one line."""
        return self.field.label + (_IN_CELLS.get(self.field.kind, "") if self.is_cell else "")

    @property
    def required(self) -> bool:
        return self.field.required

    @property
    def template(self) -> str:
        if self.field.kind == FieldKind.CHOICE and self.is_select:
            return SELECT
        return TEMPLATES.get(self.field.kind, INPUT)

    @property
    def is_select(self) -> bool:
        """In a table's row a list takes less room than buttons."""
        return self.is_cell or len(self.field.choices) > MOST_RADIOS

    @property
    def hint(self) -> str:
        """What says what is expected, after the field's own help."""
        if self.is_cell:
            return ""
        kind_hint = _INPUTS[self.field.kind][3] if self.field.kind in _INPUTS else ""
        if self.field.kind == FieldKind.LONG_TEXT:
            kind_hint = f"{grouped(self.max_length)} caractères au plus."
        return kind_hint

    @property
    def has_hint(self) -> bool:
        return bool(self.field.help or self.hint)

    @property
    def described_by(self) -> str:
        """Identifiers of the hint and the messages, for ``aria-describedby``."""
        parts = ([f"{self.id}-aide"] if self.has_hint else []) + ([f"{self.id}-messages"] if self.errors else [])
        return " ".join(parts)

    @property
    def condition(self) -> str:
        """The condition as JSON, for the page's script; empty where there is none."""
        held = self.field.condition
        return json.dumps(held.as_dict(), ensure_ascii=False, sort_keys=True) if held is not None else ""

    # --- Texts ---
    @property
    def input_type(self) -> str:
        return _INPUTS[self.field.kind][0]

    @property
    def input_mode(self) -> str:
        return _INPUTS[self.field.kind][1]

    @property
    def max_length(self) -> int:
        return int(self.field.options.get("max_length") or 0)

    @property
    def lines_shown(self) -> int:
        return 3 if self.is_cell else 6

    # --- Choices ---
    @property
    def options(self) -> list[Option]:
        chosen = {self.typed} if isinstance(self.typed, str) else set(self.typed)
        offered = self.field.choices
        if self.field.kind == FieldKind.BOOLEAN:
            offered = [(YES, "Oui"), (NO, "Non")]
        found = [
            Option(value, label, f"{self.id}__{number}", value in chosen)
            for number, (value, label) in enumerate(offered, 1)
        ]
        if self.has_other:
            found[-1] = Option(
                OTHER, found[-1].label, found[-1].id, any(each.startswith(OTHER_PREFIX) for each in chosen)
            )
        return found

    @property
    def has_other(self) -> bool:
        return bool(self.field.options.get("other"))

    @property
    def other_text(self) -> str:
        chosen = [self.typed] if isinstance(self.typed, str) else self.typed
        said = [each.removeprefix(OTHER_PREFIX) for each in chosen if each.startswith(OTHER_PREFIX)]
        return said[0] if said else ""

    @property
    def most_other(self) -> int:
        return MOST_OTHER

    # --- Territories ---
    @cached_property
    def territory_text(self) -> str:
        """The label of the territory chosen, or what was typed."""
        if self.place is not None and self.typed:
            found, _ = self.place.territory(self.typed, self.field.options["levels"])
            return found.label if found is not None and not self.errors else self.typed
        return str(self.typed or "")

    @cached_property
    def matches(self) -> list[Match]:
        """The territories that what was typed may mean, where it means several."""
        if self.place is None or not self.errors or not self.typed:
            return []
        return self.place.matches(self.typed, self.field.options["levels"])

    @property
    def levels(self) -> str:
        return ",".join(self.field.options["levels"])

    @cached_property
    def groups(self) -> list[Group]:
        return perimeter_groups(self)

    @property
    def clashes_url(self) -> str:
        """Where the script asks, while boxes are ticked, which roadmaps keep them; "" where nobody does."""
        dossier = getattr(self.place, "dossier", None)
        if dossier is None or not dossier.type.exclusive_perimeter:
            return ""
        return reverse("dossiers:clashes", args=[dossier.pk])

    @cached_property
    def totals(self) -> Totals:
        return perimeter_totals(self)

    # --- Rows ---
    @cached_property
    def row_lines(self) -> list[RowLine]:
        return row_lines(self)

    @cached_property
    def models(self) -> list[RowLine]:
        """A blank row of each level, which the page's script copies."""
        levels = [key for key, _, _ in self.field.levels] or [""]
        blank = {column.key: "" for column in self.field.columns}
        return _as_lines(self, [blank | {"id": MODEL, "level": level} for level in levels])

    @property
    def levels_json(self) -> str:
        """The levels of an outline, for the page's script."""
        told = [{"key": key, "label": label, "numbered": numbered} for key, label, numbered in self.field.levels]
        return json.dumps(told, ensure_ascii=False)

    @property
    def is_cut(self) -> bool:
        """Whether the boxes of a perimeter are too many to be all on the screen."""
        return any(group.left_out for group in self.groups)

    @property
    def can_add(self) -> bool:
        return len(self.typed) < self.field.max_rows

    @property
    def first_level(self) -> tuple[str, str]:
        """(key, label) of an outline's first level; two empty texts for a flat table."""
        return self.field.levels[0][:2] if self.field.levels else ("", "")

    @property
    def row_ids(self) -> str:
        return ",".join(row.id for row in self.row_lines)

    @property
    def row_total(self) -> int:
        return len(filled_rows(self.typed))


# --- Tables -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class RowLine:
    """A row of a table on the screen. ``label``: « Ligne 2 », « Action 1.1 »; ``beneath``: (key, label) of the level
    that may be added under it."""

    id: str
    label: str
    level: str
    depth: int
    cells: list[Line]
    beneath: tuple[str, str]
    rises: bool
    sinks: bool
    #: The button that was pressed to move it, or the other one where it can no longer be.
    focus: str = ""


def row_lines(line: Line) -> list[RowLine]:
    return _as_lines(line, line.typed or _offered(line.field))


def _as_lines(line: Line, rows: list[dict[str, str]]) -> list[RowLine]:
    names = [key for key, _, _ in line.field.levels]
    found = []
    for at, (label, row) in enumerate(zip(row_labels(line.field, rows), rows, strict=True)):
        depth = names.index(row["level"]) if names else 0
        deeper = line.field.levels[depth + 1][:2] if names and depth + 1 < len(names) else ("", "")
        errors = line.cells.get(row["id"], {})
        cells = [
            Line(
                column,
                f"{line.name}__{row['id']}__{column.key}",
                row[column.key],
                [errors[column.key]] if column.key in errors else [],
                is_cell=True,
                autofocus=line.pressed == ("ajouter", row["id"]) and place == 0,
            )
            for place, column in enumerate(line.field.at_level(row["level"]))
        ]
        rises, sinks = (place is not None for place in neighbours(line.field, rows, at))
        focus = _moved(line, row["id"], rises=rises, sinks=sinks)
        found.append(RowLine(row["id"], label, row["level"], depth, cells, deeper, rises, sinks, focus))
    return found


def _moved(line: Line, row: str, *, rises: bool, sinks: bool) -> str:
    action, number = line.pressed
    if number != row or action not in ("monter", "descendre"):
        return ""
    return action if (rises if action == "monter" else sinks) else {"monter": "descendre"}.get(action, "monter")


def _offered(of: Field) -> list[dict[str, str]]:
    """What an empty table shows: rows that count for nothing until something is typed in them."""
    number = 1 if of.levels else max(1, min(of.min_rows, MOST_OFFERED))
    level = of.levels[0][0] if of.levels else ""
    return [
        {"id": f"n{each}", "level": level} | {column.key: "" for column in of.columns} for each in range(1, number + 1)
    ]


@dataclass
class Part:
    """A part of the form: its heading (None before the first one), and its lines."""

    heading: Field | None
    lines: list[Line]

    @property
    def id(self) -> str:
        return f"partie-{self.heading.key}" if self.heading is not None else "partie"

    @property
    def hidden(self) -> bool:
        """Whether none of it is asked."""
        return bool(self.lines) and all(line.hidden for line in self.lines)
