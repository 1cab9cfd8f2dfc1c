"""The plain text of every page, which extracts are cut from whatever the engine."""

from __future__ import annotations

from django.db import models
from wagtail.models import Page


class PageText(models.Model):
    """What a reader may read of a page besides its title, without markup. Written when the page is indexed."""

    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="search_text")
    text = models.TextField(blank=True)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"Texte de la page {self.page_id}"
