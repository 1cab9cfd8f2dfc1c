"""The kinds of content the bench makes."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from pages.models import InitiativePage, NewsPage


def _body() -> list[dict[str, Any]]:
    return [{"type": "text", "value": "<p>Un paragraphe de contenu, comme un éditeur en écrit.</p>" * 4}]


def _nothing(ids: list[int], rng: random.Random) -> None:
    """Nothing to add to the pages."""


@dataclass(frozen=True)
class Kind:
    """``share`` of the pages go to the ``section`` of the spaces."""

    name: str
    section: str
    model: type[Page]
    share: float
    fields: Callable[[random.Random], dict[str, Any]]
    after: Callable[[list[int], random.Random], None] = _nothing


KINDS = [
    Kind("actualite", "actualites", NewsPage, 0.5, lambda rng: {"body": _body(), "echelon": "local"}),
    Kind("initiative", "initiatives", InitiativePage, 0.1, lambda rng: {"body": _body()}),
]
