"""Addresses for search engines, by kind and by slices, straight from the page facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max, QuerySet

from portal.core.enums import ContentKind
from portal.core.models import PageFact
from portal.core.pages import BasePage

#: Addresses a file (the protocol allows 50,000; small files stay in the page cache).
SLICE: Final = 5_000
#: Files the protocol lets an index name.
MOST_FILES: Final = 50_000


def _hidden_types() -> list[int]:
    """Content types of pages that search engines are asked to leave out."""
    models = [model for model in apps.get_models() if issubclass(model, BasePage) and model.noindex]
    return [each.pk for each in ContentType.objects.get_for_models(*models).values()]


def _listed() -> QuerySet[PageFact]:
    facts = PageFact.objects.live_public()
    hidden = _hidden_types()
    return facts.exclude(page__content_type__in=hidden) if hidden else facts


def sections() -> Iterator[tuple[str, int, datetime | None]]:
    """(kind, slice from 1, last publication of the kind) of every file. One query."""
    kinds = _listed().values("kind").annotate(size=Count("pk"), last=Max("page__last_published_at")).order_by("kind")
    for row in kinds:
        for number in range(1, -(-row["size"] // SLICE) + 1):
            yield row["kind"], number, row["last"]


def addresses(kind: str, number: int, root_path: str) -> list[tuple[str, datetime | None]]:
    """(path on the site, last publication) of the pages of one file; empty where there is none. One query."""
    # A number of any length is an address: past what an offset can be, there is nothing.
    if kind not in ContentKind.values or not 1 <= number <= MOST_FILES:
        return []
    start = (number - 1) * SLICE
    rows = (
        _listed()
        .filter(kind=kind, page__url_path__startswith=root_path)
        .order_by("page_id")
        .values_list("page__url_path", "page__last_published_at")[start : start + SLICE]
    )
    return [("/" + url_path[len(root_path) :], last) for url_path, last in rows]
