"""Forms of the organisers' screens."""

from __future__ import annotations

from typing import Any

from django import forms

from ..enums import RegistrationState
from ..registration.forms import RegisterForm

MOST_REASON = 300


class RegisteredFilter(forms.Form):
    q = forms.CharField(label="Nom, adresse ou structure", required=False, max_length=100)
    state = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Tous"), ("active", "En cours"), *RegistrationState.choices],
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Raison",
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="La personne la lit dans le message qu’elle reçoit.",
        error_messages={"required": "Dites pourquoi : la personne le lira."},
    )


class AddForm(RegisterForm):
    """Somebody registered by hand: by telephone, at the door."""

    beyond = forms.BooleanField(label="Inscrire même s’il n’y a plus de place", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["telephone"], self.fields["form_key"]
        for field in self.fields.values():
            field.widget.attrs.pop("class", None)
        # Questions are for the person to answer.
        for question in self.questions:
            self.fields[f"question-{question.key}"].required = False
