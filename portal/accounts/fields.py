"""Form fields that find a territory or people from what a person types, without JavaScript."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import validate_email

from portal.territories.lookups import find_territories
from portal.territories.models import Territory
from portal.territories.selectors import territory_by_key

from .models import Organisation, User

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


@dataclass(frozen=True)
class Named:
    """People named by their addresses: those who have an account, and the addresses that have none."""

    people: list[User]
    addresses: list[str]

    @property
    def everybody(self) -> list[str]:
        return [*(person.email for person in self.people), *self.addresses]


class NamedPeopleField(forms.CharField):
    """Addresses, one a line (or separated by commas), with an account or without; each wrong one is named."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(max_length=most * 260, **kwargs)

    def clean(self, value: Any) -> Named:  # type: ignore[override]
        text = super().clean(value) or ""
        lines = [line.strip().lower() for line in text.replace(",", "\n").replace(";", "\n").splitlines()]
        addresses = list(dict.fromkeys(line for line in lines if line))
        if len(addresses) > self.most:
            raise forms.ValidationError(f"Indiquez {self.most} adresses au plus.")
        errors = [f"« {line} » n’est pas une adresse e-mail." for line in addresses if not _is_address(line)]
        people = {user.email.lower(): user for user in User.objects.filter(email__in=addresses)}
        errors += [f"Le compte « {line} » est désactivé." for line, user in people.items() if not user.is_active]
        if errors:
            raise forms.ValidationError(errors)
        return Named(
            [people[line] for line in addresses if line in people], [line for line in addresses if line not in people]
        )


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except forms.ValidationError:
        return False
    return len(text) <= 254


class OrganisationField(forms.CharField):
    """An organisation by its SIRET, its number (« n° 12 ») or its name; those of one name are told apart by numbers."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "Son nom, ou son SIRET (14 chiffres).")
        super().__init__(max_length=200, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = Organisation.objects.filter(pk=value).first()
        return f"n° {value.pk}" if isinstance(value, Organisation) else value

    def clean(self, value: Any) -> Organisation | None:  # type: ignore[override]
        text = super().clean(value)
        if not text:
            return None
        candidates = find_organisations(text)
        if len(candidates) == 1:
            return candidates[0]
        if not candidates:
            raise forms.ValidationError("Aucune organisation ne porte ce nom ou ce SIRET.", code="unknown")
        names = " ; ".join(f"{found.name} ({found.territory.label}) : n° {found.pk}" for found in candidates)
        raise forms.ValidationError(f"Plusieurs organisations répondent. Indiquez le numéro voulu : {names}.")


def find_organisations(text: str) -> list[Organisation]:
    """At most ``MAX_NAMES``: the one of that SIRET or number, those of that very name, or else that contain it."""
    rows = Organisation.objects.select_related("territory").order_by("name", "pk")
    digits = text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    if len(digits) == 14 and digits.isascii() and digits.isdigit():
        return list(rows.filter(siret=digits))
    number = digits.lower().removeprefix("n°")
    if number != digits.lower() and number.isascii() and number.isdigit() and len(number) < 18:
        return list(rows.filter(pk=int(number)))
    return list(rows.filter(name__iexact=text)[:MAX_NAMES]) or list(rows.filter(name__icontains=text)[:MAX_NAMES])
