"""Inviting somebody on a dossier."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from portal.accounts.forms import DsfrFormMixin

from ..enums import InvitationRight
from ..exchange.deadlines import local_day
from ..models import Dossier
from ..rules import DossierRefused
from ..services.sharing import LONGEST_MESSAGE, USUAL
from .words import MAY


class InviteForm(DsfrFormMixin, forms.Form):
    """Whom, to do what, until when. Every right is said in words."""

    email = forms.CharField(
        label="Adresse e-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="Format attendu : nom@domaine.fr. L’invitation ne sert qu’à cette adresse.",
        error_messages={"required": "Indiquez une adresse e-mail, par exemple nom@domaine.fr."},
    )
    right = forms.ChoiceField(
        label="Ce que cette personne pourra faire",
        choices=[(value, f"{label} : {MAY[value]}") for value, label in InvitationRight.choices],
        initial=InvitationRight.COMMENT,
    )
    until = forms.DateField(
        label="Jusqu’au",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Ce jour compris, dans un an au plus. Vous pouvez l’annuler avant.",
        error_messages={"required": "Indiquez jusqu’à quand.", "invalid": "Indiquez une date : JJ/MM/AAAA."},
    )
    message = forms.CharField(
        label="Votre message (facultatif)",
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("until", local_day(dossier.territory) + USUAL)
        self.initial.setdefault("key", uuid.uuid4().hex)

    def refuse(self, refusal: DossierRefused) -> None:
        """Say why beside its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
