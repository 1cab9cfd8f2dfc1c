"""The anonymous page cache: outermost, exact, shared generation (docs/page-cache.md).

Every entry belongs to a *generation*, one value in the shared ``default`` cache. Whatever changes what readers see
calls :func:`invalidate_pages`, which renews the generation when the transaction commits: entries of the former one are
never read again. A page is filed under the generation read *before* it was rendered, so one rendered from old rows
while another process committed new ones is lost rather than served.

What pages are made of changes less often than pages. Beside the generation, the *frame* is renewed by everything but
the pages of content, and each kind of content has its own: what is read under these outlives the publication of a page.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import threading
import time
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import NamedTuple, TypeVar

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from portal.territories.selectors import parse_key

logger = logging.getLogger(__name__)
T = TypeVar("T")

GENERATION = "page-cache-generation"
FRAME = "frame"
FRAME_SECONDS = 3600
TERRITORY_COOKIE = "territoire"
# Paths whose answers depend on more than the address and the chosen territory, or are too many to be worth keeping.
UNCACHED = (
    "/admin/",
    "/api/",
    "/compte/",
    "/contribuer/",
    "/courrier/",
    "/documents/",
    "/dossiers/",
    "/media/",
    "/mon-espace/",
    "/recherche/",
    "/sante/",
    "/static/",
    "/territoires/choisir/",
    "/territoires/oublier/",
    "/territoires/suggestions/",
)
MAX_QUERY = 300  # Longer query strings are answered, not kept.
MAX_BYTES = 512 * 1024  # Of a compressed page.
_KEYED = {"cookie", "hx-request", "accept-encoding"}  # The Vary headers that the key accounts for.
_GZIP = 31  # zlib's code for the gzip format: half the time of gzip.decompress().
_local = threading.local()


# --- Generation -------------------------------------------------------------------------------------------------------
def generation() -> str | None:
    """The current generation: one read of the shared cache, no query. None while that cache cannot be reached."""
    return _read(GENERATION)


def generation_of(kind: str = FRAME) -> str | None:
    """That of what the pages of content of one kind (and the frame) give; of the frame alone without ``kind``. None
    while the shared cache cannot be reached, or where nothing is to be kept.
    """
    if not settings.PAGE_CACHE_SECONDS:
        return None
    parts = [_read(f"{GENERATION}-{scope}") for scope in dict.fromkeys((FRAME, kind))]
    return "-".join(part for part in parts if part) if all(parts) else None


def kept_with_frame(name: str, read: Callable[[], T]) -> T:
    """What ``read`` gives, kept in memory (pickled) until something other than a page of content changes."""
    current = generation_of()
    if current is None:
        return read()
    key = f"{name}:{current}"
    value: T | None = None
    with suppress(Exception):  # A cache that went away just now.
        value = caches["pages"].get(key)
    if value is None:
        value = read()
        with suppress(Exception):
            caches["pages"].set(key, value, FRAME_SECONDS)
    return value


def invalidate_pages(kind: str = FRAME) -> None:
    """Forget every cached page once the current transaction commits (at once outside of one).

    ``kind``: that of the pages of content which alone changed; otherwise what is kept with the frame is forgotten too.
    Called a thousand times in a transaction, it writes each generation once. To be called after a ``QuerySet.update``
    or a bulk write of rows that readers see: these send no signal.
    """
    batch = getattr(_local, "batch", None)
    if batch is None or batch.done:
        batch = _local.batch = _Batch()
    batch.scopes.add(kind)
    transaction.on_commit(batch.run)


class _Batch:
    """The invalidations of one transaction: the first callback renews the generations, the others find it done."""

    def __init__(self) -> None:
        self.done = False
        self.scopes: set[str] = set()

    def run(self) -> None:
        if not self.done:
            self.done = True
            try:
                _renew(self.scopes)
            except Exception:
                # The next page asked of this thread renews it; other processes' entries die with PAGE_CACHE_SECONDS.
                _local.lost = True
                logger.exception("The shared cache cannot be reached: cached pages may be stale for a while.")


def _read(name: str) -> str | None:
    """One generation of the shared cache, made where there is none. No query."""
    try:
        if getattr(_local, "lost", False):
            _renew([FRAME])  # Every other is read together with it.
        value = caches["default"].get(name)
        if value is None:
            value = _new()
            if not caches["default"].add(name, value, None):
                value = caches["default"].get(name, value)
    except Exception:
        # Redis away: pages are rendered for everyone, nobody gets an error.
        logger.warning("The shared cache cannot be reached: pages are not cached.", exc_info=True)
        return None
    return str(value)


def _new() -> str:
    return f"{time.time_ns():x}"


def _renew(scopes: Iterable[str]) -> None:
    """New generations of ``scopes``, then of the pages: whoever sees the latter sees the former."""
    for name in (*(f"{GENERATION}-{scope}" for scope in scopes), GENERATION):
        caches["default"].set(name, _new(), None)
    _local.lost = False


# --- Middleware -------------------------------------------------------------------------------------------------------
class Entry(NamedTuple):
    """A page as kept: its body compressed, its headers, its entity tag."""

    body: bytes
    headers: dict[str, str]
    etag: str


def is_anonymous(request: HttpRequest) -> bool:
    """Whether nothing in the request can make its answer personal. Read from cookies: no query."""
    return (
        settings.SESSION_COOKIE_NAME not in request.COOKIES
        and CookieStorage.cookie_name not in request.COOKIES
        and "HTTP_AUTHORIZATION" not in request.META
    )


class PageCacheMiddleware:
    """Answers anonymous GET and HEAD from memory; keeps 200 answers that are not private and set no cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.cache = caches["pages"]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = self.key(request) if self.may_look_up(request) else None
        if key is None:
            return self.get_response(request)
        entry = self.read(key)
        if entry is not None:
            return self.answer(request, entry)
        response = self.get_response(request)
        if self.may_store(request, response):
            response = self.store(request, key, response)
        return response

    # --- What may be looked up and kept -------------------------------------------------------------------------------
    @staticmethod
    def may_look_up(request: HttpRequest) -> bool:
        return (
            request.method in ("GET", "HEAD")
            and bool(settings.PAGE_CACHE_SECONDS)
            and not request.path_info.startswith(UNCACHED)
            and len(request.META.get("QUERY_STRING", "")) <= MAX_QUERY
            and is_anonymous(request)
        )

    @staticmethod
    def key(request: HttpRequest) -> str | None:
        """The entry's name; None where the shared cache is away. The territory counts only if it could be one."""
        current = generation()
        if current is None:
            return None
        territory = parse_key(request.COOKIES.get(TERRITORY_COOKIE, "")[:24])
        parts = "\n".join(
            [
                current,
                # What is pinned or to come changes at midnight without anything being saved.
                timezone.localdate().isoformat(),
                request.scheme or "",
                request.META.get("HTTP_HOST", ""),
                request.path_info,
                request.META.get("QUERY_STRING", ""),
                "-".join(territory) if territory else "",
                "h" if request.META.get("HTTP_HX_REQUEST") == "true" else "",
            ]
        )
        return hashlib.blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()

    @staticmethod
    def may_store(request: HttpRequest, response: HttpResponse) -> bool:
        vary = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
        return (
            request.method == "GET"
            and response.status_code == 200
            and not response.streaming
            and not response.cookies
            and not response.has_header("Content-Encoding")
            and not any(word in response.get("Cache-Control", "") for word in ("private", "no-store", "no-cache"))
            and vary <= _KEYED
            and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
            and not getattr(request, "is_preview", False)
            # A reader who has the cookie already is given a token without a sign of it in the answer's headers.
            and b"csrfmiddlewaretoken" not in response.content
        )

    # --- Reading and keeping ------------------------------------------------------------------------------------------
    def read(self, key: str) -> Entry | None:
        try:
            kept = self.cache.get(key)
        except Exception:
            logger.warning("The page cache cannot be read.", exc_info=True)
            return None
        return Entry(*kept) if kept is not None else None

    def store(self, request: HttpRequest, key: str, response: HttpResponse) -> HttpResponse:
        """Keep ``response``; returns what the reader who caused it gets."""
        patch_vary_headers(response, ["Cookie", "HX-Request", "Accept-Encoding"])
        if not response.has_header("Cache-Control"):
            # A browser may keep the page but asks each time: 304 as long as it is the same.
            response["Cache-Control"] = "max-age=0, must-revalidate"
        raw = response.content
        etag = f'W/"{hashlib.blake2b(raw, digest_size=12).hexdigest()}"'
        headers = {name: value for name, value in response.items() if name.lower() not in ("content-length", "etag")}
        entry = Entry(gzip.compress(raw, 6, mtime=0), headers, etag)
        if len(entry.body) <= MAX_BYTES:
            try:
                self.cache.set(key, tuple(entry), settings.PAGE_CACHE_SECONDS)
            except Exception:
                logger.warning("The page cache cannot be written.", exc_info=True)
        response["ETag"] = etag
        if self.accepts_gzip(request):
            response.content = entry.body
            response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(response.content))
        return response

    @staticmethod
    def accepts_gzip(request: HttpRequest) -> bool:
        return "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")

    def answer(self, request: HttpRequest, entry: Entry) -> HttpResponse:
        """``entry`` as a response, 304 where the reader has it already. No secret is in it, so it may be compressed."""
        zipped = self.accepts_gzip(request)
        response = HttpResponse(entry.body if zipped else zlib.decompress(entry.body, _GZIP), headers=entry.headers)
        if zipped:
            response["Content-Encoding"] = "gzip"
        response["ETag"] = entry.etag
        response["X-Cache"] = "hit"
        response["Content-Length"] = str(len(response.content))
        return get_conditional_response(request, etag=entry.etag, response=response) or response
