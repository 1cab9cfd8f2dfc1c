"""Forms of the page of preferences."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.accounts.forms import DsfrFormMixin

from ..addresses import normalise_address


class AddressField(forms.CharField):
    """An address in its normal form; what was typed is shown again as it was."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "email", "autocomplete": "email", "inputmode": "email"})
        messages = {
            "required": "Saisissez une adresse e-mail.",
            "max_length": "Cette adresse est trop longue : 254 caractères au plus.",
            "null_characters_not_allowed": "Cette adresse contient un caractère invisible ou un retour à la ligne.",
        }
        super().__init__(max_length=1000, strip=False, widget=widget, error_messages=messages, **kwargs)

    def clean(self, value: Any) -> str:
        return normalise_address(super().clean(value))


class AskLinkForm(DsfrFormMixin, forms.Form):
    adresse = AddressField(label="Votre adresse e-mail", help_text="Celle qui reçoit nos lettres.")


class PauseForm(DsfrFormMixin, forms.Form):
    jusqu_au = forms.DateField(
        label="Reprendre le",
        help_text="Une pause dure un an au plus. Les lettres reprennent ce jour-là, sans rien faire.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": "Choisissez un jour.", "invalid": "Écrivez un jour, comme 31/12/2027."},
    )


class ChangeForm(DsfrFormMixin, forms.Form):
    nouvelle = AddressField(
        label="Nouvelle adresse e-mail", help_text="Nous y envoyons un message : rien ne change avant sa confirmation."
    )
