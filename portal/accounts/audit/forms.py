"""What to look for in the log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.encoding import force_str
from wagtail.log_actions import registry as log_actions


def action_choices() -> list[tuple[str, str]]:
    """Every registered action, by label; those with the same label are told apart by their identifier."""
    found = [(name, force_str(label)) for name, label in log_actions.get_choices()]
    labels = [label for _, label in found]
    told = [(name, f"{label} ({name})" if labels.count(label) > 1 else label) for name, label in found]
    return sorted(told, key=lambda each: each[1].casefold())


class AuditForm(forms.Form):
    """All optional. ``since`` and ``until`` are days of the portal's time zone, both included."""

    since = forms.DateField(label="Du", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="Au", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    person = forms.CharField(
        label="Personne", required=False, max_length=150, help_text="Nom ou adresse e-mail de qui a agi."
    )
    action = forms.ChoiceField(label="Action", required=False)
    thing = forms.CharField(
        label="Objet", required=False, max_length=150, help_text="Titre de la page, nom de la personne…"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [("", "Toutes"), *action_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", "La fin de la période est avant son début.")
        return found
