"""Filters of the directory, read off the address."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.territories.models import Territory

from ..enums import Function, OrganisationKind
from ..fields import TerritoryField
from ..forms import DsfrFormMixin


class DirectoryFilters(DsfrFormMixin, forms.Form):
    texts = {
        "q": ("Nom, poste ou organisation", ""),
        "territoire": ("Territoire", "Nom, code ou code postal."),
        "sens": ("Autour de ce territoire", ""),
        "fonction": ("Fonction", ""),
        "nature": ("Nature de l’organisation", ""),
    }

    q = forms.CharField(max_length=100, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    territoire = TerritoryField(required=False)
    sens = forms.ChoiceField(
        choices=[("", "À l’intérieur de ce territoire"), ("dessus", "Aux échelons au-dessus")], required=False
    )
    fonction = forms.ChoiceField(choices=[("", "Toutes"), *Function.choices], required=False)
    nature = forms.ChoiceField(choices=[("", "Toutes"), *OrganisationKind.choices], required=False)

    def criteria(self) -> dict[str, Any]:
        """For ``narrowed``; what is wrong counts for nothing in the list (it is said beside its field)."""
        self.is_valid()
        data = self.cleaned_data
        territory: Territory | None = data.get("territoire")
        return {
            "text": data.get("q", ""),
            "function": data.get("fonction", ""),
            "kind": data.get("nature", ""),
            "territory": territory,
            "above": data.get("sens") == "dessus",
        }
