"""Beginning a dossier, withdrawing it."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.accounts.models import Organisation, User
from portal.territories.models import Territory

from ..models import DossierType
from ..services.drafts import organisations_of, territories_for


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "fr-select"})


class OrganisationForm(forms.Form):
    """For whom. One who deposits for a single organisation is not asked."""

    organisation = forms.ModelChoiceField(
        label="Organisation", queryset=Organisation.objects.none(), empty_label=None, widget=_select()
    )

    def __init__(self, *args: Any, user: User, type_: DossierType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = organisations_of(user)
        if type_.organisation_kinds:
            found = found.filter(kind__in=type_.organisation_kinds)
        self.fields["organisation"].queryset = found  # type: ignore[attr-defined]


class TerritoryChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Territory) -> str:  # type: ignore[override]
        return obj.label


class BeginForm(forms.Form):
    """About which territory."""

    territory = TerritoryChoiceField(
        label="Territoire du dossier",
        queryset=Territory.objects.none(),
        widget=_select(),
        empty_label="Choisissez un territoire",
        error_messages={"required": "Choisissez le territoire du dossier."},
    )

    def __init__(self, *args: Any, type_: DossierType, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = territories_for(type_, organisation)  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi votre organisation retire ce dossier",
        widget=forms.Textarea(attrs={"rows": 4, "class": "fr-input"}),
        max_length=10_000,
        error_messages={"required": "Dites pourquoi votre organisation retire ce dossier."},
    )
