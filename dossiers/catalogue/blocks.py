"""The blocks of which a form is made in the administration: one a kind of field."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock

from portal.territories.enums import Level

from ..enums import FieldKind, FieldRole
from ..fields.schema import COLUMN_KINDS, DEFAULT_ROWS, MOST_ROWS, OPERATORS, ROLE_KINDS, SILENT

#: Formats that a piece may ask for: those that the portal takes (docs/dossier-pieces.md).
FORMATS = ("pdf", "odt", "ods", "docx", "xlsx", "csv", "png", "jpg")
ICONS: dict[str, str] = {
    FieldKind.HEADING: "title",
    FieldKind.EXPLANATION: "help",
    FieldKind.TABLE: "table",
    FieldKind.PIECE: "doc-full",
    FieldKind.DATE: "date",
    FieldKind.EMAIL: "mail",
    FieldKind.TERRITORY: "site",
    FieldKind.PERIMETER: "site",
    FieldKind.CHOICE: "radio-full",
    FieldKind.CHOICES: "list-ul",
    FieldKind.BOOLEAN: "check",
}


def block_name(kind: str) -> str:
    """The name of a kind's block: an identifier of Python."""
    return kind.replace("-", "_")


def kind_of(name: str) -> FieldKind:
    return next(kind for kind in FieldKind if block_name(kind) == name)


def _condition() -> blocks.StructBlock:
    return blocks.StructBlock(
        [
            (
                "field",
                blocks.CharBlock(
                    required=False,
                    max_length=300,
                    label="champ",
                    help_text="L’intitulé d’un champ placé avant celui-ci. Vide : le champ est toujours demandé.",
                ),
            ),
            ("op", blocks.ChoiceBlock(choices=list(OPERATORS.items()), default="egal", label="comparaison")),
            (
                "value",
                blocks.CharBlock(
                    required=False,
                    max_length=600,
                    label="valeur",
                    help_text="Comme elle se lit sur le formulaire : « oui », un choix… "
                    "Plusieurs se séparent par des points-virgules.",
                ),
            ),
        ],
        label="demandé seulement si",
        required=False,
    )


def _number(label: str, least: int, most: int, **options: Any) -> tuple[str, blocks.Block]:
    name = options.pop("name")
    return name, blocks.IntegerBlock(required=False, min_value=least, max_value=most, label=label, **options)


def _choices() -> list[tuple[str, blocks.Block]]:
    return [
        ("choices", blocks.ListBlock(blocks.CharBlock(max_length=300, label="choix"), label="choix proposés")),
        ("other", blocks.BooleanBlock(required=False, label="proposer « Autre », à préciser")),
    ]


def _columns() -> blocks.ListBlock:
    column = blocks.StructBlock(
        [
            ("label", blocks.CharBlock(max_length=300, label="intitulé")),
            (
                "kind",
                blocks.ChoiceBlock(
                    choices=[(kind.value, kind.label) for kind in FieldKind if kind in COLUMN_KINDS],
                    default=FieldKind.TEXT,
                    label="nature",
                ),
            ),
            ("help", blocks.CharBlock(required=False, max_length=500, label="aide")),
            ("required", blocks.BooleanBlock(required=False, label="obligatoire")),
            ("choices", blocks.TextBlock(required=False, rows=3, label="choix proposés", help_text="Un par ligne.")),
            (
                "levels",
                blocks.CharBlock(
                    required=False,
                    max_length=200,
                    label="niveaux où elle est demandée",
                    help_text="Leurs intitulés, séparés par des points-virgules. Vide : tous.",
                ),
            ),
        ],
        label="colonne",
    )
    return blocks.ListBlock(column, label="colonnes")


def _levels() -> blocks.ListBlock:
    level = blocks.StructBlock(
        [
            ("label", blocks.CharBlock(max_length=100, label="intitulé")),
            ("numbered", blocks.BooleanBlock(required=False, default=True, label="numéroté (1.1)")),
        ],
        label="niveau",
    )
    return blocks.ListBlock(
        level,
        default=[],
        label="niveaux",
        help_text="Pour un plan (axe, objectif, action) : du plus haut au plus bas. Sinon, aucun.",
    )


def _own(kind: FieldKind) -> list[tuple[str, blocks.Block]]:
    """What a kind asks beside the words that all have."""
    if kind in (FieldKind.TEXT, FieldKind.LONG_TEXT):
        return [_number("caractères au plus", 1, 1_000 if kind == FieldKind.TEXT else 20_000, name="max_length")]
    if kind in (FieldKind.INTEGER, FieldKind.MONEY):
        number = blocks.IntegerBlock if kind == FieldKind.INTEGER else blocks.DecimalBlock
        return [
            ("min", number(required=False, label="minimum")),
            ("max", number(required=False, label="maximum")),
        ]
    if kind == FieldKind.DATE:
        return [
            ("min", blocks.DateBlock(required=False, label="au plus tôt")),
            ("max", blocks.DateBlock(required=False, label="au plus tard")),
        ]
    if kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        return _choices()
    if kind in (FieldKind.TERRITORY, FieldKind.PERIMETER):
        levels = [each for each in Level if each != Level.NATION]
        if kind == FieldKind.PERIMETER:
            levels = [Level.EPCI, Level.COMMUNE, Level.DEPARTEMENT]
        offered = [(each.value, each.label) for each in levels]
        return [("levels", blocks.MultipleChoiceBlock(choices=offered, required=False, label="échelons proposés"))]
    if kind == FieldKind.TABLE:
        return [
            ("columns", _columns()),
            ("levels", _levels()),
            _number("lignes au moins", 0, MOST_ROWS, name="min_rows"),
            _number("lignes au plus", 1, MOST_ROWS, name="max_rows", help_text=f"{DEFAULT_ROWS} si rien n’est dit."),
        ]
    if kind == FieldKind.PIECE:
        formats = [(each, each.upper()) for each in FORMATS]
        return [
            (
                "accept",
                blocks.MultipleChoiceBlock(
                    choices=formats, required=False, label="formats admis", help_text="Aucun coché : tous."
                ),
            ),
            _number("taille d’un fichier au plus (Mo)", 1, 200, name="limit_mb"),
            _number("fichiers au plus", 1, 50, name="max_files"),
            ("notice", blocks.TextBlock(required=False, max_length=2_000, rows=3, label="notice")),
            ("model_document", DocumentChooserBlock(required=False, label="modèle à remplir")),
        ]
    return []


def field_block(kind: FieldKind) -> blocks.StructBlock:
    """The block of a kind: label, help, what the kind asks, role, condition."""
    roles = [(role, FieldRole(role).label) for role, kinds in ROLE_KINDS.items() if kind in kinds]
    parts: list[tuple[str, blocks.Block]] = [
        ("label", blocks.CharBlock(max_length=300, label="intitulé")),
        ("help", blocks.TextBlock(required=kind == FieldKind.EXPLANATION, max_length=5_000, rows=2, label="aide")),
    ]
    if kind not in SILENT:
        parts.append(("required", blocks.BooleanBlock(required=False, label="obligatoire au dépôt")))
    parts += _own(kind)
    if roles:
        parts.append(("role", blocks.ChoiceBlock(choices=roles, required=False, label="rôle")))
    parts.append(("condition", _condition()))
    return blocks.StructBlock(parts, label=kind.label, icon=ICONS.get(kind, "form"), label_format="{label}")


class FormBlock(blocks.StreamBlock):
    """A whole form. What could not be filled in is refused when it is saved, beside the field it is about."""

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        super().__init__(local_blocks or [(block_name(kind), field_block(kind)) for kind in FieldKind], **kwargs)

    def clean(self, value: Any) -> Any:
        from .building import build

        cleaned = super().clean(value)
        problems = build(cleaned, {}).problems
        if problems:
            raise StreamBlockValidationError(
                block_errors={
                    index: StructBlockValidationError(
                        block_errors={
                            name: ValidationError(message) for name, message in found if name in ("label", "role")
                        },
                        non_block_errors=[message for name, message in found if name not in ("label", "role")],
                    )
                    for index, found in problems.items()
                }
            )
        return cleaned
