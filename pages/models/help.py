"""Help for editors, in French, inside the portal."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from portal.core.blocks import BodyBlock
from portal.core.enums import ContentKind
from portal.core.fields import StreamField
from portal.core.pages import BasePage


def help_pages(index: Page) -> QuerySet[HelpPage]:
    """The visible help pages under ``index``, in the order of the tree. One query."""
    return HelpPage.objects.child_of(index).filter(fact__visible=True).defer_streamfields().order_by("path")


class HelpIndexPage(BasePage):
    """« Aide »: the help pages in the order of the tree."""

    max_count = 1
    template = "pages/help_index_page.html"
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.HelpPage"]
    fact_kind = ContentKind.HELP

    introduction = models.TextField("introduction", max_length=600, blank=True)
    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {"help_pages": help_pages(self)}

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

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return context | {"help_pages": help_pages(self.breadcrumb[-1]) if self.breadcrumb else []}

    class Meta:
        verbose_name = "page d'aide"
        verbose_name_plural = "pages d'aide"
