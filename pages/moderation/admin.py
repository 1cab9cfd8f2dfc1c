"""« Relecture » in Wagtail's admin: addresses, menu, home panel, words of the log."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail.admin.menu import MenuItem

from portal.accounts.guards import AbilityMenuItem
from portal.accounts.rules import Ability

from . import delay_views, views
from .selectors import MOST_COUNTED, waiting_count


def urls() -> list[Any]:
    """For ``register_admin_urls``."""
    return [
        path("relecture/", views.index, name="review_queue"),
        path("relecture/plusieurs/", views.several, name="review_several"),
        path("relecture/delais/", delay_views.delays, name="review_delays"),
        path("relecture/<uuid:pk>/", views.item, name="review_item"),
        path("relecture/<uuid:pk>/apercu/", views.preview, name="review_preview"),
    ]


def counted(count: int) -> str:
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


class ReviewMenuItem(AbilityMenuItem):
    """« Relecture (3) »."""

    def render_component(self, request: HttpRequest) -> Any:
        found = super().render_component(request)
        if count := waiting_count(request.user):
            found.label = f"{self.label} ({counted(count)})"
        return found


def menu_item() -> MenuItem:
    return ReviewMenuItem(
        "Relecture",
        reverse("review_queue"),
        name="relecture",
        icon_name="check",
        order=105,
        ability=Ability.REVIEW,
    )


def report_item() -> MenuItem:
    """For the menu « Rapports »."""
    return AbilityMenuItem(
        "Délais de relecture",
        reverse("review_delays"),
        name="delais",
        icon_name="time",
        order=97,
        ability=Ability.REVIEW,
    )


def home_panels(request: HttpRequest, panels: list[Any]) -> None:
    """For ``construct_homepage_panels``: Wagtail's panel reads each page that waits with a query or more; the card
    « À relire avant publication » is in its place (:mod:`pages.admin.home`)."""
    panels[:] = [panel for panel in panels if getattr(panel, "name", "") != "workflow_objects_to_moderate"]


def log_actions(actions: Any) -> None:
    """For ``register_log_actions``."""
    actions.register_action("pages.review_refused", "Refuser", "Page refusée en relecture")
    actions.register_action("pages.review_changes", "Demander des changements", "Changements demandés")
    actions.register_action("pages.review_reassigned", "Confier la relecture", "Relecture confiée")
    actions.register_action("pages.review_correction", "Accepter une correction", "Correction acceptée")
    actions.register_action("pages.review_escalated", "Signaler au niveau supérieur", "Signalée au niveau supérieur")
