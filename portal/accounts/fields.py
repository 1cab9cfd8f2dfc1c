"""Form fields that find a territory or people from what a person types, without JavaScript."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.territories.lookups import find_territories
from portal.territories.models import Territory
from portal.territories.selectors import territory_by_key

from .models import User

MAX_NAMES = 8


class TerritoryField(forms.CharField):
    """A territory by its key ("departement-40"), code or name; a name that several bear is told apart by their keys."""

    def __init__(self, *, levels: tuple[str, ...] | None = None, **kwargs: Any) -> None:
        self.levels = levels
        kwargs.setdefault("help_text", "Nom, code ou identifiant : « Landes », « 40 », « departement-40 ».")
        super().__init__(max_length=120, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = Territory.objects.filter(pk=value).first()
        return value.key if isinstance(value, Territory) else value

    def clean(self, value: Any) -> Territory | None:  # type: ignore[override]
        text = super().clean(value)
        if not text:
            return None
        territory = territory_by_key(text)
        if territory is not None:
            return territory
        matches = [match.territory for match in find_territories(text, levels=self.levels).matches]
        exact = [found for found in matches if found.name.casefold() == text.casefold()]
        candidates = exact or matches
        if len(candidates) == 1:
            return candidates[0]
        if not candidates:
            raise forms.ValidationError("Aucun territoire ne porte ce nom ou ce code.")
        names = " ; ".join(f"{found.label} : {found.key}" for found in candidates[:MAX_NAMES])
        raise forms.ValidationError(f"Plusieurs territoires répondent. Indiquez l'identifiant voulu : {names}.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != data


class PeopleField(forms.CharField):
    """Active accounts by their addresses, one a line (or separated by commas); each unknown one is named."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> list[User]:  # type: ignore[override]
        text = super().clean(value) or ""
        addresses = list(dict.fromkeys(word.lower() for word in text.replace(",", " ").replace(";", " ").split()))
        people = {user.email.lower(): user for user in User.objects.filter(email__in=addresses, is_active=True)}
        if unknown := [address for address in addresses if address not in people]:
            raise forms.ValidationError(f"Aucun compte actif à : {', '.join(unknown)}.")
        return [people[address] for address in addresses]
