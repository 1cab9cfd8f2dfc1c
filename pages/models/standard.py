"""Pages of no particular kind: legal notices, accessibility statement…"""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from portal.core.blocks import BodyBlock
from portal.core.fields import StreamField
from portal.core.pages import BasePage


class StandardPage(BasePage):
    """A free page over the DSFR's components."""

    template = "pages/standard_page.html"

    lead = models.TextField("chapô", max_length=500, blank=True)
    body = StreamField(BodyBlock(), blank=True, verbose_name="contenu")

    content_panels = [*BasePage.content_panels, FieldPanel("lead"), FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("lead", boost=2), index.SearchField("body")]

    class Meta:
        verbose_name = "page"
        verbose_name_plural = "pages"
