"""Lists and what a territory decides of its sendings."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from .. import access
from ..enums import SubscriptionState
from ..models import LetterSettings, MailingList
from .base import RowButtons, ScopedAdmin, ScopedHelper


class ListHelper(ScopedHelper):
    """Lists are made and changed by those who manage the lists of their territory; archived, never deleted."""

    def visible(self, user: Any) -> QuerySet[MailingList]:
        return access.visible_lists(user)

    def user_can_create(self, user: Any) -> bool:
        return access.manages_lists(user)

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        may_edit = getattr(obj, "may_edit", None)  # A row of :meth:`ManagedAdmin.get_queryset`.
        return access.manages_lists(user, obj.territory) if may_edit is None else bool(may_edit)


class SettingsHelper(ListHelper):
    def visible(self, user: Any) -> QuerySet[LetterSettings]:  # type: ignore[override]
        return access.visible_settings(user)


class ManagedAdmin(ScopedAdmin):
    """Rows of a territory, which those who manage its lists change."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        managed = access.managed_territories(request.user).filter(pk=OuterRef("territory"))
        return super().get_queryset(request).annotate(may_edit=Exists(managed))


class ListButtons(RowButtons):
    def get_buttons_for_obj(self, obj: Any, exclude: Any = None, **kwargs: Any) -> list[dict[str, Any]]:
        export = self.link("Exporter", reverse("subscriber_export", args=[obj.pk]))
        return [*super().get_buttons_for_obj(obj, exclude, **kwargs), export]


class MailingListAdmin(ManagedAdmin):
    model = MailingList
    menu_icon = "list-ul"
    permission_helper_class = ListHelper
    button_helper_class = ListButtons
    list_display = ("name", "territory", "visibility", "frequency", "subscribers", "archived_at")
    list_filter = ("visibility", "opt_in", "frequency")
    list_select_related = ("territory",)
    search_fields = ("name", "territory__name")
    inspect_view_fields = (
        "name",
        "territory",
        "description",
        "visibility",
        "opt_in",
        "frequency",
        "sender_name",
        "sender_address",
        "reply_to",
        "welcome_enabled",
        "welcome_subject",
        "welcome_text",
        "created_at",
        "archived_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        active = Count("subscriptions", filter=Q(subscriptions__state=SubscriptionState.ACTIVE))
        return super().get_queryset(request).annotate(active=active)

    def subscribers(self, one: Any) -> int:
        return int(one.active)

    subscribers.short_description = "abonnés"  # type: ignore[attr-defined]


class LetterSettingsAdmin(ManagedAdmin):
    model = LetterSettings
    menu_icon = "cog"
    permission_helper_class = SettingsHelper
    list_display = ("territory", "approval_threshold", "per_hour", "error_percent")
    list_select_related = ("territory",)
    search_fields = ("territory__name",)
    inspect_view_fields = ("territory", "approval_threshold", "per_hour", "error_percent", "postal_address")
