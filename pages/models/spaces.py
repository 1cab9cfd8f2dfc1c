"""The directory of territories, and the space of each."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.core.blocks import BodyBlock
from portal.core.enums import ContentKind
from portal.core.fields import StreamField
from portal.core.filters import cached_choices
from portal.core.highlights import load_highlights, load_space_panels
from portal.core.listing import Scope
from portal.core.page_cache import kept_with_frame
from portal.core.pages import BasePage
from portal.core.sites import host_key
from portal.territories.map import build_map
from portal.territories.models import Space
from portal.territories.selectors import directory

MOST_HUBS = 12


class TerritoryDirectoryPage(BasePage):
    """Every territory, by map and by list; the spaces lie beneath, nested as territories are."""

    max_count = 1
    template = "pages/territory_directory_page.html"
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.TerritoryPage"]

    introduction = models.TextField("introduction", max_length=600, blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = "annuaire des territoires"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """``directory_map`` and ``directory_list``: régions and their départements with their open spaces, as HTML."""
        key = f"directory:{host_key(request)}:{timezone.localdate()}"
        return super().get_context(request, *args, **kwargs) | kept_with_frame(key, lambda: _drawn(request))


def _drawn(request: HttpRequest) -> dict[str, SafeString]:
    """Two hundred links, which change with the spaces and the territories alone. Two queries."""
    entries = directory()
    values = {"request": request, "directory": entries, "map": build_map(entries)}
    return {
        "directory_map": render_to_string("territories/_map.html", values),
        "directory_list": render_to_string("territories/_list.html", values),
    }


class TerritoryPage(BasePage):
    """Home page of a territory's space. Its territory is that of its ``territory_space``.

    Made by :func:`pages.services.open_territory_space` only.
    """

    fact_kind = ContentKind.SPACE
    template = "pages/territory_page.html"
    parent_page_types = ["pages.TerritoryDirectoryPage", "pages.TerritoryPage"]
    is_creatable = False

    introduction = models.TextField("présentation", max_length=1000, blank=True)
    body = StreamField(BodyBlock(), blank=True, verbose_name="contenu")

    content_panels = [*BasePage.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("introduction", boost=2), index.SearchField("body")]

    class Meta:
        verbose_name = "espace territorial"
        verbose_name_plural = "espaces territoriaux"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """``territory``; ``blocks``, the highlights of what lies inside it; ``panels``, what else apps show of it;
        ``nested``, the open spaces beneath; ``organisations``, the hubs that cover it."""
        context = super().get_context(request, *args, **kwargs)
        context["territory"] = self.space.territory if self.space else None
        context["blocks"] = load_highlights(space=self.space) if self.space else []
        context["panels"] = load_space_panels(self.space) if self.space else []
        context["scope"] = f"?portee={Scope.INSIDE}"
        context["nested"] = self.nested_spaces(request)
        context["organisations"] = self.hubs()
        return context

    def hubs(self) -> list[Organisation]:
        """The hubs that cover the territory, by name. No query once read."""
        if self.space is None:
            return []
        hubs = Organisation.objects.covering(self.space.territory).filter(kind=OrganisationKind.HUB)
        return cached_choices(
            f"hubs-{self.space.territory_id}",
            lambda: list(hubs.only("name", "website").order_by("name", "pk")[:MOST_HUBS]),
        )

    def nested_spaces(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The open spaces directly beneath: ``{title, url, level, population}`` by name. One query."""
        spaces = (
            Space.objects.filter(
                closed_at=None, page__in=self.get_children().order_by().values("pk"), page__fact__visible=True
            )
            .select_related("territory", "page")
            .only("territory__name", "territory__level", "territory__population", "page__url_path")
            .order_by("territory__search_name", "pk")
        )
        return [
            {
                "title": space.territory.name,
                "url": space.page.get_url(request),
                "level": space.territory.get_level_display(),
                "population": space.territory.population,
            }
            for space in spaces
        ]

    def json_ld(self, request: HttpRequest) -> dict[str, Any] | None:
        if self.space is None:
            return None
        return {
            "@type": "CollectionPage",
            "name": self.title,
            "url": self.get_full_url(request),
            "about": {"@type": "AdministrativeArea", "name": self.space.territory.name},
        }
