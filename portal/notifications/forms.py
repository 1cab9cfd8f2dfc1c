"""How often one hears of each category by mail."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.accounts.models import User

from .enums import Frequency
from .registry import categories, kinds_in
from .selectors import frequencies_of


class FrequenciesForm(forms.Form):
    """One choice a category; the label and the help say what is in it, and what is always sent."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = frequencies_of(user)
        for category in categories():
            kinds = kinds_in(category.key)
            if not any(kind.can_be_muted for kind in kinds):
                continue
            field = forms.ChoiceField(
                label=category.label,
                help_text=category.description,
                choices=Frequency.choices,
                initial=current[category.key],
                error_messages={"required": "Choisissez une fréquence.", "invalid_choice": "Choisissez une fréquence."},
            )
            field.widget.attrs["class"] = "fr-select"
            self.fields[category.key] = field

    @staticmethod
    def always_sent() -> list[str]:
        """What no choice mutes, by label."""
        return [kind.label for category in categories() for kind in kinds_in(category.key) if not kind.can_be_muted]
