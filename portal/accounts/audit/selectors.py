"""Reading the log: pages' lines and all others as one list, newest first, without a sort of the whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from portal.core.listing.paging import MAX_PAGE

from ..models import User
from .append_only import LOGS

PER_PAGE = 50
#: Lines that may be turned through; beyond, filters are the way.
MOST = PER_PAGE * MAX_PAGE
Entry: TypeAlias = Any  # A PageLogEntry or a ModelLogEntry.


class Entries(Sequence[Any]):
    """The lines that answer ``found`` (an :class:`AuditForm`'s values). Its length is at most :data:`MOST`.

    Each log is read along its index on time, no further than the page asked for needs: two queries to count, two for
    the order, two for the lines, whatever there is.
    """

    def __init__(self, found: dict[str, Any]) -> None:
        self.querysets: list[QuerySet[Any]] = [filtered(model.objects.all(), found) for model in LOGS]

    def __len__(self) -> int:
        return min(MOST, sum(rows.order_by().values("pk")[:MOST].count() for rows in self.querysets))

    def __getitem__(self, wanted: Any) -> list[Entry]:
        start, stop = wanted.start or 0, min(wanted.stop, MOST)
        order = [
            (at, which, pk)
            for which, rows in enumerate(self.querysets)
            for at, pk in rows.order_by("-timestamp", "-pk").values_list("timestamp", "pk")[:stop]
        ]
        shown = sorted(order, reverse=True)[start:stop]
        lines: dict[tuple[int, int], Entry] = {}
        for which, model in enumerate(LOGS):
            keys = [pk for _, index, pk in shown if index == which]
            for row in model.objects.filter(pk__in=keys).select_related("user", "content_type").order_by("pk"):
                lines[which, row.pk] = row
        return [lines[which, pk] for _, which, pk in shown if (which, pk) in lines]

    def newest(self, most: int) -> Iterator[Entry]:
        """Up to ``most`` lines for an export, newest first: both logs read in step, little in memory."""
        streams = [
            rows.select_related("user", "content_type").order_by("-timestamp", "-pk")[:most].iterator(chunk_size=500)
            for rows in self.querysets
        ]
        heads = [next(stream, None) for stream in streams]
        for _ in range(most):
            waiting = [(head.timestamp, which) for which, head in enumerate(heads) if head is not None]
            if not waiting:
                return
            which = max(waiting)[1]
            line = heads[which]
            assert line is not None
            yield line
            heads[which] = next(streams[which], None)


def filtered(rows: QuerySet[Any], found: dict[str, Any]) -> QuerySet[Any]:
    """``rows`` of one log that answer the form's values. No query."""
    if since := found.get("since"):
        rows = rows.filter(timestamp__gte=moment(since))
    if until := found.get("until"):
        rows = rows.filter(timestamp__lt=moment(until + dt.timedelta(days=1)))
    if action := found.get("action"):
        rows = rows.filter(action=action)
    if thing := found.get("thing"):
        rows = rows.filter(label__icontains=thing)
    if person := found.get("person"):
        named = User.objects.annotate(full=Concat("first_name", Value(" "), "last_name")).filter(
            Q(email__icontains=person) | Q(full__icontains=person)
        )
        rows = rows.filter(user__in=named.order_by().values("pk"))
    return rows


def moment(day: dt.date) -> dt.datetime:
    """Midnight at the beginning of ``day``, in the portal's time zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
