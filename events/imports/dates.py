"""The dates of a series near those asked for: rules, added dates, without those excluded (RFC 5545 3.8.5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from .expansion import Budget, expand
from .parsed import ParsedEvent
from .recurrence import Rule
from .values import Length, Stamp, to_utc, to_wall
from .vevents import Draft

PER_SERIES = 1000


@dataclass(frozen=True, slots=True)
class Window:
    """The days to read, both included, where each event is held."""

    first: date
    last: date

    @classmethod
    def of(cls, days: tuple[date, date]) -> Window:
        """Those days, within the years in which a day can be added to any."""
        first, last = (min(max(day, date(1900, 1, 1)), date(8999, 12, 31)) for day in days)
        return cls(first, last)

    def place(self, event: ParsedEvent) -> int:
        """-1 when ``event`` ends before the first day, 1 when it starts after the last, else 0."""
        if event.end_date < self.first:
            return -1
        return 1 if event.start_date > self.last else 0


def as_day(draft: Draft, stamp: Stamp) -> date:
    """The day of a date-time beside all-day dates: as written, or the local one if it is midnight there."""
    if stamp.all_day or stamp.floating:
        return stamp.day
    local = to_wall(stamp.utc, draft.zones.floating)
    return local.date() if local.time() == time.min else stamp.day


class Dates:
    """Those of one series, at most :data:`PER_SERIES`."""

    def __init__(self, master: Draft, window: Window, budget: Budget) -> None:
        self.master, self.window, self.budget = master, window, budget

    def all(self) -> tuple[list[tuple[Stamp, Length]], bool]:
        """The instances near the window: rules, RDATE, without EXRULE and EXDATE; and whether some were cut."""
        start = self.master.start
        margin = timedelta(days=2 + self.master.length.days) + self.master.length.exact
        after = datetime.combine(self.window.first, time.min) - margin
        before = datetime.combine(self.window.last, time.max) + timedelta(days=2)
        cut = False
        found: dict[datetime, tuple[Stamp, Length]] = {}
        # The first date is one even when the rule does not name it, unless the rule had ended before.
        ended = self.master.rules and all(self.until(rule) < start.wall for rule, _ in self.master.rules)
        walls = [] if ended or (self.master.rules and start.wall < after) else [start.wall]
        for rule, _ in self.master.rules:
            expansion = self.expanded(rule, after, before)
            cut = cut or expansion[1]
            walls += expansion[0]
        for wall in walls:
            stamp = replace(start, wall=wall)
            found.setdefault(stamp.utc, (stamp, self.master.length))
        for added, length in self.master.added:
            stamp = self.as_instance(added)
            found[stamp.utc] = (stamp, length or self.master.length)
        for rule, _ in self.master.exclusions:
            excluded, more = self.expanded(rule, after, before)
            cut = cut or more
            for wall in excluded:
                found.pop(to_utc(wall, start.zone), None)
        self.remove(found)
        ordered = [found[at] for at in sorted(found)]
        return ordered[:PER_SERIES], cut or len(ordered) > PER_SERIES

    def remove(self, found: dict[datetime, tuple[Stamp, Length]]) -> None:
        """Take the EXDATEs out. Midnight that names no instance is a day, as Exchange writes them."""
        if not self.master.removed:
            return
        by_day: dict[date, list[datetime]] = {}
        for at, (stamp, _) in found.items():
            by_day.setdefault(stamp.day, []).append(at)
        for stamp in self.master.removed:
            if self.master.start.all_day:
                days = [as_day(self.master, stamp)]
            elif stamp.all_day or (stamp.wall.time() == time.min and stamp.utc not in found):
                days = [stamp.day]
            else:
                found.pop(stamp.utc, None)
                continue
            for day in days:
                for at in by_day.get(day, ()):
                    found.pop(at, None)

    def as_instance(self, added: Stamp) -> Stamp:
        if self.master.start.all_day:
            return replace(self.master.start, wall=datetime.combine(as_day(self.master, added), time.min))
        if added.all_day:
            return replace(self.master.start, wall=datetime.combine(added.day, self.master.start.wall.time()))
        return added

    def expanded(self, rule: Rule, after: datetime, before: datetime) -> tuple[list[datetime], bool]:
        until = self.until(rule)
        made = expand(rule, self.master.start.wall, after, before, most=PER_SERIES, until=until, budget=self.budget)
        return made.walls, made.cut

    def until(self, rule: Rule) -> datetime:
        """The last wall time the rule may give. A day alone is a whole day (« inclusive », RFC 5545 3.3.10)."""
        until, start = rule.until, self.master.start
        if until is None:
            return datetime.max  # noqa: DTZ901 - wall time
        if start.all_day:
            if rule.until_utc:
                local = to_wall(until.replace(tzinfo=UTC), self.master.zones.floating)
                until = local if local.time() == time.min else until
            return datetime.combine(until.date(), time.min)
        if rule.until_date:
            return datetime.combine(until.date(), time.max)
        return to_wall(until.replace(tzinfo=UTC), start.zone).replace(fold=0) if rule.until_utc else until
