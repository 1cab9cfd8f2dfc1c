"""« Inscriptions » in Wagtail's admin: addresses, menu, buttons of an event."""

from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from wagtail.admin.menu import MenuItem

from portal.accounts.guards import AbilityMenuItem
from portal.accounts.rules import Ability

from . import check_in, letters, views


def urls() -> list[Any]:
    """For ``register_admin_urls``."""
    date = "inscriptions/<uuid:uid>/"
    return [
        path("inscriptions/", views.index, name="organising"),
        path(date, views.registered, name="organising_date"),
        path(f"{date}agir/", views.act, name="organising_act"),
        path(f"{date}ajouter/", views.add, name="organising_add"),
        path(f"{date}exporter/", views.export, name="organising_export"),
        path(f"{date}emargement/", views.sheet, name="organising_sheet"),
        path(f"{date}pointage/", check_in.check_in, name="organising_check_in"),
        path(f"{date}attestations/", views.certificates, name="organising_certificates"),
        path(f"{date}message/", letters.letter, name="organising_letter"),
        path(f"{date}bilan/", views.figures, name="organising_figures"),
        path(f"{date}<uuid:pk>/refuser/", views.refuse, name="organising_refuse"),
    ]


def menu_item() -> MenuItem:
    return AbilityMenuItem(
        "Inscriptions",
        reverse("organising"),
        name="inscriptions",
        icon_name="group",
        order=255,
        ability=Ability.PUBLISH,
    )


def log_actions(actions: Any) -> None:
    """For ``register_log_actions``."""
    actions.register_action("events.registration", "Inscription", "Inscription : changement d’état")
    actions.register_action("events.export", "Exporter les inscriptions", "Inscriptions exportées")
    actions.register_action("events.message", "Écrire aux inscrits", "Message envoyé aux inscrits")
    actions.register_action("events.certificates", "Envoyer les attestations", "Attestations envoyées")
