"""Forms of the territory chooser."""

from __future__ import annotations

from typing import Any

from django import forms

from .models import Territory
from .selectors import territory_by_key

LONGEST_QUERY = 120


class ChooseForm(forms.Form):
    """The posted choice: a territory's key. Its cleaned value is the current :class:`Territory`."""

    territoire = forms.CharField(
        max_length=24,
        error_messages={
            "required": "Sélectionnez un territoire dans la liste.",
            "max_length": "Ce territoire n’existe pas ou plus. Cherchez-le à nouveau.",
            "null_characters_not_allowed": "Ce territoire n’existe pas ou plus. Cherchez-le à nouveau.",
        },
    )

    def clean_territoire(self) -> Territory:
        territory = territory_by_key(self.cleaned_data["territoire"])
        if territory is None:
            raise forms.ValidationError("Ce territoire n’existe pas ou plus. Cherchez-le à nouveau.")
        return territory

    @property
    def message(self) -> str:
        """The one error, in a sentence; empty where there is none."""
        errors: Any = self.errors.get("territoire", [])
        return " ".join(errors)
