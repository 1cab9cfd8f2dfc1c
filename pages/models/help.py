"""Help for editors, in French, inside the portal."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from portal.core.blocks import BodyBlock
from portal.core.enums import ContentKind
from portal.core.fields import StreamField
from portal.core.pages import BasePage


class HelpIndexPage(BasePage):
    """« Aide »: the help pages in the order of the tree."""

    max_count = 1
    template = "pages/help_index_page.html"
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.HelpPage"]
    fact_kind = ContentKind.HELP

    introduction = models.TextField("introduction", max_length=600, blank=True)
    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = "rubrique d'aide"


class HelpPage(BasePage):
    """One question an editor asks, answered."""

    template = "pages/help_page.html"
    parent_page_types = ["pages.HelpIndexPage"]
    subpage_types: list[str] = []
    fact_kind = ContentKind.HELP

    lead = models.TextField("en bref", max_length=500, blank=True)
    body = StreamField(BodyBlock(), blank=True, verbose_name="contenu")

    content_panels = [*BasePage.content_panels, FieldPanel("lead"), FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("lead", boost=2), index.SearchField("body")]

    class Meta:
        verbose_name = "page d'aide"
        verbose_name_plural = "pages d'aide"
