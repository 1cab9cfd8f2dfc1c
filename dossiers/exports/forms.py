"""What one asks of an export."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.http import urlencode

from portal.accounts.forms import DsfrFormMixin

from ..enums import ExportFormat
from ..instruction.filters import ListFilter, places
from ..instruction.selectors import Desk
from ..rules import DossierRefused

LEVELS = (
    ("", "Aucune somme"),
    ("nation", "Au total"),
    ("region", "Par région"),
    ("departement", "Par département"),
    ("epci", "Par intercommunalité"),
)


class _AskForm(DsfrFormMixin, forms.Form):
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk
        self.initial.setdefault("key", uuid.uuid4().hex)

    def refuse(self, refusal: DossierRefused) -> None:
        """Say why beside its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class ExportForm(_AskForm):
    """The list, as its filters give it."""

    kind = forms.ChoiceField(
        label="Format",
        choices=ExportFormat.choices,
        error_messages={"required": "Choisissez un format.", "invalid_choice": "Choisissez un format de la liste."},
    )
    level = forms.ChoiceField(
        label="Ajouter des sommes",
        required=False,
        choices=LEVELS,
        help_text="Deux feuilles de plus : états, délais et montants de chaque territoire et de chaque type.",
        error_messages={"invalid_choice": "Choisissez un échelon de la liste."},
    )
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def filters(self, query: str) -> dict[str, str]:
        """What the list understands of the filters of an address."""
        return ListFilter(QueryDict(query), desk=self.desk).filters()

    @staticmethod
    def query_of(filters: dict[str, str]) -> str:
        return urlencode(filters)


class ContactsForm(_AskForm):
    """The contacts of the dossiers of a territory."""

    territoire = forms.ChoiceField(
        label="Région ou département",
        required=False,
        error_messages={"invalid_choice": "Choisissez un territoire de la liste."},
    )
    kind = forms.ChoiceField(
        label="Format",
        choices=[each for each in ExportFormat.choices if each[0] != ExportFormat.ZIP],
        error_messages={"required": "Choisissez un format.", "invalid_choice": "Choisissez un format de la liste."},
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        self.fields["territoire"].choices = [("", "Tout votre périmètre"), *places(desk)]  # type: ignore[attr-defined]
