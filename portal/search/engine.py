"""What the search page asks of an engine, whichever it is, and the answer it gets.

An engine is the default modelsearch backend; each of ours has ``find_pages(Query) -> Found`` and
``complete_pages(words, limit) -> [page id]``. Both see nothing but pages whose fact is visible.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Protocol

from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils import timezone
from modelsearch.backends import get_search_backend
from wagtail.models import Page

from .text import query_groups

PAGE_SIZE = 10
MAX_RESULTS = 500  # Nobody reads further: beyond, the page says to narrow the search.
MAX_SUGGESTIONS = 8
RELEVANCE, DATE = "pertinence", "date"


class SearchUnavailableError(Exception):
    """The engine does not answer. Nothing else of the site depends on it."""


@dataclass(frozen=True)
class Query:
    """``words`` as typed; ``kinds`` are those of page facts, none means all; ``territory`` and ``themes`` are ids.

    ``today`` is the start of the day: events before it are past, and come after everything else by relevance.
    """

    words: str
    kinds: tuple[str, ...] = ()
    territory: int | None = None
    themes: tuple[int, ...] = ()
    sort: str = RELEVANCE
    start: int = 0
    size: int = PAGE_SIZE
    operator: str = "and"
    today: datetime = field(
        default_factory=lambda: timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    )


@dataclass
class Found:
    """``ids`` of the pages asked for, in order; ``counts`` by kind, whatever kinds were asked for."""

    ids: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    relaxed: bool = False

    def total(self, kinds: tuple[str, ...] = ()) -> int:
        return sum(count for kind, count in self.counts.items() if not kinds or kind in kinds)


class Engine(Protocol):
    def find_pages(self, query: Query) -> Found: ...

    def complete_pages(self, words: str, limit: int) -> list[int]: ...


@cache
def engine() -> Engine:
    """The engine in use; kept, for a client of a search server holds connections."""
    return get_search_backend("default")


@receiver(setting_changed)
def _forget_engine(setting: str, **kwargs: object) -> None:
    if setting == "WAGTAILSEARCH_BACKENDS":
        engine.cache_clear()


def find(query: Query) -> Found:
    """What matches every word; failing that, what matches some of them (``relaxed``).

    Raises :class:`SearchUnavailableError`.
    """
    groups = query_groups(query.words)
    if not groups:
        return Found()
    found = engine().find_pages(query)
    if not found.counts and len(groups) > 1 and query.operator == "and":
        found = engine().find_pages(replace(query, operator="or"))
        found.relaxed = bool(found.counts)
    return found


def pages_by_id(ids: list[int]) -> list[Page]:
    """The pages of ``ids`` in that order, with fact and text. Checks visibility again: an index may lag. One query."""
    pages = {
        page.pk: page
        for page in Page.objects.filter(pk__in=ids, fact__visible=True)
        .select_related("fact__territory", "fact__space__territory", "search_text")
        .order_by("pk")
    }
    return [pages[pk] for pk in ids if pk in pages]


def suggest(words: str, limit: int = MAX_SUGGESTIONS) -> list[Page]:
    """Visible pages whose title has words beginning with those typed. Raises :class:`SearchUnavailableError`."""
    if len(words.strip()) < 2:
        return []
    return pages_by_id(engine().complete_pages(words, limit))
