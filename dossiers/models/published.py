"""The public page of an accepted dossier: a gouvernance, a feuille de route."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.search import index

from portal.core.enums import ContentKind
from portal.core.pages import ContentPage
from portal.core.seo import article

from ..enums import Kind


class DossierPage(ContentPage):
    """What an accepted dossier says in public, as it was when it was published.

    Made, changed and taken down by ``dossiers.services.publication`` only; editors of the space may add an
    introduction, an image and a body. ``content`` is what the form says in public::

        {"parts": [{"label", "text", "headers": [], "rows": [[]]}],
         "perimeter": [{"key", "name", "level", "population", "communes"}],
         "departements": ["40"], "files": ["<StoredFile id>"], "lead": "the one that was made"}
    """

    fact_kind = ContentKind.DOSSIER
    template = "dossiers/territory/dossier_page.html"
    parent_page_types = ["pages.TerritoryPage"]
    subpage_types: list[str] = []
    is_creatable = False

    kind = models.CharField("nature", max_length=20, choices=Kind.choices, editable=False)
    number = models.CharField("numéro", max_length=30, editable=False)
    organisation_name = models.CharField("porteur", max_length=300, editable=False)
    accepted_on = models.DateField("acceptée le", editable=False)
    content = models.JSONField(default=dict, editable=False)
    #: What search finds of ``content``.
    words = models.TextField(blank=True, editable=False)

    content_panels = [
        HelpPanel(
            "Cette page reprend un dossier accepté : ce qui vient du dossier ne se modifie pas ici. Le service "
            "instructeur la retire ou la met à jour depuis le dossier."
        ),
        *ContentPage.content_panels,
        MultiFieldPanel([FieldPanel("territory", read_only=True)], heading="Classement"),
    ]
    search_fields = [
        *ContentPage.search_fields,
        index.SearchField("organisation_name"),
        index.SearchField("words"),
    ]

    class Meta:
        verbose_name = "gouvernance ou feuille de route"
        verbose_name_plural = "gouvernances et feuilles de route"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """``parts``, ``perimeter``, ``files`` (clean ones only) and ``drawing``, the map. One query more."""
        from ..territory.publishing import shown

        return super().get_context(request, *args, **kwargs) | shown(self)

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        return article(self, request, kind="Article")
