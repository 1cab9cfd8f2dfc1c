"""Initiatives: feedback on what a territory has done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.search import index

from portal.core.enums import ContentKind
from portal.core.listing import FilterableIndexPage
from portal.core.models import Theme
from portal.core.seo import article

from .related import ArticlePage


class InitiativePage(ArticlePage):
    """A « retour d'expérience »: who did what, with what means and what effect."""

    fact_kind = ContentKind.INITIATIVE
    template = "pages/initiative_page.html"
    parent_page_types = ["pages.InitiativeIndexPage"]
    subpage_types: list[str] = []

    themes = ParentalManyToManyField(Theme, blank=True, verbose_name="thèmes", related_name="+")
    bearers = models.TextField("porteurs", blank=True)
    partners = models.TextField("partenaires associés", blank=True)
    impacts = models.TextField("impacts", blank=True)
    levers = models.TextField("leviers", blank=True)
    means = models.TextField("moyens humains et financiers", blank=True)
    bodies = models.TextField("instances mobilisées", blank=True)
    success_factors = models.TextField("facteurs de succès", blank=True)
    vigilance = models.TextField("points de vigilance", blank=True)
    replay_url = models.URLField("replay", blank=True, max_length=500)

    #: Who, in the column beside the text; what, under it.
    ACTORS = ("bearers", "partners", "bodies")
    LESSONS = ("impacts", "levers", "means", "success_factors", "vigilance")
    SECTIONS = ("bearers", "partners", "impacts", "levers", "means", "bodies", "success_factors", "vigilance")
    PICTOGRAMS = {
        "impacts": "innovation",
        "levers": "flow-settings",
        "means": "money",
        "success_factors": "success",
        "vigilance": "warning",
    }

    content_panels = [
        *ArticlePage.lead_panels,
        MultiFieldPanel([FieldPanel(name) for name in SECTIONS], heading="Retour d’expérience"),
        MultiFieldPanel(
            [FieldPanel("territory"), FieldPanel("themes", widget=forms.CheckboxSelectMultiple)], heading="Classement"
        ),
        InlinePanel("documents", heading="Documents", label="Document", max_num=20),
        FieldPanel("replay_url"),
        ArticlePage.related_panel,
    ]
    search_fields = [*ArticlePage.search_fields, *(index.SearchField(name) for name in SECTIONS)]

    class Meta:
        verbose_name = "initiative"
        verbose_name_plural = "initiatives"

    def _parts(self, names: tuple[str, ...]) -> list[dict[str, str]]:
        return [
            {
                "name": name,
                "label": str(self._meta.get_field(name).verbose_name).capitalize(),  # type: ignore[union-attr]
                "text": getattr(self, name).strip(),
                "pictogram": self.PICTOGRAMS.get(name, ""),
            }
            for name in names
            if getattr(self, name).strip()
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["actors"] = self._parts(self.ACTORS)
        context["lessons"] = self._parts(self.LESSONS)
        context["documents"] = [each.document for each in self.documents.select_related("document")] if self.pk else []
        return context

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        return article(self, request, kind="Article")


class InitiativeDocument(Orderable):
    """A document of an initiative, opened through the view that checks rights."""

    page = ParentalKey(InitiativePage, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey("wagtaildocs.Document", models.PROTECT, related_name="+", verbose_name="document")

    panels = [FieldPanel("document")]

    class Meta(Orderable.Meta):
        verbose_name = "document d’une initiative"
        verbose_name_plural = "documents d’une initiative"

    def __str__(self) -> str:
        return str(self.document)


class InitiativeIndexPage(FilterableIndexPage):
    """« Initiatives » of a space."""

    item_model = InitiativePage
    template = "pages/initiative_index_page.html"
    subpage_types = ["pages.InitiativePage"]
    empty_text = "Aucune initiative n’est encore publiée ici."
    item_names = ("initiative", "initiatives")
    pictogram = "innovation"

    class Meta:
        verbose_name = "rubrique d’initiatives"
        verbose_name_plural = "rubriques d’initiatives"
