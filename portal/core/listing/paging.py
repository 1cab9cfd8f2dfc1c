"""Pages of a listing, bounded: no more rows are counted or skipped than can be turned through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.core.paginator import Page as PaginatorPage
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property

#: Pages of results one may turn, and so the rows a count or an offset reads: beyond, filters are the way.
MAX_PAGE = 100


class BoundedPaginator(Paginator):
    """A paginator that counts no further than the pages one may turn."""

    @cached_property
    def most(self) -> int:
        return MAX_PAGE * int(self.per_page)

    @cached_property
    def counted(self) -> int:
        if isinstance(self.object_list, QuerySet):
            return self.object_list.order_by().values("pk")[: self.most + 1].count()
        return len(self.object_list)

    @property
    def count(self) -> int:  # type: ignore[override]
        return min(self.counted, self.most)

    @property
    def is_capped(self) -> bool:
        """Whether there is more than what can be turned through."""
        return self.counted > self.most


class PinnedFirst(Sequence[Any]):
    """``pinned`` then ``rest`` (which leaves them out): one list for a paginator."""

    def __init__(self, pinned: list[Any], rest: QuerySet[Any]) -> None:
        self.pinned, self.rest = pinned, rest

    @cached_property
    def _length(self) -> int:
        return len(self.pinned) + self.rest.order_by().values("pk")[: MAX_PAGE * 100 + 1].count()

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, wanted: Any) -> Any:
        start, stop = wanted.start or 0, wanted.stop
        head = self.pinned[start:stop]
        shift = len(self.pinned)
        return head + list(self.rest[max(start - shift, 0) : max(stop - shift, 0)])


def page_of(request: HttpRequest, items: Any, per_page: int) -> PaginatorPage[Any]:
    """The page of ``items`` that the request asks for; 404 for a number that is none or too high."""
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) <= 9) or not 1 <= int(number) <= MAX_PAGE:
        raise Http404("Cette page de la liste n’existe pas.")
    try:
        return BoundedPaginator(items, per_page).page(int(number))
    except EmptyPage as error:
        raise Http404("Cette page de la liste n’existe pas.") from error
