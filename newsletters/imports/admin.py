"""« Imports » of the letters in Wagtail's admin: list, addresses, words of the log."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.urls import path, reverse

from portal.accounts.abilities import can
from portal.accounts.rules import Ability

from ..admin.base import RowButtons, ScopedAdmin, ScopedHelper
from . import export_views, views
from .models import SubscriberImport
from .selectors import visible_imports

BASE = "lettres/imports/"


class ImportHelper(ScopedHelper):
    """Those who manage the lists of a territory see its imports."""

    def visible(self, user: Any) -> QuerySet[SubscriberImport]:
        return visible_imports(user)

    def user_has_any_permissions(self, user: Any) -> bool:
        return can(user, Ability.MANAGE_LISTS)


class ImportButtons(RowButtons):
    def get_buttons_for_obj(self, obj: Model, exclude: Any = None, **kwargs: Any) -> list[dict[str, Any]]:
        return [
            self.link("Ouvrir", reverse("subscriber_import", args=[obj.pk])),
            *super().get_buttons_for_obj(obj, exclude, **kwargs),
        ]


class SubscriberImportAdmin(ScopedAdmin):
    model = SubscriberImport
    menu_label = "Imports"
    menu_icon = "upload"
    permission_helper_class = ImportHelper
    button_helper_class = ImportButtons
    list_display = ("file_name", "list", "state", "subscribed", "owner", "created_at")
    list_filter = ("state",)
    list_select_related = ("list", "owner")
    search_fields = ("file_name", "list__name")
    inspect_view_fields = (
        "id",
        "file_name",
        "list",
        "state",
        "basis",
        "evidence",
        "owner",
        "created_at",
        "started_by",
        "started_at",
        "rows_read",
        "undone_by",
        "undone_at",
        "forgotten_at",
    )

    def subscribed(self, item: SubscriberImport) -> int:
        return item.taken

    subscribed.short_description = "adresses"  # type: ignore[attr-defined]


def urls() -> list[Any]:
    """For ``register_admin_urls``."""
    one = f"{BASE}<uuid:import_id>/"
    return [
        path(f"{BASE}ajouter/", views.add, name="subscriber_import_add"),
        path(one, views.report, name="subscriber_import"),
        path(f"{one}colonnes/", views.columns, name="subscriber_import_columns"),
        path(f"{one}avancement/", views.progress, name="subscriber_import_progress"),
        path(f"{one}lancer/", views.launch, name="subscriber_import_launch"),
        path(f"{one}annuler/", views.undo, name="subscriber_import_undo"),
        path(f"{one}abandonner/", views.abandon, name="subscriber_import_abandon"),
        path("lettres/listes/<int:list_id>/exporter/", export_views.of_list, name="subscriber_export"),
        path("lettres/segments/<int:segment_id>/exporter/", export_views.of_segment, name="segment_export"),
    ]


def log_actions(actions: Any) -> None:
    """For ``register_log_actions``."""
    actions.register_action("newsletters.import", "Importer des abonnés", "Abonnés importés")
    actions.register_action("newsletters.import_undo", "Annuler un import d’abonnés", "Import d’abonnés annulé")
    actions.register_action("newsletters.export_subscribers", "Exporter des abonnés", "Abonnés exportés")
