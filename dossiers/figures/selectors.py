"""Counting dossiers: states, delays, complements, amounts; as a whole, by type, by territory, by month.

A constant number of queries, whatever there is to count. Delays are in days:

- **total**: from the deposit to the decision in force;
- **own** (« hors compléments »): the same without the time during which the organisation was waited for, nor the time
  between a decision and the reopening that made it lapse.

Both are of decided dossiers (accepted, refused, closed without follow-up); withdrawn ones have none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Final

from django.db.models import (
    Case,
    Count,
    DecimalField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.territories.models import Territory

from ..enums import FINAL, DecisionState, EventKind, State
from ..instruction.selectors import WAITING
from ..models import ComplementRequest, Decision, Dossier, DossierEvent, DossierType, Envelope
from .expressions import Percentiles, Seconds, lasted
from .scope import Scope, midnight, place_at

DAY: Final = 86_400
DECIDED: Final = sorted(FINAL)
MOST_MONTHS: Final = 36
USUAL_MONTHS: Final = 12
DELAYS: Final = ("total", "own")


@dataclass(frozen=True)
class Delay:
    """Days: half of the decided dossiers took at most ``median``, nine in ten at most ``p90``."""

    median: float
    p90: float


@dataclass(frozen=True)
class Measures:
    """What is counted of some dossiers. Amounts in euros, None where no dossier has one."""

    deposited: int = 0
    to_take: int = 0
    instructed: int = 0
    incomplete: int = 0
    accepted: int = 0
    refused: int = 0
    dropped: int = 0
    withdrawn: int = 0
    #: Decided after the day by which they should have been.
    decided_late: int = 0
    #: Still with the service after that day.
    late: int = 0
    #: Requests for complements, and the dossiers of which something was asked.
    requests: int = 0
    completed: int = 0
    requested: Decimal | None = None
    granted: Decimal | None = None
    total: Delay | None = None
    own: Delay | None = None

    @property
    def open(self) -> int:
        return self.to_take + self.instructed + self.incomplete

    @property
    def decided(self) -> int:
        return self.accepted + self.refused + self.dropped

    @property
    def turned_down(self) -> int:
        return self.refused + self.dropped

    @property
    def delays(self) -> tuple[float | None, ...]:
        """Days: total median and ninth decile, then the same of the own delay."""
        pairs = [(each.median, each.p90) if each is not None else (None, None) for each in (self.total, self.own)]
        return (*pairs[0], *pairs[1])

    @property
    def share_late(self) -> float | None:
        """Of the decided ones, 0 to 1."""
        return self.decided_late / self.decided if self.decided else None

    @property
    def requests_each(self) -> float | None:
        return self.requests / self.deposited if self.deposited else None

    @property
    def share_accepted(self) -> float | None:
        return self.accepted / self.decided if self.decided else None


def _of_dossier(rows: QuerySet[Any], value: Any) -> Coalesce:
    """``value`` over the ``rows`` of each dossier, 0 where it has none."""
    of_it = rows.filter(dossier=OuterRef("pk")).order_by().values("dossier").annotate(n=value).values("n")
    return Coalesce(Subquery(of_it), 0, output_field=IntegerField())


def _aggregates() -> dict[str, Any]:
    """One expression a field of :class:`Measures`, but for those of requests (:data:`_ASKED`)."""

    def counted(**conditions: Any) -> Count:
        return Count("pk", filter=Q(**conditions))

    requests = ComplementRequest.objects.all()
    waited = _of_dossier(requests.filter(closed_at__isnull=False), Sum(lasted("asked_at", "closed_at")))
    lapsed = Decision.objects.filter(state=DecisionState.LAPSED, lapsed_at__isnull=False)
    closed = _of_dossier(lapsed, Sum(lasted("signed_at", "lapsed_at")))
    whole = Seconds(F("closed_at")) - Seconds(F("deposited_at"))
    money = DecimalField(max_digits=20, decimal_places=2)
    decided = Q(state__in=DECIDED)
    return {
        "deposited": Count("pk"),
        "to_take": counted(state=State.DEPOSITED),
        "instructed": counted(state=State.INSTRUCTION),
        "incomplete": counted(state=State.INCOMPLETE),
        "accepted": counted(state=State.ACCEPTED),
        "refused": counted(state=State.REFUSED),
        "dropped": counted(state=State.DROPPED),
        "withdrawn": counted(state=State.WITHDRAWN),
        "decided_late": Count("pk", filter=decided & Q(closed_at__gt=F("due_at"))),
        "late": counted(state__in=WAITING, due_at__lt=timezone.now()),
        "requested": Sum("amount_requested", output_field=money),
        "granted": Sum("amount_granted", output_field=money),
        "total": Percentiles(whole, filter=decided),
        "own": Percentiles(whole - waited - closed, filter=decided),
    }


#: Of dossiers joined with their requests: apart, since a join counts a dossier once a request.
_ASKED: Final = {"requests": Count("requests"), "completed": Count("pk", distinct=True)}


def _measures(row: dict[str, Any]) -> Measures:
    given = {each.name: row[each.name] for each in fields(Measures) if each.name in row}
    for name in DELAYS:
        if given[name] is not None:
            given[name] = Delay(*(max(0.0, seconds) / DAY for seconds in given[name]))
    return Measures(**given)


def measure(dossiers: QuerySet[Dossier]) -> Measures:
    """Of all ``dossiers``. Two queries."""
    dossiers = dossiers.order_by()
    asked = dossiers.filter(requests__isnull=False).aggregate(**_ASKED)
    return _measures(dossiers.aggregate(**_aggregates()) | asked)


def measure_by(dossiers: QuerySet[Dossier], **by: Any) -> dict[Any, Measures]:
    """By the value of the expression ``by``, or the tuple of their values where there are several. Two queries."""
    rows: Any = dossiers.order_by().annotate(**by).values(*by)
    found: dict[Any, dict[str, Any]] = {_key(row, by): row for row in rows.annotate(**_aggregates())}
    for row in rows.filter(requests__isnull=False).annotate(**_ASKED):
        if (key := _key(row, by)) in found:  # Another's deposit may come between the two queries.
            found[key] |= row
    return {key: _measures(row) for key, row in found.items()}


def _key(row: dict[str, Any], by: dict[str, Any]) -> Any:
    values = tuple(row[name] for name in by)
    return values if len(values) > 1 else values[0]


def together(dossiers: QuerySet[Dossier], parts: Iterable[Measures]) -> Measures:
    """What ``parts`` are together, of which ``dossiers`` are all: the same as :func:`measure`, for less. One query, for
    the delays alone, which do not add up."""
    parts = list(parts)
    wanted = {name: each for name, each in _aggregates().items() if name in DELAYS}
    found: dict[str, Any] = dossiers.order_by().aggregate(**wanted)
    for each in fields(Measures):
        if each.name not in DELAYS:
            known = [value for value in (getattr(part, each.name) for part in parts) if value is not None]
            found[each.name] = sum(known) if known or each.default == 0 else None
    return _measures(found)


def type_of() -> Coalesce:
    """The number of a dossier's type, to count by. Not the bare column: SQLite would go through the index of the types,
    in their order, and read a desk's dossiers of every service (three times the time for a région)."""
    return Coalesce(F("type_id"), Value(0))


@dataclass(frozen=True)
class TypeRow:
    type: DossierType
    measures: Measures


def by_type(scope: Scope) -> list[TypeRow]:
    """The types of which there is something, by name. Three queries."""
    found = measure_by(scope.dossiers(), figured_type=type_of())
    types = DossierType.objects.filter(pk__in=found).defer("form").order_by("title", "pk")
    return [TypeRow(each, found[each.pk]) for each in types]


@dataclass(frozen=True)
class PlaceRow:
    """``territory`` None: the dossiers about something wider than the level that is counted by."""

    territory: Territory | None
    measures: Measures


def by_place(scope: Scope, level: str) -> list[PlaceRow]:
    """The territories of ``level`` of which there is something, by name, what is wider last. Three queries.

    Each dossier is in one row: they add up to the whole.
    """
    found = measure_by(scope.dossiers(), figured_place=place_at(level))
    places = Territory.objects.filter(pk__in=[pk for pk in found if pk is not None]).order_by("search_name", "code")
    rows = [PlaceRow(each, found[each.pk]) for each in places]
    return [*rows, PlaceRow(None, found[None])] if None in found else rows


@dataclass(frozen=True)
class Month:
    """``first`` is its first day, in Paris."""

    first: dt.date
    deposited: int
    decided: int


def by_month(scope: Scope) -> list[Month]:
    """Deposits and decisions of each month of the period (the last 36 at most), else of the last twelve, nothing left
    out between them. Two queries."""
    months = _months(scope.since, scope.until)
    start, end = midnight(months[0]), midnight(_next(months[-1]))
    dossiers = scope.dossiers()

    def counts(column: str, rows: QuerySet[Dossier]) -> dict[dt.date, int]:
        rows = rows.filter(**{f"{column}__gte": start, f"{column}__lt": end})
        # The newest first: most are there.
        bounds = [
            When(**{f"{column}__gte": midnight(first)}, then=Value(number))
            for number, first in reversed(list(enumerate(months)))
        ]
        which = Case(*bounds, default=None, output_field=IntegerField())
        found = rows.annotate(figured_month=which).values("figured_month").annotate(n=Count("pk"))
        return {months[row["figured_month"]]: row["n"] for row in found}

    deposited = counts("deposited_at", dossiers)
    decided = counts("closed_at", dossiers.filter(state__in=DECIDED))
    return [Month(first, deposited.get(first, 0), decided.get(first, 0)) for first in months]


def _next(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=32)).replace(day=1)


def _months(since: dt.date | None, until: dt.date | None) -> list[dt.date]:
    """Their first days, in order; at least one."""
    today = timezone.localdate()
    last = min(max(until or today, dt.date(1900, 1, 1)), dt.date(2199, 12, 31)).replace(day=1)
    most = MOST_MONTHS if since is not None else USUAL_MONTHS
    earliest = since.replace(day=1) if since is not None else dt.date.min
    months = [last]
    while len(months) < most and months[0] > earliest:
        months.insert(0, (months[0] - dt.timedelta(days=1)).replace(day=1))
    return months


@dataclass(frozen=True)
class Aside:
    """What no measure holds: dossiers that were reopened, and those in the bin, which count nowhere else."""

    reopened: int
    binned: int


def aside(scope: Scope) -> Aside:
    """Two queries."""
    reopened = DossierEvent.objects.filter(kind=EventKind.REOPENED, dossier__in=scope.dossiers().values("pk"))
    return Aside(reopened.order_by().values("dossier").distinct().count(), scope.binned().count())


def envelopes(scope: Scope) -> list[Envelope]:
    """The enveloppes of the desk's services in the place, of the years of the period (this one without a period), with
    their type and territory. One query."""
    found = Envelope.objects.select_related("territory", "type").defer("type__form")
    if not scope.desk.everywhere:
        found = found.filter(territory__in=scope.desk.service_ids)
    if scope.type is not None:
        found = found.filter(type=scope.type.pk)
    if scope.place is not None and scope.place.level != "nation":
        # An enveloppe is of a département at the least: what lies in an intercommunalité has none of its own.
        inside = Q(territory=scope.place.pk)
        if scope.place.level == "region":
            inside |= Q(territory__region=scope.place.pk)
        found = found.filter(inside)
    year = timezone.localdate().year
    first = scope.since.year if scope.since else (scope.until.year if scope.until else year)
    last = scope.until.year if scope.until else max(year, first)
    found = found.filter(year__gte=first, year__lte=last)
    return list(found.order_by("-year", "type__title", "territory__search_name", "pk"))


@dataclass(frozen=True)
class EnvelopeSum:
    """The enveloppes of a type in a year, together. Euros."""

    type: DossierType
    year: int
    number: int
    ceiling: Decimal
    committed: Decimal

    @property
    def left(self) -> Decimal:
        return self.ceiling - self.committed

    @property
    def share(self) -> float | None:
        return float(self.committed / self.ceiling) if self.ceiling else None


def sums(found: Iterable[Envelope]) -> list[EnvelopeSum]:
    """No query."""
    groups: dict[tuple[int, int], list[Envelope]] = {}
    for each in found:
        groups.setdefault((each.type_id, each.year), []).append(each)
    return [
        EnvelopeSum(
            type=rows[0].type,
            year=year,
            number=len(rows),
            ceiling=sum((row.ceiling for row in rows), Decimal(0)),
            committed=sum((row.committed for row in rows), Decimal(0)),
        )
        for (_, year), rows in groups.items()
    ]
