"""Confirming that one's account is to be erased."""

from __future__ import annotations

from django import forms

from ..forms import DsfrFormMixin

WORD = "SUPPRIMER"


class EraseForm(DsfrFormMixin, forms.Form):
    confirmation = forms.CharField(
        label=f"Pour confirmer, écrivez {WORD}",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_confirmation(self) -> str:
        text: str = self.cleaned_data["confirmation"].strip().upper()
        if text != WORD:
            raise forms.ValidationError(f"Écrivez le mot {WORD} pour confirmer.")
        return text
