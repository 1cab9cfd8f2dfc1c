"""Forms of the second factor: allauth's, in the words and the markup of the State design system."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTotpForm
from allauth.mfa.webauthn import forms as webauthn_forms

from .forms import DsfrFormMixin

CODE_ATTRS = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class CodeFormMixin(DsfrFormMixin):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= CODE_ATTRS


class AuthenticateForm(CodeFormMixin, base_forms.AuthenticateForm):
    texts = {"code": ("Code", "Les 6 chiffres affichés par votre application, ou l’un de vos codes de secours.")}


class ReauthenticateForm(CodeFormMixin, base_forms.ReauthenticateForm):
    texts = AuthenticateForm.texts


class ActivateTotpForm(CodeFormMixin, AllauthActivateTotpForm):
    texts = {"code": ("Code affiché par l’application", "6 chiffres, qui changent toutes les 30 secondes.")}


NAME_TEXT = ("Nom de la clé", "Pour la reconnaître, par exemple « Téléphone » ou « Clé du bureau ».")


class AddPasskeyForm(DsfrFormMixin, webauthn_forms.AddWebAuthnForm):
    texts = {
        "name": NAME_TEXT,
        "passwordless": (
            "Me connecter avec cette seule clé, sans mot de passe",
            "La clé demande alors un code, une empreinte ou un visage. Décochez pour une clé de sécurité sans code.",
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = 60  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs["maxlength"] = 60
        self.fields["passwordless"].initial = True

    def clean_name(self) -> str:
        return str(super().clean_name())[:60]


class EditPasskeyForm(DsfrFormMixin, webauthn_forms.EditWebAuthnForm):
    texts = {"name": NAME_TEXT}

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"])[:60]
