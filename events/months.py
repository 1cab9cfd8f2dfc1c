"""A month of the agenda, as the rows and cells of a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from .text import day_text, month_text

if TYPE_CHECKING:
    from .models import Occurrence


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
    """A day of the table, with what takes place on it."""

    day: date
    in_month: bool
    is_today: bool
    occurrences: list[Occurrence]

    SHOWN: ClassVar[int] = 4

    @property
    def text(self) -> str:
        return day_text(self.day)

    @property
    def shown(self) -> list[Occurrence]:
        return self.occurrences[: self.SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.occurrences) - self.SHOWN)


@dataclass(frozen=True)
class Week:
    number: int
    cells: list[Cell]

    @property
    def is_empty(self) -> bool:
        return not any(cell.occurrences for cell in self.cells)


class OnDays(Protocol):
    """An occurrence, or a row of its days."""

    pk: Any
    start_date: Any
    last_day: Any


T = TypeVar("T", bound=OnDays)


def _by_day(month: Month, occurrences: Iterable[T]) -> dict[date, list[T]]:
    by_day: dict[date, list[T]] = {}
    first_day, last_day = month.first_day, month.last_day
    for occurrence in occurrences:
        day, last = max(occurrence.start_date, first_day), min(occurrence.last_day, last_day)
        while day <= last:
            by_day.setdefault(day, []).append(occurrence)
            day += timedelta(days=1)
    return by_day


def shown_in(month: Month, rows: Iterable[OnDays]) -> set[int]:
    """Which of ``rows`` the cells of the month show; the others are only counted."""
    return {row.pk for rows_of_day in _by_day(month, rows).values() for row in rows_of_day[: Cell.SHOWN]}


def month_grid(month: Month, occurrences: Iterable[Occurrence], today: date) -> list[Week]:
    """The weeks of the month, Monday first; an occurrence of several days is in each of its cells."""
    by_day = _by_day(month, occurrences)
    weeks, monday = [], month.first_day - timedelta(days=month.first_day.weekday())
    while monday <= month.last_day:
        days = [monday + timedelta(days=offset) for offset in range(7)]
        cells = [Cell(day, Month.of(day) == month, day == today, by_day.get(day, [])) for day in days]
        weeks.append(Week(monday.isocalendar().week, cells))
        monday += timedelta(days=7)
    return weeks
