"""The reference of territories in Wagtail's admin: to look at, never to change (the import alone writes it)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import EmptyFieldListFilter
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from wagtail import hooks
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.helpers.search import BaseSearchHandler
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup, modeladmin_register

from .models import Territory, TerritoryImport
from .text import fold, grouped


@hooks.register("register_icons")
def add_icons(icons: list[str]) -> list[str]:
    """``map``: the territories' own, the globe being that of spaces."""
    return [*icons, "territories/icons/map.svg"]


class ReadOnlyPermissionHelper(PermissionHelper):
    """Whoever has the model's « view » permission lists and inspects; nobody adds, changes or deletes."""

    def _may_view(self, user: Any) -> bool:
        return user.has_perm(f"{self.opts.app_label}.view_{self.opts.model_name}")

    def user_can_list(self, user: Any) -> bool:
        return self._may_view(user)

    def user_can_inspect_obj(self, user: Any, obj: Any) -> bool:
        return self.inspect_view_enabled and self._may_view(user)

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False


class ReadOnlyAdmin(ModelAdmin):
    permission_helper_class = ReadOnlyPermissionHelper
    inspect_view_enabled = True
    history_view_enabled = False
    list_per_page = 50

    def get_permissions_for_registration(self) -> QuerySet[Permission]:
        """Only what exists can be granted to a group."""
        return self.permission_helper.get_all_model_permissions().filter(codename=f"view_{self.opts.model_name}")

    def register_indexing(self) -> None:
        """Territories are referred to, and refer to nothing that an editor could delete: they stay out of the index."""


class TerritorySearch(BaseSearchHandler):
    """By folded name (every word) or by the beginning of the code."""

    def search_queryset(
        self, queryset: QuerySet[Territory], search_term: str, preserve_order: bool = False, **kwargs: Any
    ) -> QuerySet[Territory]:
        folded = fold(search_term[:120])
        if not folded:
            return queryset.none() if search_term.strip() else queryset
        name = Q()
        for word in folded.split()[:8]:
            name &= Q(search_name__contains=word)
        return queryset.filter(name | Q(code__startswith=folded.replace(" ", "").upper()))


class InForceFilter(EmptyFieldListFilter):
    """Territories of today, or those that ended."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "état"

    def choices(self, changelist: Any) -> Iterator[Any]:
        names = ("Tous", "En vigueur", "Disparus")
        for choice, name in zip(super().choices(changelist), names, strict=True):
            yield {**choice, "display": name}


class TerritoryAdmin(ReadOnlyAdmin):
    model = Territory
    menu_label = "Territoires"
    menu_icon = "map"
    list_display = ("name", "code", "nature", "inhabitants", "departement", "region")
    list_filter = ("level", ("ended_on", InForceFilter))
    list_select_related = ("departement", "region")
    search_fields = ("search_name", "code")
    search_handler_class = TerritorySearch
    inspect_view_fields = [
        "name",
        "level",
        "code",
        "kind",
        "population",
        "siren",
        "time_zone",
        "departement",
        "region",
        "slug",
        "vintage",
        "ended_on",
    ]

    def nature(self, territory: Territory) -> str:
        return territory.get_kind_display()

    nature.short_description = "nature"  # type: ignore[attr-defined]
    nature.admin_order_field = "kind"  # type: ignore[attr-defined]

    def inhabitants(self, territory: Territory) -> str:
        return "" if territory.population is None else grouped(territory.population)

    inhabitants.short_description = "habitants"  # type: ignore[attr-defined]
    inhabitants.admin_order_field = "population"  # type: ignore[attr-defined]


class TerritoryImportAdmin(ReadOnlyAdmin):
    model = TerritoryImport
    menu_label = "Chargements"
    menu_icon = "history"
    list_display = ("vintage", "loaded_at", "created", "updated", "ended")
    list_filter = ("vintage",)
    inspect_view_fields = ["vintage", "loaded_at", "created", "updated", "ended", "digest"]


@modeladmin_register
class TerritoryGroup(ModelAdminGroup):
    menu_label = "Territoires"
    menu_icon = "map"
    menu_order = 600
    items = (TerritoryAdmin, TerritoryImportAdmin)
