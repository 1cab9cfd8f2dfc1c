"""News of the network and of its territories."""

from __future__ import annotations

from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from portal.core.enums import ContentKind, Echelon
from portal.core.listing import FilterableIndexPage
from portal.core.models import Theme
from portal.core.pages import ContentPage


class NewsPage(ContentPage):
    """A news item of a space."""

    fact_kind = ContentKind.NEWS
    template = "pages/news_page.html"
    parent_page_types = ["pages.NewsIndexPage"]
    subpage_types: list[str] = []

    echelon = models.CharField("échelon", max_length=15, choices=Echelon.choices, default=Echelon.LOCAL)
    themes = ParentalManyToManyField(Theme, blank=True, verbose_name="thèmes", related_name="+")
    source = models.CharField(
        "source", max_length=200, blank=True, help_text="Le journal ou l'organisme d'un article repris."
    )
    source_url = models.URLField("lien de l'article", blank=True, max_length=500)
    pinned_until = models.DateField("à la une jusqu'au", null=True, blank=True, db_index=True)
    show_author = models.BooleanField("afficher l'auteur", default=False)

    content_panels = [
        *ContentPage.content_panels,
        MultiFieldPanel([FieldPanel("territory"), FieldPanel("echelon"), FieldPanel("themes")], heading="Classement"),
        MultiFieldPanel([FieldPanel("source"), FieldPanel("source_url")], heading="Article de presse"),
        MultiFieldPanel([FieldPanel("pinned_until"), FieldPanel("show_author")], heading="Affichage"),
    ]

    class Meta:
        verbose_name = "actualité"
        verbose_name_plural = "actualités"


class NewsIndexPage(FilterableIndexPage):
    """« Actualités » of a space."""

    item_model = NewsPage
    template = "pages/news_index_page.html"
    subpage_types = ["pages.NewsPage"]
    empty_text = "Aucune actualité ne correspond pour l'instant."

    class Meta:
        verbose_name = "rubrique d'actualités"
        verbose_name_plural = "rubriques d'actualités"
