"""Finding the page of an address in one query, whatever its depth."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest
from wagtail.models import Page
from wagtail.url_routing import RouteResult


class SiteRootRouteMixin:
    """For the site's root page. Wagtail walks down the tree with two queries a level; this asks for every prefix of
    the address at once, takes the deepest page and leaves the rest of the path to it (docs/routing.md).
    """

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if not path_components:
            return super().route(request, path_components)  # type: ignore[misc]
        candidates, url_path = Q(), self.url_path  # type: ignore[attr-defined]
        for position, slug in enumerate(path_components[:12], 1):
            url_path += f"{slug}/"
            # The slug is indexed, the address is not.
            candidates |= Q(slug=slug, depth=self.depth + position, url_path=url_path)  # type: ignore[attr-defined]
        # The fact comes along: it says whether anyone may read the page, which spares asking every ancestor.
        page = Page.objects.filter(candidates).select_related("fact").order_by("-depth").first()
        if page is None:
            return super().route(request, path_components)  # type: ignore[misc]
        used = page.depth - self.depth  # type: ignore[attr-defined]
        rest = path_components[used:]
        specific = page.specific
        if specific is None:
            raise Http404
        if "fact" in page._state.fields_cache:
            specific._state.fields_cache["fact"] = page._state.fields_cache["fact"]
        return specific.route(request, rest)
