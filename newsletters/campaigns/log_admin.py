"""The log of copies in wagtail-modeladmin: for who sends letters, of their territories alone."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from .. import access
from ..admin.base import RowButtons, ScopedAdmin, ScopedHelper
from ..models import Delivery
from .guards import sends

#: Sendings offered by the filter, the latest ones.
OFFERED = 30


class DeliveryHelper(ScopedHelper):
    def visible(self, user: Any) -> QuerySet[Delivery]:
        return access.visible_deliveries(user)

    def user_has_any_permissions(self, user: Any) -> bool:
        return sends(user)


class DeliveryButtons(RowButtons):
    def get_buttons_for_obj(self, obj: Any, exclude: Any = None, **kwargs: Any) -> list[dict[str, Any]]:
        return [self.get_primary_button(obj)]

    def get_primary_button(self, obj: Any) -> dict[str, Any]:
        return self.link("Consulter", reverse("campaign_copy", args=[obj.pk]))


class CampaignFilter(SimpleListFilter):
    """The latest sendings of one's own territories, and the one asked for."""

    title = "envoi"
    parameter_name = "envoi"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        mine = access.visible_campaigns(request.user).filter(
            territory__in=access.sending_territories(request.user), started_at__isnull=False
        )
        found = list(mine.select_related("letter").only("subject", "letter__title").order_by("-started_at")[:OFFERED])
        asked = self.number()
        if asked and asked not in {one.pk for one in found}:
            found += mine.select_related("letter").only("subject", "letter__title").filter(pk=asked)
        return [(str(one.pk), str(one)) for one in found]

    def number(self) -> int | None:
        value = self.value() or ""
        return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else None

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        if self.value() is None:
            return queryset
        return queryset.filter(campaign=self.number() or 0)


class DeliveryAdmin(ScopedAdmin):
    model = Delivery
    menu_icon = "history"
    menu_label = "Journal des envois"
    permission_helper_class = DeliveryHelper
    button_helper_class = DeliveryButtons
    inspect_view_enabled = False
    list_display = ("shown", "campaign", "list", "state", "code", "attempts", "sent_at")
    list_filter = ("state", CampaignFilter)
    list_select_related = ("campaign__letter", "list")
    search_fields = ("address",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("campaign__html", "campaign__text", "campaign__frozen_pages")

    def shown(self, one: Any) -> str:
        return str(one.shown_address)

    shown.short_description = "adresse"  # type: ignore[attr-defined]
    shown.admin_order_field = "address"  # type: ignore[attr-defined]
