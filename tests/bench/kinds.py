"""The kinds of content the bench makes."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import Page

from events.enums import Mode
from events.models import EventDate, EventPage
from events.services import publish_all
from pages.models import InitiativePage, NewsPage
from portal.core.models import PageFact, Theme
from resources.enums import FileFormat, Licence, ResourceLevel, ResourceType, TrainingCategory
from resources.models import Beneficiary, ResourceFile, ResourcePage


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


def _joined(model: type[Page], name: str, ids: list[int], choose: Callable[[], list[Any]]) -> None:
    """Join each page to what ``choose`` gives (primary keys), by the many-to-many field ``name``."""
    field: Any = model._meta.get_field(name)
    through: type[Model] = field.remote_field.through
    ours, theirs = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    rows = (through(**{ours: pk, theirs: each}) for pk in ids for each in choose())
    through._default_manager.bulk_create(rows, batch_size=1000)


def _themes(ids: list[int], rng: random.Random) -> None:
    """One to three themes a news item."""
    themes = list(Theme.objects.order_by("pk").values_list("pk", flat=True))
    _joined(NewsPage, "themes", ids, lambda: rng.sample(themes, rng.randint(1, 3)))


def _sheet(ids: list[int], rng: random.Random) -> None:
    """A resource as it is described: themes, beneficiaries, and none to two files among a few shared documents."""
    themes = list(Theme.objects.order_by("pk").values_list("pk", flat=True))
    codes = list(Beneficiary.objects.order_by("pk").values_list("pk", flat=True))
    _joined(ResourcePage, "themes", ids, lambda: rng.sample(themes, rng.randint(1, 4)))
    _joined(ResourcePage, "beneficiaries", ids, lambda: rng.sample(codes, rng.randint(0, 3)))
    documents = _documents()
    files = (
        ResourceFile(page_id=pk, document=document, format=FileFormat.of(document.filename), sort_order=order)
        for pk in ids
        for order, document in enumerate(rng.sample(documents, rng.randint(0, 2)))
    )
    ResourceFile.objects.bulk_create(files, batch_size=1000)


def _documents() -> list[Document]:
    """Rows without their files, which no page opens."""
    found = list(Document.objects.order_by("pk"))
    if not found:
        extensions = ("pdf", "odt", "ods", "odp", "zip")
        names = [f"documents/guide-{number}.{extension}" for number in range(8) for extension in extensions]
        found = Document.objects.bulk_create(Document(title=name[10:], file=name, file_size=250_000) for name in names)
    return found


@dataclass(frozen=True)
class Kind:
    """``share`` of the pages go to the ``section`` of the spaces."""

    name: str
    section: str
    model: type[Page]
    share: float
    fields: Callable[[random.Random], dict[str, Any]]
    after: Callable[[list[int], random.Random], None] = _nothing


def _news_fields(rng: random.Random) -> dict[str, Any]:
    return {"body": _body(), "echelon": "local"}


def _resource_fields(rng: random.Random) -> dict[str, Any]:
    return {
        "body": _body(),
        "type": rng.choice(ResourceType.values),
        "category": rng.choice(["", *TrainingCategory.values]),
        "level": rng.choice(["", *ResourceLevel.values]),
        "licence": rng.choice(Licence.values),
        "duration": rng.choice([None, 30, 90, 150]),
    }


KINDS = [
    Kind("actualite", "actualites", NewsPage, 0.5, _news_fields, _themes),
    Kind("evenement", "agenda", EventPage, 0.2, lambda rng: {"body": _body(), "mode": Mode.EN_LIGNE}, _dates),
    Kind("ressource", "ressources", ResourcePage, 0.2, _resource_fields, _sheet),
    Kind("initiative", "initiatives", InitiativePage, 0.1, lambda rng: {"body": _body()}),
]
