"""Forms of signing in by mail."""

from __future__ import annotations

from django import forms

from .forms import EMAIL_HINT, DsfrFormMixin
from .mfa_forms import CODE_ATTRS


class LinkRequestForm(DsfrFormMixin, forms.Form):
    texts = {"email": ("Adresse e-mail de votre compte", EMAIL_HINT)}

    email = forms.EmailField(max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"}))


class MailCodeForm(DsfrFormMixin, forms.Form):
    texts = {"code": ("Code reçu par e-mail", "8 chiffres.")}

    code = forms.CharField(max_length=20, widget=forms.TextInput(attrs=CODE_ATTRS))

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())
