"""Subscribers, subscriptions, consents and exclusions, read only: each changes by its owner, an import or a service,
with a proof."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from .. import access
from ..models import ConsentEvent, Subscriber, Subscription, Suppression
from .base import ScopedAdmin, ScopedHelper


class SubscriberHelper(ScopedHelper):
    def visible(self, user: Any) -> QuerySet[Subscriber]:
        return access.visible_subscribers(user)


class SubscriptionHelper(ScopedHelper):
    def visible(self, user: Any) -> QuerySet[Subscription]:
        return access.visible_subscriptions(user)


class ConsentHelper(ScopedHelper):
    def visible(self, user: Any) -> QuerySet[ConsentEvent]:
        return access.visible_consents(user)


class SuppressionHelper(ScopedHelper):
    """They hold for every list: the national team's."""

    def visible(self, user: Any) -> QuerySet[Suppression]:
        return Suppression.objects.all() if access.is_national(user) else Suppression.objects.none()

    def user_has_any_permissions(self, user: Any) -> bool:
        return access.is_national(user)


class SubscriberAdmin(ScopedAdmin):
    model = Subscriber
    menu_icon = "group"
    permission_helper_class = SubscriberHelper
    list_display = ("address", "name", "organisation", "territory", "created_at")
    list_select_related = ("territory",)
    search_fields = ("address", "name", "organisation")
    # Not the subscriptions: those to other territories' lists are not this reader's business.
    inspect_view_fields = (
        "address",
        "name",
        "organisation",
        "organisation_kind",
        "territory",
        "audiences",
        "paused_until",
        "unreachable_at",
        "created_at",
        "last_contact_at",
    )


class SubscriptionAdmin(ScopedAdmin):
    model = Subscription
    menu_icon = "mail"
    permission_helper_class = SubscriptionHelper
    list_display = ("subscriber", "list", "state", "created_at", "confirmed_at", "unsubscribed_at")
    list_filter = ("state",)
    list_select_related = ("subscriber", "list")
    search_fields = ("subscriber__address", "list__name")
    inspect_view_fields = ("subscriber", "list", "state", "created_at", "confirmed_at", "unsubscribed_at")


class ConsentEventAdmin(ScopedAdmin):
    model = ConsentEvent
    menu_icon = "history"
    permission_helper_class = ConsentHelper
    list_display = ("at", "subscriber", "list", "purpose", "action", "source", "text_version")
    list_filter = ("action", "purpose", "source")
    list_select_related = ("subscriber", "list")
    search_fields = ("subscriber__address", "list__name")
    inspect_view_fields = (
        "at",
        "subscriber",
        "list",
        "purpose",
        "action",
        "source",
        "text_version",
        "evidence",
        "actor",
    )


class SuppressionAdmin(ScopedAdmin):
    model = Suppression
    menu_icon = "warning"
    permission_helper_class = SuppressionHelper
    list_display = ("fingerprint", "reason", "note", "created_at")
    list_filter = ("reason",)
    search_fields = ("fingerprint",)
    inspect_view_fields = ("fingerprint", "reason", "note", "created_at")
