"""A month of the agenda, as the rows and cells of a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from .text import day_text, month_text

if TYPE_CHECKING:
    from .models import Occurrence
    from .models.occurrences import OccurrenceQuerySet


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month. Months within ``BEFORE`` and ``AFTER`` months of today are browsable: robots find an end."""

    year: int
    number: int

    BEFORE: ClassVar[int] = 60
    AFTER: ClassVar[int] = 36
    LIMIT: ClassVar[int] = 10_000

    @classmethod
    def parse(cls, key: str) -> Month | None:
        """The month of « 2026-12 », or None."""
        match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", key)
        if match is None or not 1 <= int(match[2]) <= 12 or int(match[1]) < 1900:
            return None
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def _at(cls, index: int) -> Month:
        return cls(index // 12, index % 12 + 1)

    @property
    def _index(self) -> int:
        return self.year * 12 + self.number - 1

    @property
    def key(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1)

    @property
    def previous(self) -> Month:
        return self._at(self._index - 1)

    @property
    def next(self) -> Month:
        return self._at(self._index + 1)

    def is_near(self, today: date) -> bool:
        return -self.BEFORE <= self._index - Month.of(today)._index <= self.AFTER

    def __str__(self) -> str:
        return month_text(self.first_day)


@dataclass(frozen=True)
class Cell:
    """A day of the table, with what takes place on it: the first of them, and how many ``more`` there are."""

    day: date
    in_month: bool
    is_today: bool
    shown: list[Occurrence]
    more: int = 0

    SHOWN: ClassVar[int] = 4

    @property
    def text(self) -> str:
        return day_text(self.day)


@dataclass(frozen=True)
class Week:
    number: int
    cells: list[Cell]

    @property
    def is_empty(self) -> bool:
        return not any(cell.shown for cell in self.cells)


def _by_day(month: Month, occurrences: Iterable[Occurrence]) -> dict[date, list[Occurrence]]:
    by_day: dict[date, list[Occurrence]] = {}
    first_day, last_day = month.first_day, month.last_day
    for occurrence in occurrences:
        day, last = max(occurrence.start_date, first_day), min(occurrence.last_day, last_day)
        while day <= last:
            by_day.setdefault(day, []).append(occurrence)
            day += timedelta(days=1)
    return by_day


@dataclass(frozen=True)
class MonthDates:
    """What a month holds: ``shown``, enough to fill each cell, in order; ``of_one_day``, how many of a single day each
    day has; ``longer``, those of several days.
    """

    shown: list[Occurrence]
    of_one_day: dict[date, int]
    longer: list[Occurrence]

    @property
    def count(self) -> int:
        return sum(self.of_one_day.values()) + len(self.longer)


def read_month(month: Month, items: OccurrenceQuerySet) -> MonthDates:
    """What ``items`` has in ``month``. Three queries: thousands may fall in a month, and they are counted by the
    database; only those that a cell shows are read.
    """
    items = items.on_days(month.first_day, month.last_day).order_by()
    single = items.filter(start_date=F("last_day"))
    rank = Window(RowNumber(), partition_by=["start_date"], order_by=["starts_at", "pk"])
    first = single.annotate(rank=rank).filter(rank__lte=Cell.SHOWN).for_month()
    longer = list(items.filter(start_date__lt=F("last_day")).for_month().order_by("starts_at", "pk")[: Month.LIMIT])
    shown = sorted([*first, *longer], key=lambda occurrence: (occurrence.starts_at, occurrence.pk))
    counts = single.values_list("start_date").annotate(number=Count("pk"))
    return MonthDates(shown, dict(counts), longer)


def month_grid(month: Month, dates: MonthDates, today: date) -> list[Week]:
    """The weeks of the month, Monday first; an occurrence of several days is in each of its cells."""
    by_day, longer = _by_day(month, dates.shown), _by_day(month, dates.longer)
    weeks, monday = [], month.first_day - timedelta(days=month.first_day.weekday())
    while monday <= month.last_day:
        cells = []
        for day in (monday + timedelta(days=offset) for offset in range(7)):
            shown = by_day.get(day, [])[: Cell.SHOWN]
            number = (dates.of_one_day.get(day, 0) + len(longer.get(day, []))) if Month.of(day) == month else 0
            cells.append(Cell(day, Month.of(day) == month, day == today, shown, max(0, number - len(shown))))
        weeks.append(Week(monday.isocalendar().week, cells))
        monday += timedelta(days=7)
    return weeks
