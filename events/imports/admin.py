"""« Imports » in Wagtail's admin: addresses, menu, words of the log."""

from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from wagtail.admin.menu import MenuItem

from portal.accounts.guards import AbilityMenuItem
from portal.accounts.rules import Ability

from . import views

BASE = "evenements/imports/"


def urls() -> list[Any]:
    """For ``register_admin_urls``."""
    return [
        path(BASE, views.index, name="imports"),
        path(f"{BASE}ajouter/", views.add, name="import_add"),
        path(f"{BASE}<int:source_id>/", views.source, name="import_source"),
        path(f"{BASE}<int:source_id>/agir/", views.act, name="import_act"),
        path(f"{BASE}rapport/<uuid:run_id>/", views.report, name="import_report"),
        path(f"{BASE}rapport/<uuid:run_id>/colonnes/", views.columns, name="import_columns"),
        path(f"{BASE}rapport/<uuid:run_id>/importer/", views.confirm, name="import_confirm"),
    ]


def menu_item() -> MenuItem:
    return AbilityMenuItem(
        "Imports", reverse("imports"), name="imports", icon_name="download", order=257, ability=Ability.PUBLISH
    )


def log_actions(actions: Any) -> None:
    """For ``register_log_actions``."""
    actions.register_action("events.import", "Importer", "Événements importés")
    actions.register_action("events.import_source", "Régler un import", "Source d’événements réglée")
