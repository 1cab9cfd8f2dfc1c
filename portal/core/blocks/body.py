"""The body of a page: which blocks there are, in which order its headings come."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError, StreamValue

from .links import ButtonsBlock, CardsBlock, TilesBlock
from .media import FigureBlock, FileBlock, GalleryBlock, MapLinkBlock, VideoBlock
from .pages import HighlightedPagesBlock
from .table import TableBlock
from .text import AccordionsBlock, AlertBlock, CalloutBlock, CleanRichTextBlock, QuoteBlock, TextBlock

_HEADING = re.compile(r"<h([2-4])\b")


class SimpleBodyBlock(blocks.StreamBlock):
    """What a column may hold."""

    text = CleanRichTextBlock(label="Texte", headings=False, icon="pilcrow")
    image = FigureBlock()
    quote = QuoteBlock()
    callout = CalloutBlock()
    buttons = ButtonsBlock()
    file = FileBlock()

    class Meta:
        max_num = 10
        template = "blocks/stream.html"


class ColumnsBlock(blocks.StructBlock):
    """« Colonnes » : two or three, one under the other on a narrow screen."""

    columns = blocks.ListBlock(SimpleBodyBlock(), label="Colonnes", min_num=2, max_num=3)

    class Meta:
        label = "Colonnes"
        icon = "grip"
        group = "Mise en page"
        template = "blocks/columns.html"
        description = "Deux ou trois colonnes de texte, d'images ou de boutons."


class BodyBlock(blocks.StreamBlock):
    """The body of a page of content.

    The page's title is its h1. The text's first heading is an h2; the titles of components are h2 before the first
    heading of the text and h3 after it (``heading`` in their templates), so that no level is skipped.
    """

    text = TextBlock()
    image = FigureBlock()
    gallery = GalleryBlock()
    quote = QuoteBlock()
    callout = CalloutBlock()
    alert = AlertBlock()
    accordions = AccordionsBlock()
    table = TableBlock()
    tiles = TilesBlock()
    cards = CardsBlock()
    buttons = ButtonsBlock()
    file = FileBlock()
    video = VideoBlock()
    map_link = MapLinkBlock()
    columns = ColumnsBlock()
    highlighted_pages = HighlightedPagesBlock()

    def clean(self, value: StreamValue) -> StreamValue:
        cleaned = super().clean(value)
        level, errors = 1, {}
        for position, child in enumerate(cleaned):
            if child.block_type != "text":
                continue
            for found in _HEADING.findall(child.value.source or ""):
                if int(found) > level + 1 and position not in errors:
                    errors[position] = ValidationError(
                        f"Un intertitre de niveau {found} suit un titre de niveau {level} : "
                        f"utilisez d'abord un intertitre de niveau {level + 1}."
                    )
                level = int(found)
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned

    def get_context(self, value: StreamValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["parts"] = parts = []
        heading = "h2"
        for child in value:
            parts.append((child, heading))
            if child.block_type == "text" and "<h2" in (child.value.source or ""):
                heading = "h3"
        return context

    class Meta:
        max_num = 80
        template = "blocks/body.html"
