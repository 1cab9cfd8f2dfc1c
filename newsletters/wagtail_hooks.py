"""Lists, subscribers, consents and exclusions in the administration, each person within their territories.

Everything but a list is read only here: subscriptions change by their owner, an import or a service, with a proof.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import quote
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet, Value
from django.http import HttpRequest
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup, modeladmin_register

from . import access
from .enums import SubscriptionState
from .models import ConsentEvent, MailingList, Subscriber, Subscription, Suppression


class ReadOnlyHelper(PermissionHelper):
    """What is in :meth:`visible` may be looked at; nothing may be changed. Wagtail's model permissions do not count."""

    def visible(self, user: Any) -> QuerySet[Any]:
        readers = {
            MailingList: access.visible_lists,
            Subscriber: access.visible_subscribers,
            Subscription: access.visible_subscriptions,
            ConsentEvent: access.visible_consents,
            Suppression: lambda person: (
                Suppression.objects.all() if access.is_national(person) else Suppression.objects.none()
            ),
        }
        return readers[self.model](user)

    def user_has_any_permissions(self, user: Any) -> bool:
        return access.sees_lists(user)

    def user_can_list(self, user: Any) -> bool:
        return access.sees_lists(user)

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_inspect_obj(self, user: Any, obj: Model) -> bool:
        if getattr(obj, "in_scope", False):  # A row of :meth:`ScopedAdmin.get_queryset`.
            return True
        return bool(self.inspect_view_enabled and self.visible(user).filter(pk=obj.pk).exists())

    def user_can_edit_obj(self, user: Any, obj: Model) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Model) -> bool:
        return False


class ListHelper(ReadOnlyHelper):
    """Lists are made and changed by those who manage the lists of their territory; archived, never deleted."""

    def user_can_create(self, user: Any) -> bool:
        return access.manages_lists(user)

    def user_can_edit_obj(self, user: Any, obj: MailingList) -> bool:  # type: ignore[override]
        may_edit = getattr(obj, "may_edit", None)  # A row of :meth:`MailingListAdmin.get_queryset`.
        return access.manages_lists(user, obj.territory) if may_edit is None else bool(may_edit)


class SuppressionHelper(ReadOnlyHelper):
    def user_has_any_permissions(self, user: Any) -> bool:
        return access.is_national(user)

    user_can_list = user_has_any_permissions


class RowButtons(ButtonHelper):
    """The buttons of a row. Rows are visible ones already: their rights are not asked again one by one."""

    def get_buttons_for_obj(self, obj: Model, exclude: Any = None, **kwargs: Any) -> list[dict[str, Any]]:
        buttons = []
        if "inspect" not in (exclude or []):
            buttons.append(self.inspect_button(quote(obj.pk)))
        if isinstance(obj, MailingList) and self.permission_helper.user_can_edit_obj(self.request.user, obj):
            buttons.append(self.edit_button(quote(obj.pk)))
        return buttons


class ScopedAdmin(ModelAdmin):
    """A screen that shows what its reader may see and nothing else."""

    permission_helper_class = ReadOnlyHelper
    button_helper_class = RowButtons
    inspect_view_enabled = True
    history_view_enabled = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        visible = self.permission_helper.visible(request.user).annotate(in_scope=Value(True))
        ordering = self.get_ordering(request)
        return visible.order_by(*ordering) if ordering else visible


class MailingListAdmin(ScopedAdmin):
    model = MailingList
    menu_icon = "list-ul"
    permission_helper_class = ListHelper
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
        "created_at",
        "archived_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        active = Count("subscriptions", filter=Q(subscriptions__state=SubscriptionState.ACTIVE))
        managed = access.managed_territories(request.user).filter(pk=OuterRef("territory"))
        return super().get_queryset(request).annotate(active=active, may_edit=Exists(managed))

    def subscribers(self, one: Any) -> int:
        return int(one.active)

    subscribers.short_description = "abonnés"  # type: ignore[attr-defined]


class SubscriberAdmin(ScopedAdmin):
    model = Subscriber
    menu_icon = "group"
    list_display = ("address", "name", "organisation", "territory", "created_at")
    list_select_related = ("territory",)
    search_fields = ("address", "name", "organisation")
    # Not the subscriptions: those to other territories' lists are not this reader's business.
    inspect_view_fields = ("address", "name", "organisation", "territory", "created_at", "last_contact_at")


class SubscriptionAdmin(ScopedAdmin):
    model = Subscription
    menu_icon = "mail"
    list_display = ("subscriber", "list", "state", "created_at", "confirmed_at", "unsubscribed_at")
    list_filter = ("state",)
    list_select_related = ("subscriber", "list")
    search_fields = ("subscriber__address", "list__name")
    inspect_view_fields = ("subscriber", "list", "state", "created_at", "confirmed_at", "unsubscribed_at")


class ConsentEventAdmin(ScopedAdmin):
    model = ConsentEvent
    menu_icon = "history"
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


@modeladmin_register
class LettersGroup(ModelAdminGroup):
    menu_label = "Lettres"
    menu_icon = "mail"
    menu_order = 260
    items = (MailingListAdmin, SubscriberAdmin, SubscriptionAdmin, ConsentEventAdmin, SuppressionAdmin)
