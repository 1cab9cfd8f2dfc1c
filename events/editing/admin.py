"""« Dates » and what is made of an event, in Wagtail's admin: addresses, buttons, words of the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import path, reverse
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from ..models import EventPage
from . import views


def urls() -> list[Any]:
    """For ``register_admin_urls``."""
    of_page = "evenements/<int:page_id>/dates/"
    return [
        path(of_page, views.dates, name="event_dates"),
        path(f"{of_page}changer/", views.change, name="event_dates_change"),
        path(f"{of_page}ajouter/", views.add, name="event_dates_add"),
    ]


def log_actions(actions: Any) -> None:
    """For ``register_log_actions``."""
    actions.register_action("events.dates", "Changer des dates", "Dates de l’événement changées")


def _button(page: Page, user: Any, priority: int) -> Iterator[Button]:
    if page.pk and page.specific_class is EventPage and page.permissions_for_user(user).can_publish():
        yield Button("Dates", reverse("event_dates", args=[page.pk]), icon_name="calendar", priority=priority)


def header_buttons(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """For ``register_page_header_buttons``."""
    return _button(page, user, 25)


def listing_buttons(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """For ``register_page_listing_more_buttons``."""
    return _button(page, user, 25)
