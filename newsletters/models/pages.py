"""« Lettres d'information » of a space."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from portal.core.enums import ContentKind
from portal.core.fields import StreamField
from portal.core.pages import BasePage
from portal.territories.enums import Level

from .. import selectors
from ..letters import previews
from ..letters.blocks import LetterBodyBlock
from ..letters.page_form import LetterPageForm
from ..letters.panels import LetterChecksPanel
from .digests import Digest
from .lists import MailingList


class LetterIndexPage(BasePage):
    """The public lists of a space and the letters that appeared there. Subscribing has its own address: this page
    carries no token and stays in the page cache.
    """

    template = "newsletters/letter_index_page.html"
    subpage_types = ["newsletters.NewsletterPage"]

    class Meta:
        verbose_name = "rubrique de lettres"
        verbose_name_plural = "rubriques de lettres"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        territory = self.space.territory if self.space else None
        context["lists"] = selectors.lists_of(territory)
        is_national = territory is None or territory.level == Level.NATION
        context["is_national"] = is_national
        context["regions"] = selectors.territory_lists() if is_national else []
        from .. import archive

        context["letters"] = archive.page_of(
            archive.appeared().filter(path__startswith=self.path, depth=self.depth + 1), request
        )
        context["above"] = [] if territory is None or is_national else selectors.lists_above(territory)
        return context


class NewsletterPage(BasePage):
    """A letter: written as a page, sent by campaigns, kept on the web."""

    fact_kind = ContentKind.LETTER
    template = "newsletters/newsletter_page.html"
    parent_page_types = ["newsletters.LetterIndexPage"]
    subpage_types: list[str] = []

    subject = models.CharField("objet", max_length=150, blank=True, help_text="Vide : le titre de la page.")
    preheader = models.CharField(
        "texte d’aperçu", max_length=150, blank=True, help_text="Ce que la boîte aux lettres montre après l’objet."
    )
    # Whose archive it stands in, and whose name it bears.
    list = models.ForeignKey(
        MailingList, models.PROTECT, null=True, blank=True, related_name="letters", verbose_name="liste"
    )
    body = StreamField(LetterBodyBlock(), blank=True, verbose_name="contenu")
    digest = models.ForeignKey(Digest, models.SET_NULL, null=True, blank=True, related_name="letters", editable=False)

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("subject"), FieldPanel("preheader"), FieldPanel("list")], heading="Envoi"),
        FieldPanel("body"),
        LetterChecksPanel(heading="Vérifications"),
    ]
    base_form_class = LetterPageForm
    default_preview_size = "desktop"

    class Meta:
        verbose_name = "lettre"
        verbose_name_plural = "lettres"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # These read the models.
        from .. import archive
        from ..enums import Visibility
        from ..letters.web import web_tree

        context = super().get_context(request, *args, **kwargs)
        one = self.list
        is_public = one is not None and one.visibility == Visibility.PUBLIC and one.archived_at is None
        context["archive"] = one if is_public else None
        context["letter"] = web_tree(self)
        context["previous"], context["following"] = archive.beside(self)
        return context

    @property
    def preview_modes(self) -> Sequence[tuple[str, str]]:
        return previews.MODES

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        """As a mailbox shows it, but for the page of the portal."""
        if mode_name == previews.WEB:
            return super().serve_preview(request, "")
        return previews.preview(self, request, mode_name)
