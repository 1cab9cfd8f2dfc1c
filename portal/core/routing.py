"""Finding the page of an address, and what is above it, in one query whatever its depth (docs/routing.md)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest
from wagtail.models import Page, PageViewRestriction
from wagtail.url_routing import RouteResult

from .admin_titles import draft_is_hidden

MAX_DEPTH = 12
#: What is read of the pages above the one that is shown: breadcrumb, space, restrictions.
_STEP = (
    *("path", "depth", "url_path", "slug", "title", "live", "content_type", "alias_of", "numchild", "locale"),
    *("fact__kind", "fact__space", "fact__territory", "fact__visible", "fact__date"),
    *("territory_space__territory", "territory_space__page", "territory_space__closed_at"),
    *(f"territory_space__territory__{name}" for name in ("level", "code", "name", "slug", "kind", "population")),
    *(f"territory_space__territory__{name}" for name in ("time_zone", "region", "departement")),
)


class SiteRootRouteMixin:
    """For the site's root page. Wagtail walks down the tree with two queries a level; this asks for every prefix of
    the address at once, takes the deepest page and leaves the rest of the path to it.

    The same rows are the page's ancestors: its ``breadcrumb``, its ``space`` and whether a view restriction lies on any
    of them are known without asking again.
    """

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        chain = self._chain(path_components)
        page = chain[-1]
        if page.pk == self.pk:  # type: ignore[attr-defined]
            _remember(self, chain)  # type: ignore[arg-type]
            return super().route(request, path_components)  # type: ignore[misc]
        specific = page.specific
        if specific is None:
            raise Http404
        _remember(specific, chain)
        if draft_is_hidden(specific):
            # The link chooser names the page of a pasted address by this field.
            specific.draft_title = specific.title
        return specific.route(request, path_components[page.depth - self.depth :])  # type: ignore[attr-defined]

    def _chain(self, path_components: list[str]) -> list[Page]:
        """The pages of the address's prefixes, from the tree's root down to the deepest that exists. One query."""
        path, depth, url_path = self.path, self.depth, self.url_path  # type: ignore[attr-defined]
        steps = range(Page.steplen, len(path) + 1, Page.steplen)
        wanted = Q(path__in=[path[:end] for end in steps])
        for position, slug in enumerate(path_components[:MAX_DEPTH], 1):
            url_path += f"{slug}/"
            # The slug is indexed, the address is not.
            wanted |= Q(slug=slug, depth=depth + position, url_path=url_path)
        restrictions = PageViewRestriction.objects.filter(page=OuterRef("pk"))
        pages = (
            Page.objects.filter(wanted)
            .annotate(restricted=Exists(restrictions))
            .select_related("fact", "territory_space__territory")
            .only(*_STEP)
            .order_by()
        )
        # Two sites may hold the same address: only what lies on this root's branch counts.
        chain = [page for page in pages if page.depth <= depth or page.path.startswith(path)]
        return sorted(chain, key=lambda page: page.depth)


def _remember(page: Page, chain: list[Page]) -> None:
    """Give ``page`` what the chain down to it says (see :class:`portal.core.pages.BasePage`)."""
    page.__dict__["_line"] = [step for step in chain if step.depth > 1]
    # An alias is restricted as its source is: left to Wagtail.
    page.__dict__["unrestricted"] = not any(step.restricted or step.alias_of_id for step in chain)  # type: ignore[attr-defined]
    if (fact := chain[-1]._state.fields_cache.get("fact")) is not None:
        page._state.fields_cache["fact"] = fact
