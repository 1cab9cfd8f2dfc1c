"""The kinds of content the bench makes."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from events.enums import Mode
from events.models import EventDate, EventPage
from events.services import publish_all
from pages.models import InitiativePage, NewsPage
from portal.core.models import PageFact
from resources.enums import ResourceType
from resources.models import ResourcePage


def _body() -> list[dict[str, Any]]:
    return [{"type": "text", "value": "<p>Un paragraphe de contenu, comme un éditeur en écrit.</p>" * 4}]


def _nothing(ids: list[int], rng: random.Random) -> None:
    """Nothing to add to the pages."""


def _dates(ids: list[int], rng: random.Random) -> None:
    """One date an event, within the year around today, and its occurrence as publication makes it."""
    today = timezone.localdate()
    EventDate.objects.bulk_create(
        (
            EventDate(
                page_id=pk,
                key=uuid.UUID(int=rng.getrandbits(128), version=4),
                start_date=today + timedelta(days=rng.randrange(-180, 180)),
                start_time=time(14),
                end_time=time(16),
            )
            for pk in ids
        ),
        batch_size=1000,
    )
    _give_facts(ids)
    publish_all(EventPage.objects.filter(pk__in=ids))


def _give_facts(ids: list[int]) -> None:
    """A fact to each, so that what publication writes has its row; the seed computes the true ones at its end."""
    PageFact.objects.bulk_create(PageFact(page_id=pk, kind="event", date=timezone.now()) for pk in ids)


@dataclass(frozen=True)
class Kind:
    """``share`` of the pages go to the ``section`` of the spaces."""

    name: str
    section: str
    model: type[Page]
    share: float
    fields: Callable[[random.Random], dict[str, Any]]
    after: Callable[[list[int], random.Random], None] = _nothing


TYPES = ResourceType.values
KINDS = [
    Kind("actualite", "actualites", NewsPage, 0.5, lambda rng: {"body": _body(), "echelon": "local"}),
    Kind("evenement", "agenda", EventPage, 0.2, lambda rng: {"body": _body(), "mode": Mode.EN_LIGNE}, _dates),
    Kind(
        "ressource",
        "ressources",
        ResourcePage,
        0.2,
        lambda rng: {"body": _body(), "type": rng.choice(ResourceType.values)},
    ),
    Kind("initiative", "initiatives", InitiativePage, 0.1, lambda rng: {"body": _body()}),
]
