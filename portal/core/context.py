"""Template context every page has: the site's identity and menu, in few queries."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from .models import SiteIdentity


def site_chrome(request: HttpRequest) -> dict[str, Any]:
    """``identity``: lazily, the site's :class:`SiteIdentity`."""
    return {"identity": lambda: SiteIdentity.for_request(request)}
