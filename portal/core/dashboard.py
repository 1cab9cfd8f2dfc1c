"""What « Mon espace » shows of each app. Each registers its own cards in ``AppConfig.ready``::

    from portal.core.dashboard import register_card

    register_card(key="reviews", title="À relire", zone=Zone.WAITING, order=10, loader="pages.dashboard.reviews")

``loader(user=…)`` returns a :class:`CardContent`, or None where the card does not concern the person (their role, their
rights). It takes a constant number of queries, few, and shows only what the person may see: the screen filters nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.module_loading import import_string

from portal.accounts.models import User


class Zone(StrEnum):
    """The parts of the screen, from top to bottom."""

    WAITING = "waiting"
    MINE = "mine"
    FOLLOWED = "followed"

    @property
    def heading(self) -> str:
        return {"waiting": "Ce qui vous attend", "mine": "Vos contenus", "followed": "Ce que vous suivez"}[self.value]


@dataclass(frozen=True)
class Entry:
    """A line of a card. ``url`` may be empty; ``badge`` is a state, in a word or two; ``moment`` is shown as a date."""

    title: str
    url: str = ""
    detail: str = ""
    badge: str = ""
    moment: datetime | None = None


@dataclass(frozen=True)
class CardContent:
    """What a card shows: a number (None: none), a few lines, where the rest is, and what is said where all is done."""

    entries: Sequence[Entry] = field(default_factory=list)
    count: int | None = None
    url: str = ""
    link: str = ""
    empty: str = ""


Loader = Callable[..., CardContent | None]


@dataclass(frozen=True)
class Card:
    key: str
    title: str
    zone: Zone
    order: int
    loader: Loader | str


@dataclass(frozen=True)
class LoadedCard:
    """A card with its content, ready for a template."""

    card: Card
    content: CardContent


_cards: dict[str, Card] = {}


def register_card(*, key: str, title: str, zone: Zone, order: int, loader: Loader | str) -> None:
    """Declare a card; ``loader`` may be a dotted path, imported at first use. A key registered again replaces."""
    _cards[key] = Card(key, title, zone, order, loader)


def load_cards(user: User) -> dict[Zone, list[LoadedCard]]:
    """The cards that concern ``user``, by zone, each zone in order; a zone without cards is left out."""
    found: dict[Zone, list[LoadedCard]] = {}
    for card in sorted(_cards.values(), key=lambda one: (list(Zone).index(one.zone), one.order, one.key)):
        loader = import_string(card.loader) if isinstance(card.loader, str) else card.loader
        content = loader(user=user)
        if content is not None:
            found.setdefault(card.zone, []).append(LoadedCard(card, content))
    return found
