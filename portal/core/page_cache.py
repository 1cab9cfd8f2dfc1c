"""The anonymous page cache: outermost, exact, shared generation (docs/page-cache.md)."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

GENERATION = "page-cache-generation"
TERRITORY_COOKIE = "territoire"
# Paths whose answers depend on more than the address and the chosen territory.
UNCACHED = (
    "/admin/",
    "/compte/",
    "/documents/",
    "/mon-espace/",
    "/contribuer/",
    "/dossiers/",
    "/sante/",
    "/courrier/",
    "/static/",
    "/media/",
)


def generation() -> str:
    """The current generation; every cached page belongs to one. One read of the shared cache, no query."""
    value = caches["default"].get(GENERATION)
    if value is None:
        value = f"{time.time_ns():x}"
        if not caches["default"].add(GENERATION, value, None):
            value = caches["default"].get(GENERATION, value)
    return str(value)


def invalidate_pages() -> None:
    """Forget every cached page once the current transaction commits (at once outside of one)."""
    transaction.on_commit(lambda: caches["default"].set(GENERATION, f"{time.time_ns():x}", None))


def is_anonymous(request: HttpRequest) -> bool:
    """Whether nothing in the request can make its answer personal. Read from cookies: no query."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "HTTP_AUTHORIZATION" not in request.META


class PageCacheMiddleware:
    """Answers anonymous GET and HEAD from memory; stores 200 answers that are not private and set no cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.cache = caches["pages"]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.method not in ("GET", "HEAD")
            or not settings.PAGE_CACHE_SECONDS
            or request.path_info.startswith(UNCACHED)
            or not is_anonymous(request)
        ):
            return self.get_response(request)
        key = self.key(request)
        cached = self.cache.get(key)
        if cached is not None:
            content, headers = cached
            response = HttpResponse(content, headers=headers)
            response["X-Cache"] = "hit"
            return response
        response = self.get_response(request)
        if self.may_store(request, response):
            patch_vary_headers(response, ["Cookie"])
            self.cache.set(key, (response.content, dict(response.items())), settings.PAGE_CACHE_SECONDS)
        return response

    @staticmethod
    def key(request: HttpRequest) -> str:
        htmx = "h" if request.META.get("HTTP_HX_REQUEST") == "true" else ""
        parts = "\n".join(
            [
                generation(),
                request.scheme or "",
                request.META.get("HTTP_HOST", ""),
                request.get_full_path(),
                request.COOKIES.get(TERRITORY_COOKIE, "")[:40],
                htmx,
            ]
        )
        return hashlib.blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()

    @staticmethod
    def may_store(request: HttpRequest, response: HttpResponse) -> bool:
        return (
            request.method == "GET"
            and response.status_code == 200
            and not response.streaming
            and not response.cookies
            and not any(word in response.get("Cache-Control", "") for word in ("private", "no-store", "no-cache"))
            and not getattr(request, "is_preview", False)
        )
