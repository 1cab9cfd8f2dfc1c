"""A simple limit by visitor, in the shared cache; no address is kept, only a keyed hash for the window."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

WINDOW = 3600  # seconds


def client_address(request: HttpRequest) -> str:
    """The visitor's IP address: behind a proxy the last one it noted, which the visitor cannot forge."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None) and forwarded:
        return forwarded.rpartition(",")[2].strip()
    return request.META.get("REMOTE_ADDR", "")


def too_many(request: HttpRequest, scope: str, limit: int, window: int = WINDOW) -> bool:
    """Count one more attempt of this visitor; True once there were more than ``limit`` within ``window`` seconds.

    Windows are of the clock, not sliding: a visitor may get twice the limit across a boundary.
    """
    return over_limit(client_address(request), scope, limit, window)


def over_limit(who: str, scope: str, limit: int, window: int = WINDOW) -> bool:
    """The same, counted for ``who``: an address of a mailbox, an account's number."""
    turn = int(time.time()) // window
    digest = salted_hmac("portal.core.ratelimit", f"{scope}:{window}:{turn}:{who}").hexdigest()
    key = f"rate:{digest}"
    cache = caches["default"]
    cache.add(key, 0, window)
    try:
        count = cache.incr(key)
        # Counting again writes some caches' default time-out over the window.
        cache.touch(key, window)
        return count > limit
    except ValueError:  # It expired between the two.
        return False
