"""Forms of what a list's team does for one person."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.accounts.enums import OrganisationKind
from portal.accounts.fields import TerritoryField
from portal.core.models import Audience

from .. import access
from ..imports.enums import Basis
from ..models import MailingList
from ..services.by_hand import SHORTEST_EVIDENCE

_ADDRESS = {"required": "Saisissez une adresse e-mail.", "max_length": "Cette adresse est trop longue."}


class AddForm(forms.Form):
    """Somebody who agreed otherwise than by the portal; what proves it is obligatory."""

    adresse = forms.CharField(
        label="Adresse e-mail",
        max_length=1000,
        strip=False,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "off"}),
        error_messages=_ADDRESS,
    )
    listes = forms.ModelMultipleChoiceField(
        MailingList.objects.none(),
        label="Listes",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins une liste.",
            "invalid_choice": "Une des listes choisies n’est pas des vôtres, ou n’est plus en service.",
        },
    )
    fondement = forms.ChoiceField(
        label="Fondement", choices=[("", "Choisissez"), *Basis.choices], error_messages={"required": "Choisissez."}
    )
    preuve = forms.CharField(
        label="Preuve",
        max_length=200,
        min_length=SHORTEST_EVIDENCE,
        help_text="Où, quand et comment la personne a donné son accord. Gardé au journal des consentements.",
        error_messages={"required": "Dites où, quand et comment la personne a donné son accord."},
    )
    nom = forms.CharField(label="Nom (facultatif)", max_length=150, required=False)
    organisation = forms.CharField(label="Organisation (facultatif)", max_length=200, required=False)
    type_organisation = forms.ChoiceField(
        label="Type d’organisation (facultatif)",
        choices=[("", "Non renseigné"), *OrganisationKind.choices],
        required=False,
    )
    territoire = TerritoryField(label="Territoire (facultatif)", required=False)
    roles = forms.ModelMultipleChoiceField(
        Audience.objects.none(), label="Rôles (facultatif)", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        managed = MailingList.objects.current().filter(territory__in=access.managed_territories(user))
        fields["listes"].queryset = managed.select_related("territory").order_by("territory__name", "name", "pk")
        fields["listes"].label_from_instance = lambda one: f"{one.name} ({one.territory})"
        fields["roles"].queryset = Audience.objects.order_by("order", "name", "pk")

    @property
    def evidence(self) -> str:
        """The basis and what proves it, as the consent log keeps them."""
        return f"{Basis(self.cleaned_data['fondement']).label} · {self.cleaned_data['preuve']}"


class ExcludeForm(forms.Form):
    adresse = forms.CharField(
        label="Adresse e-mail",
        max_length=1000,
        strip=False,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "off"}),
        error_messages=_ADDRESS,
    )
    note = forms.CharField(
        label="Raison",
        max_length=300,
        help_text="Sans l’adresse ni le nom de la personne : seule une empreinte de l’adresse est gardée.",
        error_messages={"required": "Dites pourquoi."},
    )
