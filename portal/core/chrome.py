"""What surrounds every page: the site's identity and its menu, read once until something but content changes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import Page, Site

from portal.territories.enums import Level
from portal.territories.text import fold

from .enums import ContentKind
from .models import SiteIdentity
from .page_cache import kept_with_frame
from .sites import host_key

# Kinds of pages that can be entries of the menu; pages of content never are, and there may be 100,000 of them.
_MENU_KINDS = (ContentKind.PAGE, ContentKind.SPACE, ContentKind.HELP)


class MenuItem(NamedTuple):
    """An entry of the menu: title, address (path), and the entries beneath it."""

    title: str
    url: str
    children: tuple[MenuItem, ...] = ()

    def is_current(self, path: str) -> bool:
        """Whether ``path`` is this entry's page or one beneath it."""
        return path == self.url or (self.url != "/" and path.startswith(self.url))


@dataclass(frozen=True)
class Chrome:
    """Identity and menu of a site. Holds only plain values, so that it can be cached."""

    title: str
    tagline: str
    brand: list[str]
    state_brand: bool
    logo: dict[str, Any] | None
    notice: str
    contact_email: str
    menu: tuple[MenuItem, ...]


def chrome_for(request: HttpRequest) -> Chrome:
    """The chrome of the request's site: no query where it is in memory, at most four otherwise."""
    cached: Chrome | None = getattr(request, "_chrome", None)
    if cached is None:
        cached = kept_with_frame(f"chrome:{host_key(request)}", lambda: _build(request))
        request._chrome = cached  # type: ignore[attr-defined]
    return cached


def _build(request: HttpRequest) -> Chrome:
    site = Site.find_for_request(request)
    # Not ``for_site``: it writes a row where there is none, and a GET changes nothing.
    identity = getattr(site, "siteidentity", None) or SiteIdentity()
    logo = None
    if identity.logo is not None:
        rendition = identity.logo.get_rendition("height-80|format-webp")
        logo = {"url": rendition.url, "width": rendition.width, "height": rendition.height}
    return Chrome(
        title=identity.title,
        tagline=identity.tagline,
        brand=identity.brand.split(),
        state_brand=identity.state_brand,
        logo=logo,
        notice=identity.notice,
        contact_email=identity.contact_email,
        menu=build_menu(site.root_page) if site else (),
    )


def build_menu(home: Page) -> tuple[MenuItem, ...]:
    """Two levels of pages shown in menus under ``home``, and under « Territoires » the open spaces. One query."""
    shown = Q(depth=home.depth + 1, show_in_menus=True) | Q(depth=home.depth + 2) & (
        Q(show_in_menus=True) | Q(territory_space__territory__level=Level.REGION, territory_space__closed_at=None)
    )
    pages = (
        Page.objects.filter(shown, fact__visible=True, fact__kind__in=_MENU_KINDS, path__startswith=home.path)
        .order_by("path")
        .values_list("path", "depth", "title", "url_path")
    )
    tops: list[tuple[str, str, str]] = []
    beneath: dict[str, list[MenuItem]] = defaultdict(list)
    for path, depth, title, url_path in pages:
        url = "/" + url_path[len(home.url_path) :]
        if depth == home.depth + 1:
            tops.append((path, title, url))
        else:
            beneath[path[: -Page.steplen]].append(MenuItem(title, url))
    return tuple(MenuItem(title, url, _ordered(beneath[path])) for path, title, url in tops)


def _ordered(items: list[MenuItem]) -> tuple[MenuItem, ...]:
    """Few entries keep the order of the tree; a long list (spaces) is read by name, « Île » among the I."""
    return tuple(sorted(items, key=lambda item: fold(item.title)) if len(items) > 8 else items)
