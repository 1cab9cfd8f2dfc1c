"""Forms of the acts on one dossier. Each carries the version that its author saw and a key of its own."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms

from portal.accounts.forms import DsfrFormMixin

from ..enums import State
from ..fields.parsing import InvalidError, money
from ..models import Dossier
from ..money import euros
from ..rules import DossierConflict, DossierRefused

_OUTCOMES = {State.ACCEPTED: "Accepter", State.REFUSED: "Refuser", State.DROPPED: "Classer sans suite"}


class ActForm(DsfrFormMixin, forms.Form):
    """``version``: of the dossier as its author saw it; ``key``: the form's own, so that sent twice it acts once."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=12, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        self.dossier = dossier
        kwargs["initial"] = {"version": dossier.version, "key": uuid.uuid4().hex} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def refuse(self, refusal: DossierRefused) -> None:
        """Say why the service refused, beside the field at fault. What was typed stays.

        After a conflict the form is about the dossier as it is now, which its author has been told.
        """
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
        if isinstance(refusal, DossierConflict):
            typed: Any = self.data
            self.data = typed = typed.copy()
            typed["version"], typed["key"] = str(self.dossier.version), uuid.uuid4().hex

    @property
    def about(self) -> dict[str, Any]:
        """What the service is given beside the version and the key."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "key")}


class ReasonForm(ActForm):
    """Sending a proposal back, reopening: a reason, that the journal keeps."""

    reason = forms.CharField(label="Motif", max_length=10_000, strip=False, widget=forms.Textarea(attrs={"rows": 5}))


class SignForm(ActForm):
    """Signing what was proposed: nothing is typed."""


class DecisionForm(ActForm):
    """A decision as its type writes them: reasons to choose from, an amount where there is one."""

    outcome = forms.ChoiceField(
        label="Sens de la décision",
        choices=[(each.value, _OUTCOMES[each]) for each in _OUTCOMES],
        widget=forms.RadioSelect,
    )
    amount = forms.CharField(label="Montant accordé, en euros", required=False, max_length=40)
    reason_code = forms.ChoiceField(label="Motif de la liste", required=False)
    reason = forms.CharField(
        label="Motivation",
        help_text="Lue par l’organisation, et reprise dans la décision. Obligatoire pour un refus ou un classement, "
        "sauf si le motif choisi suffit.",
        required=False,
        max_length=10_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    waive_opinions = forms.BooleanField(label="Passer outre les avis qui ne sont pas rendus", required=False)

    def __init__(self, *args: Any, waiting: int = 0, left: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        type_ = self.dossier.type
        self.fields["outcome"].error_messages["required"] = "Choisissez le sens de la décision."
        choices = [
            (each["code"], f"{each.get('label', each['code'])} ({_for(each)})")
            for each in type_.reasons
            if each.get("code")
        ]
        self.fields["reason_code"].choices = [("", "Aucun"), *choices]  # type: ignore[attr-defined]
        if not choices:
            del self.fields["reason_code"]
        if not type_.has_amount:
            del self.fields["amount"]
        else:
            asked = self.dossier.amount_requested
            hints = ["Pour une acceptation seulement."]
            hints += [f"Demandé\u00a0: {euros(asked)}."] if asked is not None else []
            self.fields["amount"].help_text = " ".join([*hints, left] if left else hints)
            self.fields["amount"].widget.attrs["inputmode"] = "decimal"
        if waiting:
            plural = "s" if waiting > 1 else ""
            self.fields[
                "waive_opinions"
            ].help_text = (
                f"{waiting} avis demandé{plural} sans réponse. La décision dira que vous ne l’avez pas attendu."
            )
        else:
            del self.fields["waive_opinions"]

    def clean_amount(self) -> Decimal | None:
        typed = self.cleaned_data["amount"]
        if not typed.strip():
            return None
        try:
            return Decimal(money(typed, {}))
        except InvalidError as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def about(self) -> dict[str, Any]:
        found = super().about
        if found.get("outcome") != State.ACCEPTED:
            found["amount"] = None
        return found


def _for(reason: dict[str, Any]) -> str:
    outcomes = reason.get("for", [State.REFUSED, State.DROPPED])
    return ", ".join(label.lower() for outcome, label in _OUTCOMES.items() if outcome in outcomes)
