"""What the field template asks of a bound field, and the menu of « Mon compte »."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms import BoundField
from django.urls import reverse

from portal.accounts.proconnect.adapter import is_configured

from ..abilities import get_abilities
from ..rules import Ability

register = template.Library()


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """A single box, its label after it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_boxes(field: BoundField) -> bool:
    """Several boxes under one legend."""
    return isinstance(field.field.widget, forms.CheckboxSelectMultiple)


@register.filter
def is_select(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.Select)


@register.simple_tag
def proconnect_available() -> bool:
    """Whether one may sign in by ProConnect."""
    return is_configured()


@register.inclusion_tag("accounts/_menu.html", takes_context=True)
def account_menu(context: dict[str, Any]) -> dict[str, Any]:
    """The side menu of « Mon compte », without the screens this person has no use for. At most one query."""
    request = context["request"]
    names = [("account", "Mon compte"), ("profile", "Mon profil")]
    if get_abilities(request.user).anywhere(Ability.MANAGE_MEMBERSHIPS):
        names.append(("team", "Mon équipe"))
    if get_abilities(request.user).anywhere(Ability.MANAGE_ORGANISATIONS):
        names.append(("organisation-claims", "Organisations à confirmer"))
    names += [
        ("directory", "Annuaire du réseau"),
        ("notifications:preferences", "Notifications"),
        ("account_email", "Adresse e-mail"),
        ("mfa_index", "Double authentification"),
        ("usersessions_list", "Sessions"),
        ("personal-data:data", "Mes données"),
    ]
    entries = [{"url": reverse(name), "label": label} for name, label in names]
    for entry in entries:
        entry["current"] = entry["url"] == request.path  # type: ignore[assignment]
    return {"entries": entries}
