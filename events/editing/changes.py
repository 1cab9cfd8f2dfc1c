"""A change of some dates, written on a page in memory: its live version, or a draft. Pure: nothing is saved."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from .. import rules, series
from ..enums import Frequency, Mode, RegistrationKind, Status, Weekday
from ..models import EventDate, EventPage, EventRule, Occurrence
from ..models.details import OwnDetails
from ..planning import date_of, departement_of, occurrence_of
from .enums import Action, Scope
from .errors import EditingError

OFF = (Status.ANNULE, Status.REPORTE)
DETACH_FIRST = "Cette répétition est mensuelle, ou une fois sur deux : changez-en le jour dans l’éditeur."


@dataclass(frozen=True)
class Change:
    """``values``: of CANCEL, POSTPONE and NOTE: note; of DETAILS: own details, those that change alone; of MOVE: days
    (how many later), start_time, end_time, venue, venue_note, those that change alone.
    """

    action: Action
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def details(self) -> dict[str, Any]:
        return {name: value for name, value in self.values.items() if name in OwnDetails.OWN}

    @property
    def hours(self) -> dict[str, time]:
        return {name: self.values[name] for name in ("start_time", "end_time") if self.values.get(name) is not None}

    @property
    def days(self) -> int:
        return int(self.values.get("days") or 0)


@dataclass(frozen=True)
class Target:
    """A date as it is known by whoever looks at it, the same in the live version and in drafts."""

    key: uuid.UUID
    rule_key: uuid.UUID | None
    rule_date: date | None

    @classmethod
    def of(cls, occurrence: Occurrence) -> Target:
        return cls(occurrence.key, occurrence.rule_key, occurrence.rule_date)


@dataclass
class Editing:
    """A change and the dates it is about. One object for every version of the page: a rule that is split gets the same
    new key in each. ``renamed``: {key of a date: (key, rule's key, day) that it has from now on}.
    """

    change: Change
    scope: Scope
    targets: list[Target]
    occurrences: dict[uuid.UUID, Occurrence]
    today: date
    new_keys: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    in_place: set[uuid.UUID] = field(default_factory=set)
    renamed: dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID, date]] = field(default_factory=dict)

    def write(self, page: EventPage, *, live: bool) -> None:
        """Put the change in ``page``. Raises :class:`EditingError`; a draft that lost a date is left without it."""
        page.dates = rows = list(page.dates.all())
        page.rules = page_rules = list(page.rules.all())
        by_rule = {rule.key: rule for rule in page_rules}
        whole = self.scope != Scope.ONE and self.change.action in (Action.MOVE, Action.DETAILS)
        done: set[uuid.UUID] = set()
        if whole:
            for rule_key, first in self._firsts().items():
                if rule := by_rule.get(rule_key):
                    done |= self._split(page, rule, first, rows, page_rules, decide=live)
        if self.scope != Scope.ONE and self.change.action == Action.CANCEL:
            self._end_rules(by_rule)
        for target in self.targets:
            if target.key in done:
                continue
            row = self._row(page, target, rows, by_rule, live=live)
            if row is not None:
                self._write_row(page, row, by_rule.get(row.rule_key) if row.rule_key else None, rows, target)
        page.dates, page.rules = rows, page_rules
        if live:
            self._check(page, rows, page_rules)

    # --- Rules ----------------------------------------------------------------------------------------------------
    def _firsts(self) -> dict[uuid.UUID, date]:
        """The first day, of the rule, of each rule that is changed from there on."""
        found: dict[uuid.UUID, date] = {}
        for target in self.targets:
            if target.rule_key and target.rule_date:
                found[target.rule_key] = min(found.get(target.rule_key, target.rule_date), target.rule_date)
        return found

    def _split(
        self,
        page: EventPage,
        rule: EventRule,
        first: date,
        rows: list[EventDate],
        page_rules: list[EventRule],
        *,
        decide: bool,
    ) -> set[uuid.UUID]:
        """End ``rule`` the day before ``first``, where it goes on changed; returns the keys of the dates it gives."""
        earlier = series.expand(rule, until=first - timedelta(days=1), departement=departement_of(page))
        days = self.change.days if self.change.action == Action.MOVE else 0
        if decide and not earlier and not days:
            self.in_place.add(rule.key)
        if rule.key in self.in_place:
            after = rule
        else:
            after = _copy(rule)
            after.key = self.new_keys.setdefault(rule.key, uuid.uuid4())
            after.start_date = first
            if rule.frequency != Frequency.MONTHLY_DAY:
                after.weekdays = ",".join(series.weekdays_of(rule))
            if rule.count:
                after.count = max(1, rule.count - len(earlier))
            _shift(after, days)
            place = page_rules.index(rule)
            page_rules[place : place + 1] = [rule, after] if earlier else [after]
            if earlier:
                rule.until, rule.count = first - timedelta(days=1), None
        for name, value in (self.change.details | self.change.hours).items():
            setattr(after, name, value)
        done: set[uuid.UUID] = set()
        for row in rows:
            if row.rule_key == rule.key and row.rule_date and row.rule_date >= first:
                done.add(row.key)
                self._follow(row, after, days)
        for target in self.targets:
            if target.rule_key == rule.key and target.rule_date:
                done.add(target.key)
        if after is not rule and decide:
            for occurrence in self.occurrences.values():
                if occurrence.rule_key == rule.key and occurrence.rule_date and occurrence.rule_date >= first:
                    day = occurrence.rule_date + timedelta(days=days)
                    self.renamed[occurrence.key] = (series.key_of(after.key, day), after.key, day)
        return done

    def _follow(self, row: EventDate, after: EventRule, days: int) -> None:
        """A date with words of its own goes with its rule: what the change says is the rule's again."""
        assert row.rule_date is not None
        for name in self.change.details:
            setattr(row, name, None if name in ("venue", "capacity", "capacity_online") else "")
        if row.start_time is not None:
            for name, value in self.change.hours.items():
                setattr(row, name, value)
        if after.key != row.rule_key:
            row.rule_key, row.rule_date = after.key, row.rule_date + timedelta(days=days)
            row.key = series.key_of(after.key, row.rule_date)
            _move(row, days)

    def _end_rules(self, by_rule: dict[uuid.UUID, EventRule]) -> None:
        """What is cancelled from a date on gives no more dates than those that are shown cancelled."""
        last: dict[uuid.UUID, date] = {}
        for target in self.targets:
            if target.rule_key and target.rule_date:
                last[target.rule_key] = max(last.get(target.rule_key, target.rule_date), target.rule_date)
        for key, day in last.items():
            if (rule := by_rule.get(key)) and not rule.count and (rule.until is None or rule.until > day):
                rule.until = day

    # --- Rows -----------------------------------------------------------------------------------------------------
    def _row(
        self,
        page: EventPage,
        target: Target,
        rows: list[EventDate],
        by_rule: dict[uuid.UUID, EventRule],
        *,
        live: bool,
    ) -> EventDate | None:
        """The row of that date, made where its rule gives it; None where a draft has it no more."""
        for row in rows:
            if row.key == target.key:
                return row
        occurrence = self.occurrences[target.key]
        rule = by_rule.get(target.rule_key) if target.rule_key else None
        if rule is not None and target.rule_date is not None and self._gives(page, rule, target.rule_date):
            row = date_of(rule, target.rule_date)
        elif live and self.change.action == Action.RESTORE:
            row = EventDate(key=target.key)
            for name in ("start_date", "start_time", "end_date", "end_time", "title"):
                setattr(row, name, getattr(occurrence, name))
        elif live:
            raise EditingError("Une de ces dates n’est plus dans l’événement : rétablissez-la d’abord.")
        else:
            return None
        row.sort_order = len(rows)
        rows.append(row)
        return row

    @staticmethod
    def _gives(page: EventPage, rule: EventRule, day: date) -> bool:
        departement = departement_of(page) if rule.skip_holidays else ""
        return day in series.expand(rule, until=day, departement=departement)

    def _write_row(
        self, page: EventPage, row: EventDate, rule: EventRule | None, rows: list[EventDate], target: Target
    ) -> None:
        action, note = self.change.action, str(self.change.values.get("note") or "")
        if action in (Action.CANCEL, Action.POSTPONE):
            row.status = Status.ANNULE if action == Action.CANCEL else Status.REPORTE
            row.note = note or row.note
        elif action == Action.NOTE:
            row.note = note
        elif action == Action.DETAILS:
            for name, value in self.change.details.items():
                setattr(row, name, value)
        elif action == Action.MOVE:
            _move(row, self.change.days)
            for name, value in (self.change.hours if row.start_time is not None else {}).items():
                setattr(row, name, value)
            for name, value in self.change.details.items():
                setattr(row, name, value)
            if self.change.days or self.change.hours:
                row.status = Status.REPROGRAMME
        elif action == Action.RESTORE:
            self._restore(page, row, rule)
        elif action == Action.DETACH:
            self._detach(row, rule, self.occurrences[target.key])
        if row.rule_key and rule is not None and _is_plain(row, rule):
            rows.remove(row)

    def _restore(self, page: EventPage, row: EventDate, rule: EventRule | None) -> None:
        off = (row.status or page.status) in OFF
        if not off and rule is not None and row.rule_date:
            plain = date_of(rule, row.rule_date)
            for name in ("start_date", "start_time", "end_date", "end_time"):
                setattr(row, name, getattr(plain, name))
            for name in OwnDetails.OWN:
                setattr(row, name, None if name in ("venue", "capacity", "capacity_online") else "")
        moved = row.rule_date is not None and row.start_date != row.rule_date
        row.note = ""
        row.status = Status.REPROGRAMME if moved else Status.PROGRAMME if page.status in OFF else ""

    @staticmethod
    def _detach(row: EventDate, rule: EventRule | None, occurrence: Occurrence) -> None:
        if row.rule_key is None:
            raise EditingError("Cette date ne suit aucune répétition.")
        if rule is not None and row.rule_date:
            line = f"{row.rule_date:%d/%m/%Y}"
            if row.rule_date not in series.parse_days(rule.excluded)[0]:
                rule.excluded = f"{rule.excluded.rstrip()}\n{line}".strip()
                if len(rule.excluded) > 2000:
                    raise EditingError("Trop de jours sont exclus de cette répétition pour en détacher un autre.")
                # The count is of dates held: without this it would go one date further.
                if rule.count == 1:
                    rule.count, rule.until = None, row.rule_date
                elif rule.count:
                    rule.count -= 1
        for name in OwnDetails.OWN:
            attribute = "venue_id" if name == "venue" else name
            setattr(row, attribute, getattr(occurrence, attribute))
        row.rule_key = row.rule_date = None

    # --- Checks ---------------------------------------------------------------------------------------------------
    def _check(self, page: EventPage, rows: list[EventDate], page_rules: list[EventRule]) -> None:
        """What the change leads to holds together. Raises :class:`EditingError`."""
        by_rule = {rule.key: rule for rule in page_rules}
        keys = {self.renamed.get(target.key, (target.key,))[0] for target in self.targets}
        changed = [(row, by_rule.get(row.rule_key) if row.rule_key else None) for row in rows if row.key in keys]
        if self.scope != Scope.ONE and self.change.action in (Action.MOVE, Action.DETAILS):
            touched = {found[1] for found in self.renamed.values()} | self.in_place
            for each in (each for each in page_rules if each.key in touched):
                days = series.expand(each, until=series.horizon(self.today), departement=departement_of(page))
                changed += [(date_of(each, day), each) for day in days if day >= self.today]
        for row, rule in changed:
            found = rules.wall_errors(row.start_date, row.start_time, row.end_date, row.end_time, page.zone)
            for name, message in found.items():
                raise EditingError(message, name)
            if self.change.action in (Action.MOVE, Action.DETAILS):
                _check_place(page, occurrence_of(page, row, rule))


def _check_place(page: EventPage, made: Occurrence) -> None:
    if made.mode != Mode.EN_LIGNE and made.venue is None:
        raise EditingError("Choisissez le lieu : des personnes viennent sur place.", "venue")
    reachable = made.join_url or page.registration_url or page.registration == RegistrationKind.INTERNAL
    if made.mode != Mode.SUR_PLACE and not reachable:
        raise EditingError("Indiquez le lien de connexion.", "join_url")
    if made.join_url and made.join_url == page.registration_url:
        raise EditingError("Ce lien est celui de l’inscription, qui est publié.", "join_url")


def _copy(rule: EventRule) -> EventRule:
    fields: Iterable[Any] = EventRule._meta.concrete_fields
    left = ("id", "page_id", "key")
    return EventRule(**{each.attname: getattr(rule, each.attname) for each in fields if each.attname not in left})


def _shift(rule: EventRule, days: int) -> None:
    if not days:
        return
    weekdays = series.weekdays_of(rule)
    if rule.frequency != Frequency.WEEKLY or ((rule.interval or 1) > 1 and len(weekdays) > 1 and days % 7):
        raise EditingError(DETACH_FIRST, "start_date")
    order = list(Weekday.values)
    moved = {order[(order.index(day) + days) % 7] for day in weekdays}
    rule.weekdays = ",".join(day for day in order if day in moved)
    rule.start_date += timedelta(days=days)
    if rule.until:
        rule.until += timedelta(days=days)


def _move(row: EventDate, days: int) -> None:
    row.start_date += timedelta(days=days)
    if row.end_date:
        row.end_date += timedelta(days=days)


def _is_plain(row: EventDate, rule: EventRule) -> bool:
    """Whether the rule says all that ``row`` says."""
    assert row.rule_date is not None
    plain = date_of(rule, row.rule_date)
    names = ("start_date", "start_time", "end_time", "status", "note", *OwnDetails.OWN)
    same = all(getattr(row, name) == getattr(plain, name) for name in names if name != "venue")
    return same and row.venue_id is None and (row.end_date or row.start_date) == (plain.end_date or plain.start_date)
