"""« Segments » in Wagtail's admin: the list, and the addresses of its screens."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path, reverse

from .. import access
from ..admin.base import RowButtons, ScopedAdmin, ScopedHelper
from ..campaigns.guards import composes
from ..models import Segment
from . import views


def urls() -> list[Any]:
    """For ``register_admin_urls``."""
    return [
        path("segments/ajouter/", views.create, name="segment_create"),
        path("segments/<int:pk>/", views.change, name="segment_change"),
        path("segments/<int:pk>/archiver/", views.archive, name="segment_archive"),
    ]


class SegmentHelper(ScopedHelper):
    def visible(self, user: Any) -> QuerySet[Segment]:
        return access.visible_segments(user)

    def user_has_any_permissions(self, user: Any) -> bool:
        return composes(user)

    def user_can_create(self, user: Any) -> bool:
        return composes(user)


class SegmentButtons(RowButtons):
    def get_buttons_for_obj(self, obj: Any, exclude: Any = None, **kwargs: Any) -> list[dict[str, Any]]:
        export = self.link("Exporter", reverse("segment_export", args=[obj.pk]))
        return [self.get_primary_button(obj), export]

    def get_primary_button(self, obj: Any) -> dict[str, Any]:
        return self.link("Ouvrir", reverse("segment_change", args=[obj.pk]))


class SegmentAdmin(ScopedAdmin):
    model = Segment
    menu_icon = "group"
    permission_helper_class = SegmentHelper
    button_helper_class = SegmentButtons
    inspect_view_enabled = False
    list_display = ("name", "territory", "created_at", "archived_at")
    list_select_related = ("territory",)
    search_fields = ("name", "territory__name")

    def create_view(self, request: HttpRequest) -> HttpResponseBase:
        """The form has its own address: the list's « Ajouter » leads to it."""
        return views.create(request)  # type: ignore[no-any-return]


def log_actions(actions: Any) -> None:
    """For ``register_log_actions``."""
    for action, label, message in (
        ("create", "Créer un segment", "Segment créé"),
        ("change", "Modifier un segment", "Segment modifié"),
        ("archive", "Archiver un segment", "Segment archivé"),
        ("restore", "Remettre un segment en service", "Segment remis en service"),
    ):
        actions.register_action(f"newsletters.segment.{action}", label, message)
