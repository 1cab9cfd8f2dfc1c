"""Forms of keys and webhooks."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from portal.accounts.abilities import get_abilities
from portal.accounts.models import User
from portal.accounts.rules import Ability
from portal.territories.enums import Level
from portal.territories.models import Territory

from .tokens import LABELS

PERIODS = [(30, "30 jours"), (90, "3 mois"), (180, "6 mois"), (365, "1 an")]


def places_of(user: User) -> Any:
    """Where ``user`` instructs, down to départements: a service is one of these."""
    found = get_abilities(user).territories(Ability.INSTRUCT).current()  # type: ignore[attr-defined]
    return found.filter(level__in=[Level.NATION, Level.REGION, Level.DEPARTEMENT]).order_by("level", "search_name")


class PlaceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Territory) -> str:  # type: ignore[override]
        return obj.label


class KeyForm(forms.Form):
    name = forms.CharField(label="Nom de la clé", max_length=80, help_text="Ce qui s’en servira : « Outil de suivi ».")
    scopes = forms.MultipleChoiceField(
        label="Ce qu’elle permet",
        choices=[(scope.value, label) for scope, label in LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez ce que cette clé permet."},
    )
    territory = PlaceField(
        label="Limitée à", queryset=Territory.objects.none(), required=False, empty_label="Tous mes territoires"
    )
    period = forms.TypedChoiceField(label="Valable", choices=PERIODS, coerce=int, initial=90)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = places_of(user)  # type: ignore[attr-defined]

    def expires_at(self) -> dt.datetime:
        """The end of its last day, in Paris."""
        day = timezone.localdate() + dt.timedelta(days=self.cleaned_data["period"])
        return dt.datetime.combine(day, dt.time(23, 59, 59), ZoneInfo("Europe/Paris"))


class WebhookForm(forms.Form):
    url = forms.CharField(label="Adresse appelée", max_length=500, help_text="Elle commence par https://.")
    territory = PlaceField(label="Dossiers de", queryset=Territory.objects.none(), empty_label=None)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = places_of(user)  # type: ignore[attr-defined]
