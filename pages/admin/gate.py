"""One gate before the admin's screens: an address that names a page, an image or a document of another space is 404.

Wagtail's screens check rights each in its own way, and several name the object before refusing (moving, bulk actions,
workflow messages, choosers opened at a given page). Here every address is looked at before its screen is. What the
screens then name goes by its published title, unless the person may edit it (:mod:`portal.core.admin_titles`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.permissions import policy_registry

from portal.core.admin_titles import titles_for

from .choosers import hide_drafts_of_others
from .guards import refuse_structural_before_asking

#: Parameters of the admin's addresses that are the id of a page.
PAGE_PARAMETERS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk")
#: These lead back to one's own pages by themselves, and say so.
_OWN_WAY_BACK = ("wagtailadmin_explore", "wagtailadmin_explore_results")
_MEDIA_ACTIONS = ("add", "choose", "change", "delete")
MOST_IDS = 1000


class AdminGateMiddleware:
    """404 for what the signed-in person may not explore. One query, only where an address names something."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/admin/"):
            return self.get_response(request)
        policy = policy_registry.get_by_type(Page)
        with titles_for(lambda page: policy.may_edit(request.user, page)):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not match.route.startswith("admin/"):
            return None
        user: Any = request.user
        if user.is_superuser:
            return refuse_structural_before_asking(request, match)
        if not user.has_perm("wagtailadmin.access_admin"):
            return None  # Refused by the screen itself.
        ids = {str(kwargs[name]) for name in PAGE_PARAMETERS if name in kwargs}
        if ids and match.url_name not in _OWN_WAY_BACK:
            _require(_choosable(request) if "choose-page" in match.route else _explorable(user), ids)
        if match.url_name == "wagtailadmin_choose_page_chosen_multiple":
            _require(_choosable(request), set(request.GET.getlist("id")))
        if match.url_name == "wagtail_bulk_action":
            _require_bulk(request, kwargs)
        return refuse_structural_before_asking(request, match)


def _explorable(user: Any) -> QuerySet[Page]:
    pages: QuerySet[Page] = policy_registry.get_by_type(Page).explorable_instances(user)
    return pages


def _choosable(request: HttpRequest) -> QuerySet[Page]:
    return hide_drafts_of_others(Page.objects.all(), request)


def _require_bulk(request: HttpRequest, kwargs: dict[str, Any]) -> None:
    ids = set(request.GET.getlist("id")) - {"all"}
    label = f"{kwargs.get('app_label')}.{kwargs.get('model_name')}".lower()
    if label == "wagtailcore.page":
        _require(_explorable(request.user), ids)
    for model in (get_image_model(), get_document_model()):
        if label == model._meta.label_lower:
            policy = policy_registry.get_by_type(model)
            _require(policy.instances_user_has_any_permission_for(request.user, _MEDIA_ACTIONS), ids)


def _require(allowed: QuerySet[Any], ids: set[str]) -> None:
    """404 unless every one of ``ids`` is among ``allowed``."""
    numbers = {int(each) for each in ids if each.isascii() and each.isdigit() and len(each) < 18}
    if len(numbers) != len(ids) or len(ids) > MOST_IDS:
        raise Http404
    if numbers and allowed.filter(Q(pk__in=numbers)).values("pk").distinct().count() != len(numbers):
        raise Http404
