"""DSFR components as StreamField blocks (docs/streamfield.md).

Reading a whole body costs a number of queries that depends on which kinds of block it has, never on how many.
"""

from .body import BodyBlock, SimpleBodyBlock
from .links import LinkBlock
from .media import DescribedImageBlock
from .pages import card_pages
from .text import CleanRichTextBlock

__all__ = ["BodyBlock", "CleanRichTextBlock", "DescribedImageBlock", "LinkBlock", "SimpleBodyBlock", "card_pages"]
