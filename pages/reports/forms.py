"""The form by which readers report a page."""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.core import signing

from ..enums import ReportReason

#: Nobody reads a page's form, chooses and writes in less; robots do.
SECONDS_TO_FILL = 3
#: A form older than that is shown again: it may have been kept to be sent a thousand times.
OLDEST = 24 * 3600
SALT = "pages.reports.form"
HINTS = {
    ReportReason.INAPPROPRIATE: "Propos blessants, illégaux, données d’une personne, publicité.",
    ReportReason.OBSOLETE: "Les informations ne sont plus à jour, un lien ou un document a disparu.",
    ReportReason.ERRORS: "Une date, un lieu, un nom, un chiffre ou un lien est faux.",
    ReportReason.DUPLICATE: "La même page existe déjà ailleurs sur le portail.",
}


def stamp(now: float | None = None) -> str:
    """When the form was shown, signed."""
    return signing.TimestampSigner(salt=SALT).sign(str(int(time.time() if now is None else now)))


class ReportForm(forms.Form):
    """``site_web`` is a trap for robots; ``depuis`` says, signed, when the form was shown."""

    motif = forms.ChoiceField(
        label="Pourquoi signaler cette page\u00a0?",
        choices=ReportReason.choices,
        error_messages={"required": "Choisissez un motif.", "invalid_choice": "Choisissez un motif de la liste."},
    )
    precisions = forms.CharField(
        label="Précisions",
        required=False,
        max_length=1000,
        error_messages={
            "max_length": "Écrivez 1 000 caractères au plus (%(show_value)d pour l’instant).",
            "null_characters_not_allowed": "Ce texte contient un caractère invisible : réécrivez-le.",
        },
    )
    adresse = forms.EmailField(
        label="Votre adresse e-mail",
        required=False,
        max_length=254,
        error_messages={
            "invalid": "Saisissez une adresse e-mail valide, par exemple nom@domaine.fr.",
            "max_length": "Cette adresse est trop longue : 254 caractères au plus.",
        },
    )
    site_web = forms.CharField(required=False)
    depuis = forms.CharField(required=False)

    @property
    def is_robot(self) -> bool:
        return bool(self.data.get("site_web"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            shown = int(signing.TimestampSigner(salt=SALT).unsign(cleaned.get("depuis", ""), max_age=OLDEST))
        except (signing.BadSignature, ValueError):
            raise forms.ValidationError(
                "Ce formulaire est resté ouvert trop longtemps : vérifiez-le, puis renvoyez-le."
            ) from None
        if time.time() - shown < SECONDS_TO_FILL:
            raise forms.ValidationError("Ce formulaire est parti très vite : vérifiez-le, puis renvoyez-le.")
        return cleaned

    @property
    def reasons(self) -> list[tuple[str, str, str]]:
        """(value, label, hint) of each reason."""
        return [(reason.value, str(reason.label), HINTS[reason]) for reason in ReportReason]
