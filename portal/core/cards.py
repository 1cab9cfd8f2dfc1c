"""What a list reads of a page: the columns its card shows, and no other.

A page with its fact, its territory and its image is a row of a hundred columns, which Django names, orders, fetches and
turns into objects one by one: most of the cost of a list. Whoever shows one more column on a card names it in ``more``;
a column forgotten costs a query a card, which the tests of lists see.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet
from wagtail.models import Page

P = TypeVar("P", bound=Page)

#: Of a page of content: its address and what ``partials/card.html`` shows.
CARD = ("title", "url_path", "lead", "image", "image_alt", "image_decorative")
FACT = ("fact__kind", "fact__visible", "fact__date", "fact__territory__level", "fact__territory__name")


def card_rows(pages: QuerySet[P], *more: str) -> QuerySet[P]:
    """``pages`` of content with what a card shows, and the columns named in ``more``. Images are fetched apart, by
    :func:`portal.core.images.prefetch_card_images`.
    """
    return pages.select_related("fact__territory").only(*CARD, *FACT, *more)
