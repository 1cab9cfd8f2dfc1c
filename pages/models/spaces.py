"""The directory of territories, and the space of each."""

from django.db import models
from wagtail.admin.panels import FieldPanel

from portal.core.blocks import BodyBlock
from portal.core.enums import ContentKind
from portal.core.fields import StreamField
from portal.core.pages import BasePage


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

    class Meta:
        verbose_name = "espace territorial"
        verbose_name_plural = "espaces territoriaux"
