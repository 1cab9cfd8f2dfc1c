"""News of the network and of its territories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from portal.core.enums import ContentKind, Echelon
from portal.core.filters import ManyField
from portal.core.listing import FilterableIndexPage, ListingForm, PeriodFormMixin, PinnedFirst, local_today
from portal.core.models import Theme
from portal.core.seo import article

from .related import ArticlePage

MAX_PINNED = 6


class NewsPage(ArticlePage):
    """A news item of a space."""

    fact_kind = ContentKind.NEWS
    template = "pages/news_page.html"
    parent_page_types = ["pages.NewsIndexPage"]
    subpage_types: list[str] = []

    echelon = models.CharField("échelon", max_length=15, choices=Echelon.choices, default=Echelon.LOCAL)
    themes = ParentalManyToManyField(Theme, blank=True, verbose_name="thèmes", related_name="+")
    source = models.CharField(
        "source", max_length=200, blank=True, help_text="Le journal ou l’organisme d’un article repris."
    )
    source_url = models.URLField("lien de l’article", blank=True, max_length=500)
    pinned_until = models.DateField(
        "à la une jusqu’au",
        null=True,
        blank=True,
        db_index=True,
        help_text="En tête des listes de son espace jusqu’à ce jour inclus.",
    )
    show_author = models.BooleanField("afficher l’auteur", default=False)

    content_panels = [
        *ArticlePage.lead_panels,
        MultiFieldPanel(
            [
                FieldPanel("territory"),
                FieldPanel("echelon"),
                FieldPanel("themes", widget=forms.CheckboxSelectMultiple),
            ],
            heading="Classement",
        ),
        MultiFieldPanel([FieldPanel("source"), FieldPanel("source_url")], heading="Article de presse"),
        ArticlePage.related_panel,
        MultiFieldPanel([FieldPanel("pinned_until"), FieldPanel("show_author")], heading="Affichage"),
    ]
    search_fields = [*ArticlePage.search_fields, index.SearchField("source"), index.FilterField("echelon")]

    class Meta:
        verbose_name = "actualité"
        verbose_name_plural = "actualités"

    def clean(self) -> None:
        super().clean()
        if self.source_url and not self.source.strip():
            raise ValidationError({"source": "Nommez le journal ou l’organisme dont vous donnez le lien."})

    @property
    def author_name(self) -> str:
        """The author, where the editor chose to show a name; never an address."""
        return self.owner.get_full_name() if self.show_author and self.owner else ""

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        found = article(self, request, kind="NewsArticle")
        if self.author_name:
            found["author"] = {"@type": "Person", "name": self.author_name}
        if self.source_url:
            found["isBasedOn"] = self.source_url
        return found


class NewsForm(PeriodFormMixin, ListingForm):
    """Filters of news: those of every listing, échelon, period."""

    echelon = ManyField(label="Échelon", choices=Echelon.choices, required=False)

    field_order = ["q", "portee", "territoire", "au_dessus", "du", "au", "echelon", "theme"]

    def filter_echelon(self, items: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return items.filter(echelon__in=values)


class NewsIndexPage(FilterableIndexPage):
    """« Actualités » of a space."""

    item_model = NewsPage
    form_class = NewsForm
    template = "pages/news_index_page.html"
    subpage_types = ["pages.NewsPage"]
    empty_text = "Aucune actualité n’est encore publiée ici."
    item_names = ("actualité", "actualités")
    pictogram = "notification"

    class Meta:
        verbose_name = "rubrique d’actualités"
        verbose_name_plural = "rubriques d’actualités"

    def arranged_items(self, form: ListingForm, request: HttpRequest) -> Sequence[Any] | QuerySet[Any]:
        """The space's own pinned news first, then all others by date. Pinned news of other spaces keep their rank."""
        items = self.filtered_items(form)
        pinned = list(items.filter(pinned_until__gte=local_today(self.space), fact__space=self.space)[:MAX_PINNED])
        if not pinned:
            return items
        for news in pinned:
            news.is_pinned = True
        return PinnedFirst(pinned, items.exclude(pk__in=[news.pk for news in pinned]))
