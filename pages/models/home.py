"""The home page: the national space, and everyone's own once they chose a territory."""

from django.db import models
from wagtail.admin.panels import FieldPanel

from portal.core.enums import ContentKind
from portal.core.pages import BasePage
from portal.core.routing import SiteRootRouteMixin


class HomePage(SiteRootRouteMixin, BasePage):
    """Root of the site and of the national space; the national sections lie directly beneath."""

    fact_kind = ContentKind.SPACE
    max_count = 1
    template = "pages/home_page.html"
    parent_page_types = ["wagtailcore.Page"]

    headline = models.CharField("titre d'accueil", max_length=160, blank=True)
    introduction = models.TextField("introduction", max_length=600, blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("headline"), FieldPanel("introduction")]

    class Meta:
        verbose_name = "page d'accueil"
