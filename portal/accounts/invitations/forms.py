"""Inviting somebody; making an account from an invitation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from ..enums import Role
from ..fields import OrganisationField, TerritoryField
from ..forms import CHOICE_HINT, EMAIL_HINT, DsfrFormMixin, SignupForm
from ..models import Invitation, User
from ..rules import DOSSIER_ROLES, ORGANISATION_ROLES
from .services import LONGEST_MESSAGE


class InviteForm(DsfrFormMixin, forms.Form):
    """Whom, to what, where. ``roles`` are those on offer; the service checks where."""

    texts = {
        "email": ("Adresse e-mail", EMAIL_HINT),
        "role": ("Rôle", ""),
        "territory": (
            "Territoire (facultatif)",
            "Pour un rôle tenu sur un territoire. Nom, code ou identifiant : « Landes », « 40 ».",
        ),
        "organisation": (
            "Organisation (facultatif)",
            "Pour un rôle tenu dans une organisation. Son nom, ou son SIRET (14 chiffres).",
        ),
        "message": ("Message (facultatif)", "Il figure dans l’invitation, en texte simple."),
    }

    email = forms.EmailField(max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField()
    territory = TerritoryField(required=False)
    organisation = OrganisationField(required=False)
    message = forms.CharField(max_length=LONGEST_MESSAGE, required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = [(role.value, role.label) for role in roles]
        field: Any = self.fields["role"]
        field.choices = choices
        field.error_messages["invalid_choice"] = "Vous ne pouvez pas donner ce rôle."
        if not ORGANISATION_ROLES & set(roles) and not DOSSIER_ROLES & set(roles):
            del self.fields["organisation"]
        elif not set(roles) - ORGANISATION_ROLES:
            del self.fields["territory"]


class NewAccountForm(DsfrFormMixin, forms.Form):
    """The account of an invited person: the address is the invitation's, the password may wait."""

    texts = {
        "first_name": ("Prénom", ""),
        "last_name": ("Nom", ""),
        "password1": (
            "Mot de passe (facultatif)",
            f"{CHOICE_HINT} Sans mot de passe, vous vous connectez par un lien envoyé à votre adresse.",
        ),
        "password2": ("Mot de passe, une seconde fois", "Si vous en avez choisi un."),
    }
    _password = {"autocomplete": "new-password"}

    first_name = forms.CharField(max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = forms.CharField(max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    password1 = forms.CharField(
        max_length=200, required=False, strip=False, widget=forms.PasswordInput(attrs=_password)
    )
    password2 = forms.CharField(
        max_length=200, required=False, strip=False, widget=forms.PasswordInput(attrs=_password)
    )
    terms = forms.BooleanField(
        label=SignupForm.base_fields["terms"].label,
        help_text=SignupForm.base_fields["terms"].help_text,
        error_messages=SignupForm.base_fields["terms"].error_messages,
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        self.invitation = invitation
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, second = data.get("password1", ""), data.get("password2", "")
        if first != second:
            self.add_error("password2", "Les deux mots de passe ne sont pas les mêmes.")
        elif first:
            person = User(
                email=self.invitation.email,
                first_name=data.get("first_name", ""),
                last_name=data.get("last_name", ""),
            )
            try:
                password_validation.validate_password(first, person)
            except ValidationError as error:
                self.add_error("password1", error)
        return data
