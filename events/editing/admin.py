"""« Dates » and what is made of an event, in Wagtail's admin: addresses, buttons, words of the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from ..models import AgendaPage, EventPage
from ..planning import planned
from . import making_views, views
from .clashes import clashes_of

MOST_TOLD = 5


def urls() -> list[Any]:
    """For ``register_admin_urls``."""
    of_page = "evenements/<int:page_id>/dates/"
    return [
        path(of_page, views.dates, name="event_dates"),
        path(f"{of_page}changer/", views.change, name="event_dates_change"),
        path(f"{of_page}ajouter/", views.add, name="event_dates_add"),
        path("evenements/<int:page_id>/dupliquer/", making_views.copy, name="event_duplicate"),
        path("evenements/<int:page_id>/modele/", making_views.keep, name="event_template_keep"),
        path("evenements/modeles/", making_views.templates, name="event_templates"),
        path("evenements/modeles/<int:pk>/commencer/", making_views.begin, name="event_template_begin"),
        path("evenements/modeles/<int:pk>/supprimer/", making_views.forget, name="event_template_forget"),
    ]


def log_actions(actions: Any) -> None:
    """For ``register_log_actions``."""
    actions.register_action("events.dates", "Changer des dates", "Dates de l’événement changées")
    actions.register_action("events.template", "En faire un modèle", "Modèle d’événement gardé")


def _button(page: Page, user: Any, priority: int) -> Iterator[Button]:
    if page.pk and page.specific_class is EventPage and page.permissions_for_user(user).can_publish():
        yield Button("Dates", reverse("event_dates", args=[page.pk]), icon_name="calendar", priority=priority)
    elif page.pk and page.specific_class is AgendaPage and page.permissions_for_user(user).can_add_subpage():
        yield Button("Commencer d’un modèle", reverse("event_templates"), icon_name="calendar", priority=priority)


def warn_of_clashes(request: HttpRequest, page: Page) -> None:
    """For ``after_create_page`` and ``after_edit_page``: told, never refused."""
    if isinstance(page, EventPage):
        for clash in clashes_of(page, planned(page))[:MOST_TOLD]:
            messages.warning(request, f"Attention, {clash}")


def header_buttons(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """For ``register_page_header_buttons``."""
    return _button(page, user, 25)


def listing_buttons(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """For ``register_page_listing_more_buttons``."""
    return _button(page, user, 25)
