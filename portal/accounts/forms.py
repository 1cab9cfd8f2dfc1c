"""Forms of « Mon compte »: allauth's, in the words and the markup of the State design system."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .models import User

EMAIL_HINT = "Format attendu : nom@domaine.fr"
CHOICE_HINT = (
    "Au moins 12 caractères. Une phrase de quelques mots fait l’affaire ; pas un mot de passe courant, pas seulement "
    "des chiffres, et rien qui ressemble à votre adresse."
)


class DsfrFormMixin:
    """DSFR classes on the inputs, no placeholder in place of a label, the first error focused by the browser.

    ``aria-describedby`` (help and error) and ``aria-invalid`` are Django's own; ``accounts/_field.html`` has the ids.
    """

    texts: dict[str, tuple[str, str]] = {}  # Field name: (label, help text).
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, form_field in self.fields.items():
            widget = form_field.widget
            widget.attrs.pop("placeholder", None)
            if not isinstance(widget, forms.CheckboxInput | forms.RadioSelect):  # Boxes are a kind of these.
                widget.attrs.setdefault("class", "fr-input")
            if isinstance(widget, forms.Select):
                widget.attrs["class"] = "fr-select"
            # A field that has words of its own keeps them.
            if (
                name != "terms"
                and form_field.error_messages["required"] == forms.Field.default_error_messages["required"]
            ):
                form_field.error_messages["required"] = "Renseignez ce champ."
            if name in self.texts:
                form_field.label, form_field.help_text = self.texts[name]
            if isinstance(form_field, forms.EmailField):
                form_field.error_messages["invalid"] = (
                    "Saisissez une adresse e-mail valide, par exemple nom@domaine.fr."
                )


class LoginForm(DsfrFormMixin, allauth_forms.LoginForm):
    texts = {
        "login": ("Adresse e-mail", EMAIL_HINT),
        "password": ("Mot de passe", ""),
        "remember": ("Rester connecté sur cet appareil", ""),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignupForm(DsfrFormMixin, allauth_forms.SignupForm):
    """A new account: it has no role. The honeypot's name is in the settings; its template hides it."""

    texts = {
        "first_name": ("Prénom", ""),
        "last_name": ("Nom", ""),
        "email": ("Adresse e-mail", EMAIL_HINT),
        "password1": ("Mot de passe", CHOICE_HINT),
        "password2": ("Mot de passe, une seconde fois", ""),
    }
    field_order = ["first_name", "last_name", "email", "password1", "password2", "terms"]

    first_name = forms.CharField(max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = forms.CharField(max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    terms = forms.BooleanField(
        label="J’accepte les conditions d’utilisation du portail",
        help_text=(
            "Mes nom, prénom et adresse servent à tenir mon compte, et ne sont ni publiés ni cédés. Je publie sous mon "
            "nom, dans le respect de la loi et de la neutralité du service public. Je peux demander la suppression de "
            "mon compte à tout moment."
        ),
        error_messages={"required": "Pour créer un compte, acceptez les conditions d’utilisation."},
    )

    account_already_exists: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["telephone"].label = "Laissez ce champ vide"
        self.fields["telephone"].widget.attrs = {"tabindex": "-1", "autocomplete": "off", "class": "fr-input"}

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Nothing tells whether the address had an account: where it had, a password is hashed all the same.

        The same form sent twice at once: the second finds the address taken when it writes, not when it looks.
        """
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            if not User.objects.filter(email__iexact=self.cleaned_data["email"]).exists():
                raise
        self.account_already_exists = True
        return super().try_save(request)

    def save(self, request: HttpRequest) -> User:
        user: User = super().save(request)
        user.terms_accepted_at = timezone.now()
        user.save(update_fields=["terms_accepted_at"])
        return user


class AddEmailForm(DsfrFormMixin, allauth_forms.AddEmailForm):
    texts = {"email": ("Nouvelle adresse e-mail", EMAIL_HINT)}


class ChangePasswordForm(DsfrFormMixin, allauth_forms.ChangePasswordForm):
    texts = {
        "oldpassword": ("Mot de passe actuel", ""),
        "password1": ("Nouveau mot de passe", CHOICE_HINT),
        "password2": ("Nouveau mot de passe, une seconde fois", ""),
    }


class SetPasswordForm(DsfrFormMixin, allauth_forms.SetPasswordForm):
    texts = {
        "password1": ("Mot de passe", CHOICE_HINT),
        "password2": ("Mot de passe, une seconde fois", ""),
    }


class ResetPasswordForm(DsfrFormMixin, allauth_forms.ResetPasswordForm):
    texts = {"email": ("Adresse e-mail de votre compte", EMAIL_HINT)}


class ResetPasswordKeyForm(DsfrFormMixin, allauth_forms.ResetPasswordKeyForm):
    texts = ChangePasswordForm.texts


class ReauthenticateForm(DsfrFormMixin, allauth_forms.ReauthenticateForm):
    texts = {"password": ("Mot de passe", "")}
