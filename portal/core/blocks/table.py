"""« Tableau » : a caption, header cells, and cells of text."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.contrib.table_block.blocks import TableBlock as WagtailTableBlock

MAX_CELLS = 2000
HEADERS = {"row", "column", "both"}


class TableBlock(WagtailTableBlock):
    """Wagtail's table with what a reader of screens needs made obligatory: a caption and header cells."""

    def clean(self, value: dict[str, Any] | None) -> dict[str, Any] | None:
        if not isinstance(value, dict):
            raise ValidationError("Remplissez le tableau.")
        data = value.get("data")
        if not isinstance(data, list) or not all(isinstance(row, list) for row in data):
            raise ValidationError("Ce tableau n'est pas lisible ; recommencez-le.")
        if not any(str(cell or "").strip() for row in data for cell in row):
            raise ValidationError("Remplissez le tableau.")
        if sum(len(row) for row in data) > MAX_CELLS:
            raise ValidationError(f"Ce tableau dépasse {MAX_CELLS} cellules : proposez plutôt un fichier.")
        if not self.is_deferred_validation:
            if value.get("table_header_choice") not in HEADERS:
                raise ValidationError(
                    "Choisissez les cellules d'en-tête : première ligne, première colonne ou les deux."
                )
            if not str(value.get("table_caption") or "").strip():
                raise ValidationError("Donnez un titre au tableau : il le résume pour les lecteurs d'écran.")
        return super().clean(value)

    class Meta:
        label = "Tableau"
        icon = "table"
        group = "Texte"
        template = "blocks/table.html"
        description = "Des données en lignes et colonnes."
