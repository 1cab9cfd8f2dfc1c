"""Letters in Wagtail's admin: addresses, menu, buttons of a letter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import path, reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from portal.accounts.guards import AbilityMenuItem
from portal.accounts.rules import Ability

from ..models import LetterIndexPage, NewsletterPage
from . import screens

BASE = "lettres/redaction/"


def urls() -> list[Any]:
    """For ``register_admin_urls``."""
    letter = f"{BASE}<int:letter_id>/"
    return [
        path(f"{BASE}nouvelle/", screens.new, name="letter_new"),
        path(f"{letter}proposer/", screens.add, name="letter_propose"),
        path(f"{letter}verifications/", screens.checks, name="letter_checks"),
        path(f"{letter}liens/", screens.links, name="letter_links"),
        path(f"{letter}apercu/<slug:mode>/", screens.look, name="letter_look"),
        path(f"{letter}essai/", screens.trial, name="letter_trial"),
    ]


def menu_item() -> MenuItem:
    return AbilityMenuItem(
        "Nouvelle lettre",
        reverse("letter_new"),
        name="nouvelle-lettre",
        icon_name="mail",
        order=259,
        ability=Ability.COMPOSE_LETTER,
    )


def _buttons(page: Page, user: Any) -> Iterator[Button]:
    if not page.pk:
        return
    if page.specific_class is NewsletterPage and page.permissions_for_user(user).can_edit():
        for priority, label, name, icon in (
            (25, "Proposer des contenus", "letter_propose", "search"),
            (26, "Vérifications", "letter_checks", "check"),
            (27, "M’envoyer un essai", "letter_trial", "mail"),
        ):
            yield Button(label, reverse(name, args=[page.pk]), icon_name=icon, priority=priority)
    elif page.specific_class is LetterIndexPage and page.permissions_for_user(user).can_add_subpage():
        yield Button("Nouvelle lettre", reverse("letter_new"), icon_name="mail", priority=25)


def header_buttons(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """For ``register_page_header_buttons``."""
    return _buttons(page, user)


def listing_buttons(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """For ``register_page_listing_more_buttons``."""
    return _buttons(page, user)
