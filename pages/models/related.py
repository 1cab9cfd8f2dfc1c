"""What news and initiatives share: the credit of their image, and pages to read next."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Orderable, Page

from portal.core.blocks import card_pages
from portal.core.cards import card_rows
from portal.core.images import prefetch_card_images
from portal.core.pages import ContentPage

MAX_RELATED = 6
READ_NEXT = 3


class RelatedPage(Orderable):
    """A page to read next, chosen by the editor; shown only while anyone may read it."""

    source = ParentalKey(Page, on_delete=models.CASCADE, related_name="related_links")
    page = models.ForeignKey(Page, models.CASCADE, related_name="+", verbose_name="page")

    panels = [PageChooserPanel("page")]

    class Meta(Orderable.Meta):
        verbose_name = "page liée"
        constraints = [models.UniqueConstraint(fields=["source", "page"], name="related_page_once")]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.page_id}"

    def clean(self) -> None:
        super().clean()
        if self.page_id and self.page_id == self.source_id:
            raise ValidationError({"page": "Une page n'est pas liée à elle-même."})


class ArticlePage(ContentPage):
    """A content page one reads: credit of the image, related pages, its neighbours in the list."""

    image_credit = models.CharField("crédit de l'image", max_length=120, blank=True)

    lead_panels = [
        *ContentPage.content_panels[:-2],
        MultiFieldPanel(
            [
                FieldPanel("image"),
                FieldPanel("image_alt"),
                FieldPanel("image_decorative"),
                FieldPanel("image_credit"),
            ],
            heading="Image",
        ),
        ContentPage.content_panels[-1],
    ]
    related_panel = InlinePanel(
        "related_links",
        heading="Pages liées",
        label="Page liée",
        max_num=MAX_RELATED,
        help_text="À lire ensuite. Sans choix, la page propose les plus récentes de sa rubrique.",
    )

    class Meta:
        abstract = True

    def related_pages(self) -> list[Any]:
        """The visible pages chosen by the editor, in their order; else the newest of the same space and kind."""
        ids = [link.page_id for link in self.related_links.all()]
        if ids:
            found = card_pages(ids)
            chosen = [found[pk] for pk in ids if pk in found and found[pk].fact.visible and pk != self.pk]
            if chosen:
                return chosen
        newest = (
            type(self)
            .objects.filter(fact__space=self.space, fact__kind=self.fact_kind, fact__visible=True)
            .exclude(pk=self.pk)
            .order_by("-fact__date", "-fact__page_id")
        )
        items = list(card_rows(newest)[:READ_NEXT])
        prefetch_card_images(items)
        return items

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["related_pages"] = self.related_pages()
        context["section_url"] = self.section.get_url(request) if self.section else "/"
        return context
