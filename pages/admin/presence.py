"""Whether what is being written can still be saved: asked by ``static/portal/keep-text.js`` before a form leaves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from wagtail.models import Page
from wagtail.permissions import policy_registry


@never_cache
@require_GET
def presence(request: HttpRequest) -> JsonResponse:
    """``{token, page}``: the token that forms need now, and whether the page asked for can still be edited.

    ``?page=`` is the id of a page; without it ``page`` is true. Who is signed out is led to the sign-in, as on every
    address of the admin: the script sees a redirection. Changes nothing.
    """
    asked = request.GET.get("page", "")
    found = True
    if asked:
        mine = policy_registry.get_by_type(Page).explorable_instances(request.user)
        found = asked.isascii() and asked.isdigit() and len(asked) < 18 and mine.filter(pk=int(asked)).exists()
    return JsonResponse({"token": get_token(request), "page": found})


def script() -> SafeString:
    """For ``insert_editor_js``."""
    return format_html('<script src="{}"></script>', static("portal/keep-text.js"))


def urls() -> list[Any]:
    """For ``register_admin_urls``."""
    return [path("presence/", presence, name="admin_presence")]
