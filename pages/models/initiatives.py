"""Initiatives: feedback on what a territory has done."""

from __future__ import annotations

from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from portal.core.enums import ContentKind
from portal.core.listing import FilterableIndexPage
from portal.core.models import Theme
from portal.core.pages import ContentPage


class InitiativePage(ContentPage):
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

    SECTIONS = ("bearers", "partners", "impacts", "levers", "means", "bodies", "success_factors", "vigilance")

    content_panels = [
        *ContentPage.content_panels,
        MultiFieldPanel([FieldPanel(name) for name in SECTIONS], heading="Retour d'expérience"),
        MultiFieldPanel([FieldPanel("territory"), FieldPanel("themes")], heading="Classement"),
        FieldPanel("replay_url"),
    ]

    class Meta:
        verbose_name = "initiative"
        verbose_name_plural = "initiatives"


class InitiativeIndexPage(FilterableIndexPage):
    """« Initiatives » of a space."""

    item_model = InitiativePage
    template = "pages/initiative_index_page.html"
    subpage_types = ["pages.InitiativePage"]
    empty_text = "Aucune initiative ne correspond pour l'instant."

    class Meta:
        verbose_name = "rubrique d'initiatives"
        verbose_name_plural = "rubriques d'initiatives"
