"""Template context every page has: the site's identity and menu, without a query where they are in memory."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .chrome import chrome_for


def site_chrome(request: HttpRequest) -> dict[str, Any]:
    """``chrome``: lazily, the site's :class:`portal.core.chrome.Chrome`."""
    return {"chrome": SimpleLazyObject(lambda: chrome_for(request))}
