"""Subscribers, subscriptions, consents and exclusions: each changes by its owner, an import or a service, with a proof;
what the team may do for one person has screens of its own (:mod:`newsletters.people.admin_views`)."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from wagtail_modeladmin.views import InspectView

from .. import access
from ..enums import SubscriptionState, SuppressionReason
from ..models import ConsentEvent, Subscriber, Subscription, Suppression
from ..people import admin_views
from .base import RowButtons, ScopedAdmin, ScopedHelper

MOST_CONSENTS = 200


def urls() -> list[Any]:
    """For ``register_admin_urls``."""
    return [
        path("abonnes/ajouter/", admin_views.add, name="subscriber_add"),
        path("abonnements/<int:pk>/terminer/", admin_views.end, name="subscription_end"),
        path("exclusions/ajouter/", admin_views.exclude, name="suppression_add"),
        path("exclusions/<int:pk>/lever/", admin_views.lift, name="suppression_lift"),
    ]


def log_actions(actions: Any) -> None:
    """For ``register_log_actions``."""
    for action, label, message in (
        ("subscriber.add", "Ajouter un abonné", "Abonné ajouté à la main"),
        ("subscriber.end", "Mettre fin à un abonnement", "Abonnement terminé par l’équipe"),
        ("suppression.add", "Exclure une adresse", "Adresse exclue"),
        ("suppression.lift", "Lever une exclusion", "Exclusion levée"),
    ):
        actions.register_action(f"newsletters.{action}", label, message)


class SubscriberHelper(ScopedHelper):
    def visible(self, user: Any) -> QuerySet[Subscriber]:
        return access.visible_subscribers(user)

    def user_can_create(self, user: Any) -> bool:
        return access.manages_lists(user)


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

    def user_can_create(self, user: Any) -> bool:
        return access.is_national(user)


class SubscriptionButtons(RowButtons):
    def get_buttons_for_obj(self, obj: Any, exclude: Any = None, **kwargs: Any) -> list[dict[str, Any]]:
        buttons = super().get_buttons_for_obj(obj, exclude=exclude, **kwargs)
        if getattr(obj, "may_end", False) and obj.state != SubscriptionState.UNSUBSCRIBED:
            buttons.append(self.link("Mettre fin", reverse("subscription_end", args=[obj.pk])))
        return buttons


class SuppressionButtons(RowButtons):
    def get_buttons_for_obj(self, obj: Any, exclude: Any = None, **kwargs: Any) -> list[dict[str, Any]]:
        buttons = super().get_buttons_for_obj(obj, exclude=exclude, **kwargs)
        if obj.reason == SuppressionReason.MANUAL:
            buttons.append(self.link("Lever", reverse("suppression_lift", args=[obj.pk])))
        return buttons


def with_may_end(subscriptions: QuerySet[Subscription], user: Any) -> QuerySet[Any]:
    """With ``may_end``: whether ``user`` manages the list. One more subquery, no query."""
    managed = access.managed_territories(user).filter(pk=OuterRef("list__territory"))
    return subscriptions.annotate(may_end=Exists(managed))


class SubscriberInspect(InspectView):
    """The person, with their subscriptions to the lists that the reader sees; others are not the reader's business."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        held = access.visible_subscriptions(user).filter(subscriber=self.instance)
        consents = access.visible_consents(user).filter(subscriber=self.instance)
        return super().get_context_data(
            subscriptions=with_may_end(held, user).select_related("list__territory").order_by("list__name", "pk"),
            consents=consents.select_related("list")[:MOST_CONSENTS],
            **kwargs,
        )


class SubscriberAdmin(ScopedAdmin):
    model = Subscriber
    menu_icon = "group"
    permission_helper_class = SubscriberHelper
    list_display = ("address", "name", "organisation", "territory", "created_at")
    list_select_related = ("territory",)
    search_fields = ("address", "name", "organisation")
    inspect_view_class = SubscriberInspect
    inspect_template_name = "newsletters/people/admin/inspect.html"
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

    def create_view(self, request: HttpRequest) -> HttpResponseBase:
        return admin_views.add(request)


class SubscriptionAdmin(ScopedAdmin):
    model = Subscription
    menu_icon = "mail"
    permission_helper_class = SubscriptionHelper
    button_helper_class = SubscriptionButtons
    list_display = ("subscriber", "list", "state", "created_at", "confirmed_at", "unsubscribed_at")
    list_filter = ("state",)
    list_select_related = ("subscriber", "list")
    search_fields = ("subscriber__address", "list__name")
    inspect_view_fields = ("subscriber", "list", "state", "created_at", "confirmed_at", "unsubscribed_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return with_may_end(super().get_queryset(request), request.user)


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
    button_helper_class = SuppressionButtons
    list_display = ("fingerprint", "reason", "note", "created_at")
    list_filter = ("reason",)
    search_fields = ("fingerprint",)
    inspect_view_fields = ("fingerprint", "reason", "note", "created_at")

    def create_view(self, request: HttpRequest) -> HttpResponseBase:
        return admin_views.exclude(request)
