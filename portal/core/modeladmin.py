"""Lists of wagtail-modeladmin that take no other lookup from the address than their own filters.

As it comes, ``?user__password__startswith=…`` filters a list by any column of any related table: whoever may see the
list reads, letter by letter, what it does not show. And a lookup that does not exist is an error 500.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView

# What Django's filters put after the name of a field.
_ENDINGS = (
    "",
    "__exact",
    "__id__exact",
    "__pk__exact",
    "__in",
    "__isnull",
    "__isempty",
    "__gte",
    "__gt",
    "__lte",
    "__lt",
)


class ScopedIndexView(IndexView):
    """The list: unknown parameters are left out, and a bad value of a filter leads to the list without it."""

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        names: list[str] = []
        for each in self.list_filter or ():
            first = each[0] if isinstance(each, tuple | list) else each
            names.append(first if isinstance(first, str) else getattr(first, "parameter_name", None) or "")
        allowed = {f"{name}{ending}" for name in names if name for ending in _ENDINGS}
        found: dict[str, Any] = super().get_filters_params(params)
        return {key: value for key, value in found.items() if key in allowed}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)


def guard_lists() -> None:
    """Make it the list of every ModelAdmin, those to come included."""
    ModelAdmin.index_view_class = ScopedIndexView
