"""« Lettres d'information » of a space."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from portal.core.pages import BasePage
from portal.territories.enums import Level

from .. import selectors


class LetterIndexPage(BasePage):
    """The public lists of a space and, later, the letters they sent. Subscribing has its own address: this page
    carries no token and stays in the page cache.
    """

    template = "newsletters/letter_index_page.html"
    subpage_types: list[str] = []

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
        context["above"] = [] if territory is None or is_national else selectors.lists_above(territory)
        return context
