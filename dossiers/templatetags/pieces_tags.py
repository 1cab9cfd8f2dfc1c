"""Fields of pieces in templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

from ..models import PieceVersion
from ..pieces.panels import PiecePanel, ShownFile, shown
from ..pieces.uploads import LARGE

register = template.Library()


@register.simple_tag
def piece_of(pieces: Mapping[str, PiecePanel], key: str) -> PiecePanel | None:
    """The field ``key`` of ``pieces`` (:func:`dossiers.pieces.panels.panels`)."""
    return pieces.get(key)


@register.simple_tag
def large_file() -> int:
    """Bytes from which on a file is sent in parts."""
    return LARGE


@register.inclusion_tag("dossiers/pieces/_files.html")
def piece_files(versions: Iterable[PieceVersion], user: Any) -> dict[str, list[ShownFile]]:
    """``{% piece_files row.files user %}``: files as either side reads them, with a link where they may be had."""
    return {"files": shown(versions, user)}
