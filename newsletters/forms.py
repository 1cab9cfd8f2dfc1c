"""The subscription form."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .addresses import normalise_address
from .models import MailingList

MAX_LISTS = 20
_SLUG = re.compile(r"[a-z0-9-]{1,120}")


def lists_by_slug(slugs: list[str]) -> list[MailingList]:
    """The lists open to subscription among ``slugs``, unknown ones left out. At most one query."""
    sane = [slug for slug in slugs[:MAX_LISTS] if _SLUG.fullmatch(slug)]
    if not sane:
        return []
    return list(MailingList.objects.subscribable().select_related("territory").filter(slug__in=sane))


class ListsField(forms.Field):
    """One list or more, by slug; private and archived ones do not exist here."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "required": "Choisissez au moins une lettre.",
        "unknown": "Une des lettres choisies n’existe pas ou n’est plus proposée.",
        "many": f"Choisissez {MAX_LISTS} lettres au plus à la fois.",
    }

    def clean(self, value: Any) -> list[MailingList]:
        slugs = list(dict.fromkeys(value or []))
        if not slugs:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(slugs) > MAX_LISTS:
            raise ValidationError(self.error_messages["many"], code="many")
        found = lists_by_slug(slugs)
        if len(found) != len(slugs):
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return found


class SubscribeForm(forms.Form):
    """``site_web`` is a trap for robots: people do not see it."""

    # Long enough that the address's own rule, not this one, says what is wrong.
    adresse = forms.CharField(
        max_length=1000,
        strip=False,
        label="Votre adresse e-mail",
        error_messages={
            "required": "Saisissez une adresse e-mail.",
            "max_length": "Cette adresse est trop longue : 254 caractères au plus.",
            "null_characters_not_allowed": "Cette adresse contient un caractère invisible ou un retour à la ligne.",
        },
    )
    liste = ListsField(label="Lettres")
    nom = forms.CharField(max_length=150, required=False, label="Votre nom")
    organisation = forms.CharField(max_length=200, required=False, label="Votre organisation")
    accord = forms.BooleanField(
        error_messages={"required": "Sans votre accord, nous ne pouvons pas vous écrire : cochez cette case."}
    )
    site_web = forms.CharField(required=False)

    def clean_adresse(self) -> str:
        return normalise_address(self.cleaned_data["adresse"])

    @property
    def is_robot(self) -> bool:
        return bool(self.data.get("site_web"))
