"""The home page: the national space, and everyone's own once they chose a territory."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from portal.core.enums import ContentKind
from portal.core.highlights import load_highlights
from portal.core.pages import BasePage
from portal.core.routing import SiteRootRouteMixin
from portal.territories.enums import Level
from portal.territories.models import Space, Territory

# What the home page leads to besides what is new: (address, title, text, pictogram).
TILES = (
    ("/ressources/", "Me former et m’outiller", "Ressources, kits et outils, par besoin", "self-training"),
    ("/agenda/", "Rencontrer le réseau", "Webinaires, ateliers, NEC, journées", "calendar"),
    ("/initiatives/", "M’inspirer", "Les retours d’expérience des territoires", "innovation"),
    ("/territoires/", "Trouver mon espace", "Régions, départements, intercommunalités", "map"),
)


class HomePage(SiteRootRouteMixin, BasePage):
    """Root of the site and of the national space; the national sections lie directly beneath."""

    fact_kind = ContentKind.SPACE
    max_count = 1
    template = "pages/home_page.html"
    parent_page_types = ["wagtailcore.Page"]

    headline = models.CharField("titre d'accueil", max_length=160, blank=True)
    introduction = models.TextField("introduction", max_length=600, blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("headline"), FieldPanel("introduction")]
    search_fields = [*BasePage.search_fields, index.SearchField("introduction")]

    class Meta:
        verbose_name = "page d'accueil"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """``blocks``: the highlights of what concerns the chosen territory, of the whole country where none is."""
        context = super().get_context(request, *args, **kwargs)
        # The middleware's lazy object may stand for None; a preview's request has none at all.
        territory: Territory | None = getattr(request, "territory", None) or None
        if territory is not None and territory.level == Level.NATION:
            territory = None
        context["territory"] = territory
        context["blocks"] = load_highlights(territory=territory)
        context["scope"] = f"?territoire={territory.key}&au_dessus=on" if territory else ""
        context["near_spaces"] = near_spaces(territory, request) if territory else []
        context["tiles"] = [dict(zip(("url", "title", "text", "pictogram"), tile, strict=True)) for tile in TILES]
        return context


def near_spaces(territory: Territory, request: HttpRequest) -> list[dict[str, str]]:
    """The open spaces of ``territory`` and of what contains it, nearest first: ``{title, url}``. One query."""
    spaces = (
        Space.objects.filter(
            closed_at=None, territory__descendant_links__descendant=territory, page__fact__visible=True
        )
        .exclude(territory__level=Level.NATION)
        .select_related("territory", "page")
        .only("territory__name", "territory__level", "page__url_path")
        .order_by("territory__name")
    )
    nearest = sorted(spaces, key=lambda space: -Level(space.territory.level).rank)
    return [{"title": space.territory.name, "url": space.page.get_url(request)} for space in nearest]
