"""A letter as it is sent: subject, preheader, HTML and text with marks, links and pages inside (docs/letters.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import html, plain
from .notes import Note
from .tree import Link as RenderedLink
from .tree import build

if TYPE_CHECKING:
    from ..models import NewsletterPage

__all__ = ["RenderedLetter", "RenderedLink", "render"]


@dataclass(frozen=True)
class RenderedLetter:
    """``links``: the followed addresses by position, from 1. ``pages``: those inside, with the revision shown.

    ``notes``: what was found wrong while writing (a page gone, a link that leads nowhere), for the checks.
    """

    subject: str
    preheader: str
    html: str
    text: str
    links: list[RenderedLink] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def render(letter: NewsletterPage) -> RenderedLetter:
    """``letter`` as it stands, saved or not. Writes nothing but renditions of images that are missing.

    What is not public any more is left out and noted.
    """
    tree = build(letter)
    return RenderedLetter(
        subject=tree.subject,
        preheader=tree.preheader,
        html=html.write(tree),
        text=plain.write(tree),
        links=tree.links,
        pages=tree.pages,
        notes=tree.notes,
    )
