"""A letter as an example person would receive it: for previews and for its weight."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape as escape_html
from typing import Final

from django.conf import settings

from ..sending import marks

PREVIEW_VALUES: Final[Mapping[str, str]] = {
    "nom": "Camille Exemple",
    "organisation": "Médiathèque d’exemple",
    "territoire": "Landes",
    "liste": "Lettre d’exemple",
}
_TOKEN: Final = "0" * 38


def fill(text: str, *, escape: bool, values: Mapping[str, str] = PREVIEW_VALUES, links: Mapping[int, str] = {}) -> str:
    """``text`` with values in place of its marks. ``links`` by position: where a link leads; one that is missing
    leads to an address as long as the real one. No pixel.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name == marks.PIXEL:
            return ""
        if name == marks.LINK:
            shown = links.get(int(match[2] or 0), f"{settings.SITE_URL}/l/00000/{_TOKEN}/")
        elif name == marks.UNSUBSCRIBE:
            shown = f"{settings.SITE_URL}/lettres/quitter/{_TOKEN}/"
        elif name == marks.PREFERENCES:
            shown = f"{settings.SITE_URL}/lettres/preferences/{_TOKEN}/"
        else:
            shown = values.get(name) or match[3] or ""
        return escape_html(shown) if escape else shown

    return marks.MARK.sub(value, text)
