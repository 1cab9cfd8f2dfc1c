"""A letter as a page of the portal: the tree its mail is written from, with links that lead where they do."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Final

from django.conf import settings

from ..sending import marks
from .images import Picture
from .tree import Builder, Tree

if TYPE_CHECKING:
    from ..models import NewsletterPage

# What mail programs need and the portal's policy forbids (docs/letters.md).
_STYLE: Final = re.compile(r' style="[^"]*"')


class WebBuilder(Builder):
    """Only what the page shows: the site has its own name and foot."""

    def _read_identity(self) -> None:
        return

    def _foot(self) -> None:
        return


def web_tree(letter: NewsletterPage) -> Tree:
    """The letter without marks: variables have their defaults, links their own addresses, those of the portal as paths.

    What is not public any more is left out, as in the mail.
    """
    tree = WebBuilder(letter).build()
    links = {link.position: _path(link.url) for link in tree.links}

    def shown(match: re.Match[str]) -> str:
        return escape(links.get(int(match[2]), "")) if match[1] == marks.LINK else escape(match[3] or "")

    for node in tree.nodes:
        node.rich.html = marks.MARK.sub(shown, _STYLE.sub("", node.rich.html))
        node.target.url = _path(node.target.url)
        node.picture = _here(node.picture)
        for card in node.cards:
            card.target.url, card.picture = _path(card.target.url), _here(card.picture)
    return tree


def _here(picture: Picture | None) -> Picture | None:
    return replace(picture, url=_path(picture.url)) if picture else None


def _path(url: str) -> str:
    """An address of the portal as a path; any other as it is."""
    start = f"{settings.SITE_URL}/"
    return url[len(start) - 1 :] if url.startswith(start) else url
