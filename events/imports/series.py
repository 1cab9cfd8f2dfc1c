"""From the components of one UID to events: versions, instances, dates changed one by one (RFC 5545 3.8.4.4, 3.8.5)."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from .dates import Dates, Window, as_day
from .expansion import Budget
from .parsed import Kind, Notes, ParsedEvent
from .values import Stamp, to_wall
from .vevents import Draft, event_of

BEFORE = "Événements terminés avant le {:%d/%m/%Y} : ils ne sont pas importés."
AFTER = "Événements qui commencent après le {:%d/%m/%Y} : ils ne sont pas importés."
SUPERSEDED = "Versions dépassées d'un même événement (même UID) : la plus récente est prise."
NOTHING_LEFT = "Séries dont aucune date n'est dans la période : elles ne sont pas importées."
OBSOLETE = "Dates modifiées que leur série, plus récente, ne contient plus."
REPLACED = "Séries dont chaque date est remplacée par une date modifiée."


def recurrence_key(stamp: Stamp) -> str:
    """A RECURRENCE-ID in basic form: a date, or an instant in UTC."""
    return f"{stamp.day:%Y%m%d}" if stamp.all_day else f"{stamp.utc:%Y%m%dT%H%M%SZ}"


class Series:
    """The components that share one UID."""

    def __init__(self, drafts: list[Draft], window: Window, notes: Notes, budget: Budget) -> None:
        self.window, self.notes, self.budget = window, notes, budget
        self.master: Draft | None = None
        self.singles: list[Draft] = []
        self.changes: list[Draft] = []
        self.kept: list[ParsedEvent] = []
        self.sort(drafts)

    def set_aside(self, draft: Draft, text: str) -> None:
        self.notes.count(draft.line, draft.uid, text, Kind.SET_ASIDE)

    def sort(self, drafts: list[Draft]) -> None:
        """Keep the newest version of the event and of each changed date; tell apart those that only share a UID."""
        masters = [draft for draft in drafts if draft.recurrence is None]
        newest = max((draft.sequence for draft in masters), default=0)
        current = [draft for draft in masters if draft.sequence == newest]
        for draft in masters:
            if draft.sequence < newest:
                self.set_aside(draft, SUPERSEDED)
        by_start: dict[tuple[datetime, bool], Draft] = {}
        for draft in sorted(current, key=lambda draft: (draft.version, draft.line)):
            at = (draft.start.utc, draft.start.all_day)
            if at in by_start:
                self.set_aside(by_start[at], SUPERSEDED)
            by_start[at] = draft
        distinct = sorted(by_start.values(), key=lambda draft: (draft.version, draft.line))
        if distinct:
            last = distinct[-1]
            repeating = [draft for draft in distinct if draft.repeats]
            self.master = repeating[-1] if repeating else last
            for draft in distinct:
                if draft is self.master:
                    continue
                older = draft.version < self.master.version and draft.said["title"] == self.master.said["title"]
                if older or (draft.repeats and self.master.repeats):
                    self.set_aside(draft, SUPERSEDED)
                else:
                    self.singles.append(draft)
            if self.singles:
                text = "Plusieurs événements ont le même identifiant (UID) : ils sont distingués par leur date."
                self.notes.add(self.singles[0].line, self.master.uid, text)
        by_date: dict[str, Draft] = {}
        for draft in drafts:
            if draft.recurrence is not None:
                key = self.matching_key(draft)
                known = by_date.get(key)
                if known and known.version > draft.version:
                    self.set_aside(draft, SUPERSEDED)
                    continue
                if known:
                    self.set_aside(known, SUPERSEDED)
                by_date[key] = draft
        self.changes = list(by_date.values())

    def matching_key(self, change: Draft) -> str:
        """The key of the date that ``change`` replaces, read as its series writes dates."""
        stamp = change.recurrence
        assert stamp is not None
        master = self.master
        if master is None:
            return recurrence_key(stamp)
        if master.start.all_day and not stamp.all_day:
            wall = stamp.wall if stamp.floating else to_wall(stamp.utc, change.zones.floating)
            stamp = Stamp(datetime.combine(wall.date(), time.min), True, stamp.zone)
        elif stamp.all_day and not master.start.all_day:
            stamp = Stamp(datetime.combine(stamp.day, master.start.wall.time()), False, master.start.zone)
        elif stamp.floating and not master.start.all_day:
            stamp = replace(stamp, zone=master.start.zone)
        return recurrence_key(stamp)

    # Events

    def events(self) -> list[ParsedEvent]:
        """Those within the window; the components that give none are noted."""
        changed = {self.matching_key(change): change for change in self.changes}
        apart = self.stand_ins(changed)
        series = self.master is not None and (self.master.repeats or bool(self.changes) or bool(self.singles))
        if self.master and not series:
            self.single(self.master, None)
        elif self.master:
            self.instances(self.master, changed)
        for draft in apart:
            self.single(draft, recurrence_key(draft.start))
        if self.master is None:
            for key, change in changed.items():
                self.single(change, key)
        return self.kept

    def stand_ins(self, changed: dict[str, Draft]) -> list[Draft]:
        """Singles beside a series stand in for its date of the same start, where it has one: they join ``changed``.

        Returns those that stay apart: where nothing repeats, all of them.
        """
        if self.master is None or not self.master.repeats:
            return self.singles
        for draft in self.singles:
            stand_in = replace(draft, recurrence=draft.start)
            key = self.matching_key(stand_in)
            if key in changed:
                self.set_aside(draft, SUPERSEDED)
            else:
                changed[key] = stand_in
        return []

    def keep(self, event: ParsedEvent) -> int:
        place = self.window.place(event)
        if place == 0:
            self.kept.append(event)
        return place

    def aside(self, draft: Draft, place: int) -> None:
        if place:
            day = self.window.first if place < 0 else self.window.last
            self.set_aside(draft, (BEFORE if place < 0 else AFTER).format(day))

    def single(self, draft: Draft, key: str | None) -> None:
        if key is None and any(self.same(draft, stamp, draft.start) for stamp in draft.removed):
            self.set_aside(draft, "Événements dont la seule date est exclue (EXDATE).")
            return
        self.hours(draft)
        self.aside(draft, self.keep(event_of(draft, draft.start, draft.length, key, draft.line)))

    def hours(self, draft: Draft) -> None:
        """Say when the hour written is none, or two, on that day."""
        start = draft.start
        if start.all_day:
            return
        shown = to_wall(start.utc, start.zone)
        when = f"{start.wall:%d/%m/%Y à %H:%M}"
        if shown.replace(fold=0) != start.wall:
            text = f"Le {when} n'existe pas (passage à l'heure d'été) : lu {shown:%H:%M}."
            self.notes.add(draft.line, draft.uid, text)
        elif start.utc != start.wall.replace(tzinfo=start.zone, fold=1).astimezone(UTC):
            text = f"Le {when} existe deux fois (passage à l'heure d'hiver) : la première est prise."
            self.notes.add(draft.line, draft.uid, text)

    def same(self, draft: Draft, stamp: Stamp, instance: Stamp) -> bool:
        """Whether an EXDATE means that instance."""
        if instance.all_day:
            return as_day(draft, stamp) == instance.day
        if stamp.all_day:
            return stamp.day == instance.day
        return stamp.utc == instance.utc

    def instances(self, master: Draft, changed: dict[str, Draft]) -> None:
        walls, cut = Dates(master, self.window, self.budget).all()
        if cut:
            text = f"Série trop longue : {len(walls)} dates au plus sont lues."
            self.notes.add(master.line, master.uid, text)
        held = {recurrence_key(start) for start, _ in walls}
        obsolete = {
            key
            for key, change in changed.items()
            if key not in held
            and change.sequence < master.sequence
            and (not cut or (walls and self.original(master, change).utc < walls[-1][0].utc))
        }
        waiting = dict(changed)
        onwards = sorted(
            (
                (self.origin(master, change), change)
                for key, change in changed.items()
                if change.and_future and key not in obsolete
            ),
            key=lambda pair: pair[0],
        )
        origins = [origin for origin, _ in onwards]
        if not master.start.all_day:
            self.hours(master)
        places: set[int] = set()
        replaced = False
        used: set[int] = set()
        for start, length in walls:
            key = recurrence_key(start)
            change = waiting.pop(key, None)
            if change:
                replaced = True
                self.change(master, change, start, key)
                used.add(change.line)
                continue
            at = bisect_left(origins, start.utc)
            if at:
                self.shifted(master, onwards[at - 1][1], start, key)
                continue
            places.add(self.keep(event_of(master, start, length, key, master.line)))
        for key, change in waiting.items():
            if key in obsolete:
                self.set_aside(change, OBSOLETE)
                continue
            origin = self.original(master, change)
            outside = not (self.window.first <= origin.day <= self.window.last)
            if not outside and not cut:
                text = "Une date modifiée ne correspond à aucune date de sa série : elle est ajoutée."
                self.notes.add(change.line, change.uid, text)
            self.change(master, change, origin, key)
        if 0 not in places:
            if not places and (replaced or waiting):
                self.set_aside(master, REPLACED)
            elif places == {-1} or places == {1}:
                self.aside(master, places.pop())
            else:
                self.set_aside(master, NOTHING_LEFT)

    def original(self, master: Draft, change: Draft) -> Stamp:
        """The start that ``change`` replaces, as its series writes it."""
        stamp = change.recurrence
        assert stamp is not None
        if master.start.all_day:
            return replace(master.start, wall=datetime.combine(as_day(master, stamp), time.min))
        if stamp.all_day:
            return replace(master.start, wall=datetime.combine(stamp.day, master.start.wall.time()))
        if stamp.floating:
            return replace(master.start, wall=stamp.wall)
        return replace(master.start, wall=to_wall(stamp.utc, master.start.zone).replace(fold=0))

    def origin(self, master: Draft, change: Draft) -> datetime:
        return self.original(master, change).utc

    def change(self, master: Draft, change: Draft, start: Stamp, key: str) -> None:
        """One date changed. It says all; without a title or a start it is that of its series."""
        draft = change
        if change.untitled:
            draft = replace(change, said=change.said | {"title": master.said["title"]})
        if change.starts_as_recurrence:
            draft = replace(draft, start=start, length=change.length if change.length.exact else master.length)
        self.hours(draft)
        self.aside(change, self.keep(event_of(draft, draft.start, draft.length, key, change.line)))

    def shifted(self, master: Draft, change: Draft, start: Stamp, key: str) -> None:
        """A date after one changed with RANGE=THISANDFUTURE: moved as much, saying the same."""
        origin = self.original(master, change)
        said = change.said | ({"title": master.said["title"]} if change.untitled else {})
        draft = replace(change, said=said)
        if change.start.all_day or start.all_day:
            moved = replace(change.start, wall=change.start.wall + timedelta(days=(start.day - origin.day).days))
        else:
            written = to_wall(change.start.utc, start.zone).replace(fold=0)
            moved = replace(start, wall=start.wall + (written - origin.wall))
        length = change.length if not change.starts_as_recurrence else master.length
        self.keep(event_of(draft, moved, length, key, change.line))
