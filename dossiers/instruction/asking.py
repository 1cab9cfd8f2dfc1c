"""The form that asks for complements: one box a field or piece, its question, whether it is mandatory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import cached_property

from ..exchange.deadlines import local_day
from ..fields.conditions import visible
from ..fields.display import rows
from ..fields.schema import Field, load_schema
from ..rules import DossierRefused
from .forms import ActForm

LONGEST_QUESTION = 2000


@dataclass(frozen=True)
class Line:
    """What may be asked for, as it is shown: its answer now, and the three inputs about it."""

    field: Field
    heading: str
    answer: str
    asked: forms.BoundField
    question: forms.BoundField
    mandatory: forms.BoundField


class RequestForm(ActForm):
    """Names of inputs: ``demande-<key>``, ``question-<key>``, ``obligatoire-<key>``, by the fields of the dossier."""

    due_on = forms.DateField(
        label="Réponse attendue au plus tard le",
        error_messages={"invalid": "Saisissez une date, par exemple 15/09/2026."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    message = forms.CharField(
        label="Message qui accompagne la demande (facultatif)",
        max_length=10_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        dossier = kwargs["dossier"]
        today, days = local_day(dossier.territory), dossier.type.complement_days
        kwargs["initial"] = {"due_on": today + dt.timedelta(days=days)} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["due_on"].help_text = f"Jusqu’à 23 h 59. Ce type de dossier laisse d’ordinaire {days} jours."
        self.fields["due_on"].widget.attrs["min"] = (today + dt.timedelta(days=1)).isoformat()
        self.schema = load_schema(dossier.type_version)
        shown = visible(self.schema, dossier.values)
        self.asked = [each for each in self.schema if each.holds and each.key in shown]
        for each in self.asked:
            self.fields[f"demande-{each.key}"] = forms.BooleanField(label=each.label, required=False)
            self.fields[f"question-{each.key}"] = forms.CharField(
                label=f"Ce que vous demandez pour «\u00a0{each.label}\u00a0»",
                required=False,
                max_length=LONGEST_QUESTION,
                strip=False,
                widget=forms.Textarea(attrs={"rows": 2, "class": "fr-input"}),
            )
            self.fields[f"obligatoire-{each.key}"] = forms.BooleanField(
                label="Réponse obligatoire", required=False, initial=True
            )

    @cached_property
    def lines(self) -> list[Line]:
        return list(self._lines())

    def _lines(self) -> Iterator[Line]:
        from ..pieces.services import current_files

        heading = ""
        for row in rows(self.schema, self.dossier.values, current_files(self.dossier)):
            if row.is_heading:
                heading = row.text
                continue
            if f"demande-{row.field.key}" not in self.fields:
                continue
            answer = row.text or ", ".join(version.file.name for version in row.files)
            if row.table is not None:
                count = len(row.table.rows)
                answer = f"{count} ligne{'s' if count > 1 else ''}" if count else ""
            key = row.field.key
            yield Line(
                row.field, heading, answer, self[f"demande-{key}"], self[f"question-{key}"], self[f"obligatoire-{key}"]
            )
            heading = ""

    def clean(self) -> dict[str, Any]:
        """A question without its box is asked all the same: it was typed to be."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for each in self.asked:
            question = (said.get(f"question-{each.key}") or "").strip()
            if said.get(f"demande-{each.key}") and not question and f"question-{each.key}" not in self.errors:
                self.add_error(f"question-{each.key}", "Dites ce que vous demandez.")
        return said

    @property
    def about(self) -> dict[str, Any]:
        said = self.cleaned_data
        items = [
            {
                "field": each.key,
                "question": said[f"question-{each.key}"].strip(),
                "mandatory": said[f"obligatoire-{each.key}"],
            }
            for each in self.asked
            if said.get(f"demande-{each.key}") or said.get(f"question-{each.key}", "").strip()
        ]
        return {"message": said["message"], "due_on": said["due_on"], "items": items}

    def refuse(self, refusal: DossierRefused) -> None:
        super().refuse(refusal)
        for key, told in refusal.errors.items():
            if f"question-{key}" in self.fields:
                self.add_error(f"question-{key}", told)
