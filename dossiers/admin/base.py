"""Who enters, and what the screens share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from wagtail.admin.auth import require_admin_access
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin

from portal.accounts.abilities import get_abilities
from portal.accounts.rules import Ability


def manages_types(user: Any) -> bool:
    return get_abilities(user).anywhere(Ability.MANAGE_DOSSIER_TYPES)


def managers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not manages_types(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return require_admin_access(guarded)  # type: ignore[no-any-return]


class TypesHelper(PermissionHelper):
    """Rights from the role table, not from Django's permissions. Rows are kept: other rows and logs name them."""

    def user_has_any_permissions(self, user: Any) -> bool:
        return manages_types(user)

    user_can_list = user_can_create = user_has_any_permissions

    def user_can_inspect_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return manages_types(user)

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False


class DeletableHelper(TypesHelper):
    """Rows that nothing else names."""

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return manages_types(user)


class DossierAdmin(ModelAdmin):
    """``form_class`` is what the panels are made on."""

    permission_helper_class = TypesHelper
    history_view_enabled = False
    list_per_page = 50
    form_class: type

    def get_edit_handler(self) -> Any:
        handler = super().get_edit_handler()
        handler.base_form_class = self.form_class
        return handler
