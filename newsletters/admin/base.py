"""What the screens of the letters have in common: rows of one's territories only, read only unless said otherwise."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import quote
from django.db.models import Model, QuerySet, Value
from django.http import HttpRequest
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin

from .. import access


class ScopedHelper(PermissionHelper):
    """What :meth:`visible` gives may be looked at; nothing may be changed. Wagtail's model permissions do not count."""

    def visible(self, user: Any) -> QuerySet[Any]:
        """The rows ``user`` may see."""
        raise NotImplementedError

    def user_has_any_permissions(self, user: Any) -> bool:
        return access.sees_lists(user)

    def user_can_list(self, user: Any) -> bool:
        return self.user_has_any_permissions(user)

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_inspect_obj(self, user: Any, obj: Model) -> bool:
        if not self.inspect_view_enabled:
            return False
        # ``in_scope``: a row of :meth:`ScopedAdmin.get_queryset`.
        return getattr(obj, "in_scope", False) or self.visible(user).filter(pk=obj.pk).exists()

    def user_can_edit_obj(self, user: Any, obj: Model) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Model) -> bool:
        return False


class RowButtons(ButtonHelper):
    """The buttons of a row. Rows are visible ones already: their rights are not asked again one by one."""

    def get_buttons_for_obj(self, obj: Model, exclude: Any = None, **kwargs: Any) -> list[dict[str, Any]]:
        buttons = []
        if "inspect" not in (exclude or []) and self.permission_helper.inspect_view_enabled:
            buttons.append(self.inspect_button(quote(obj.pk)))
        if "edit" not in (exclude or []) and self.permission_helper.user_can_edit_obj(self.request.user, obj):
            buttons.append(self.edit_button(quote(obj.pk)))
        return buttons

    def link(self, label: str, url: str) -> dict[str, Any]:
        """One more button, to a screen that is no form of the model."""
        classes = [*self.default_button_classnames, "button-secondary"]
        return {"url": url, "label": label, "classname": self.finalise_classname(classes, []), "title": label}


class ScopedAdmin(ModelAdmin):
    """A screen that shows what its reader may see and nothing else."""

    permission_helper_class = ScopedHelper
    button_helper_class = RowButtons
    inspect_view_enabled = True
    history_view_enabled = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        visible = self.permission_helper.visible(request.user).annotate(in_scope=Value(True))
        ordering = self.get_ordering(request)
        return visible.order_by(*ordering) if ordering else visible
