"""A new account that comes by ProConnect."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount import forms as allauth_forms
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ..forms import EMAIL_HINT, DsfrFormMixin, SignupForm
from ..models import User


class ProConnectSignupForm(DsfrFormMixin, allauth_forms.SignupForm):
    """What ProConnect says is filled in and may be put right; the address is confirmed by mail whatever it is."""

    texts = {
        "first_name": ("Prénom", ""),
        "last_name": ("Nom", ""),
        "email": ("Adresse e-mail", EMAIL_HINT),
    }
    field_order = ["first_name", "last_name", "email", "terms"]

    first_name = forms.CharField(max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = forms.CharField(max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    terms = forms.BooleanField(
        label=SignupForm.base_fields["terms"].label,
        help_text=SignupForm.base_fields["terms"].help_text,
        error_messages={"required": SignupForm.base_fields["terms"].error_messages["required"]},
    )

    account_already_exists: bool

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """As for any new account: nothing tells whether the address had one, nor when two are sent at once."""
        try:
            with transaction.atomic():
                return super().try_save(request)  # type: ignore[no-any-return]
        except IntegrityError:
            if not User.objects.filter(email__iexact=self.cleaned_data["email"]).exists():
                raise
        self.account_already_exists = True
        return super().try_save(request)  # type: ignore[no-any-return]

    def save(self, request: HttpRequest) -> Any:
        user = super().save(request)
        user.terms_accepted_at = timezone.now()
        user.save(update_fields=["terms_accepted_at"])
        return user
