"""Whether the addresses of other sites in a letter answer: asked for by a person, never while sending."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.conf import settings

from portal.core.fetch import FetchError, fetch

from .tree import Link

MOST: Final = 40
AT_ONCE: Final = 8
CONNECT_SECONDS: Final = 3.0
SECONDS: Final = 5.0


def external(links: Iterable[Link]) -> list[Link]:
    """The links to other sites, each address once; :data:`MOST` at most."""
    own = f"{settings.SITE_URL}/"
    found = {link.url: link for link in reversed(list(links)) if not f"{link.url}/".startswith(own)}
    return sorted(found.values(), key=lambda link: link.position)[:MOST]


def silent(links: Sequence[Link]) -> list[tuple[Link, str]]:
    """Those whose address gives no page, with the reason in French. Half a minute at worst. Never raises."""
    if not links:
        return []
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        reasons = list(pool.map(_reason, [link.url for link in links]))
    return [(link, reason) for link, reason in zip(links, reasons, strict=True) if reason]


def _reason(url: str) -> str:
    try:
        fetch(url, connect_seconds=CONNECT_SECONDS, total_seconds=SECONDS, content=False)
    except FetchError as error:
        return str(error)
    return ""
