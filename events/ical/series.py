"""A rule and its dates as one recurring VEVENT, with its exceptions (RFC 5545, 3.8.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icalendar import Event, vDDDLists, vDDDTypes, vRecur, vText

from .. import series
from ..enums import Status
from ..planning import date_of, departement_of, occurrence_of
from .vevents import describe, digest_of, is_ambiguous, significance, stamp

if TYPE_CHECKING:
    from ..models import EventPage, EventRule, Occurrence, SeriesCalendar

# What of an occurrence calendars show.
_SHOWN = ("title", "status", "note", "mode", "venue_id", "venue_note")


@dataclass
class _Series:
    """A rule as it recurs. ``first`` stands for every date: what differs from it is an exception."""

    rule: EventRule
    first: Occurrence
    text: str
    excluded: list[date]
    added: list[Occurrence]
    exceptions: list[tuple[date | datetime, Occurrence]]


def refresh_series(
    *, page: EventPage, occurrences: list[Occurrence], url: str, categories: list[str], now: datetime
) -> bool:
    """Make the page's series calendars equal to its rules and ``occurrences`` (those of the database, in order).

    Free dates of the page are added to the first rule. Returns whether one changed; two queries when none did.
    """
    from ..models import SeriesCalendar

    have = {row.rule_key: row for row in SeriesCalendar.objects.filter(page_id=page.pk).order_by("pk")}
    made = _all_series(page, occurrences)
    changed = False
    for position, each in enumerate(made):
        row = have.pop(each.rule.key, None) or SeriesCalendar(
            page=page, rule_key=each.rule.key, created_at=now, modified_at=now
        )
        changed |= _write(row, each, position, page, url, categories, now)
    if have:
        SeriesCalendar.objects.filter(pk__in=[row.pk for row in have.values()]).delete()
    return changed or bool(have)


def _all_series(page: EventPage, occurrences: list[Occurrence]) -> list[_Series]:
    by_rule: dict[object, dict[date, Occurrence]] = {}
    free: list[Occurrence] = []
    for occurrence in occurrences:
        if occurrence.rule_key and occurrence.rule_date:
            by_rule.setdefault(occurrence.rule_key, {})[occurrence.rule_date] = occurrence
        else:
            free.append(occurrence)
    departement = departement_of(page)
    found = []
    for rule in page.rules.all():
        if dates := by_rule.get(rule.key):
            each = _series(page, rule, dates, free, departement)
            if each is not None:
                free = []
                found.append(each)
    return found


def _series(
    page: EventPage, rule: EventRule, dates: dict[date, Occurrence], free: list[Occurrence], departement: str
) -> _Series | None:
    last = max(dates)
    held, left = series.regular(rule, until=last, departement=departement)
    days = sorted({*held, *left})
    if not days:
        return None
    first = occurrence_of(page, date_of(rule, days[0]), rule)
    made = _Series(rule, first, series.rrule_text(rule, last=days[-1], zone=first.time_zone), [], [], [])
    starts = set()
    for day in days:
        starts.add(_moment(rule, day, first))
        occurrence = dates.get(day)
        if occurrence is None:
            made.excluded.append(day)
        elif _differs(occurrence, first, day):
            made.exceptions.append((_moment(rule, day, first), occurrence))
    # Dates of the rule as it was are dates like any other; one that went while people were registered is over.
    outside = [each for day, each in dates.items() if day not in set(days) and each.status != Status.ANNULE]
    for occurrence in [*outside, *free]:
        start = occurrence.start_date if occurrence.all_day else occurrence.local_start
        if occurrence.all_day != first.all_day or start in starts:
            continue
        starts.add(start)
        made.added.append(occurrence)
        if _differs(occurrence, first, occurrence.start_date):
            made.exceptions.append((start, occurrence))
    return made


def _moment(rule: EventRule, day: date, first: Occurrence) -> date | datetime:
    """When the rule's date of ``day`` starts, as RECURRENCE-ID and EXDATE name it."""
    if rule.start_time is None:
        return day
    return datetime.combine(day, rule.start_time, ZoneInfo(first.time_zone))


def _differs(occurrence: Occurrence, first: Occurrence, day: date) -> bool:
    """Whether readers would show that date wrong from the series alone.

    Durations are compared both as they last and on the clock: readers add one or the other where the hour changes.
    """
    return (
        any(getattr(occurrence, name) != getattr(first, name) for name in _SHOWN)
        or occurrence.start_date != day
        or occurrence.start_time != first.start_time
        or occurrence.end_time != first.end_time
        or occurrence.end_date - occurrence.start_date != first.end_date - first.start_date
        or occurrence.time_zone != first.time_zone
        or (not first.all_day and occurrence.ends_at - occurrence.starts_at != first.ends_at - first.starts_at)
        or (not first.all_day and is_ambiguous(occurrence))
    )


def _write(
    row: SeriesCalendar, made: _Series, position: int, page: EventPage, url: str, categories: list[str], now: datetime
) -> bool:
    """Render ``made`` into ``row`` and save it, if anything in it changed; says whether."""
    events = [_master(row, made, page, url, categories)]
    for moment, occurrence in made.exceptions:
        event = describe(occurrence, page, url, categories)
        event["uid"] = events[0]["uid"]
        event.add("recurrence-id", vDDDTypes(moment))
        events.append(event)
    zone = "" if made.first.all_day else made.first.time_zone
    digest = digest_of(zone, *(event.to_ical() for event in events))
    if row.digest == digest and row.position == position:
        return False
    significant = digest_of(
        events[0]["rrule"].to_ical(),
        *made.excluded,
        significance(made.first),
        *(f"{moment} {significance(occurrence)}" for moment, occurrence in made.exceptions),
        *(occurrence.starts_at for occurrence in made.added),
    )
    if row.pk and row.significant != significant:
        row.sequence += 1
    row.position, row.time_zone, row.digest, row.significant = position, zone, digest, significant
    row.modified_at = now
    row.ics = b"".join(
        stamp(event, sequence=row.sequence, created_at=row.created_at, modified_at=now).to_ical() for event in events
    )
    row.save()
    return True


def _master(row: SeriesCalendar, made: _Series, page: EventPage, url: str, categories: list[str]) -> Event:
    event = describe(made.first, page, url, categories)
    event["uid"] = vText(str(row.uid))
    event.add("rrule", vRecur.from_ical(made.text))
    if made.excluded:
        event.add("exdate", vDDDLists([_moment(made.rule, day, made.first) for day in made.excluded]))
    if made.added:
        starts = [each.start_date if each.all_day else each.local_start for each in made.added]
        event.add("rdate", vDDDLists(sorted(starts)))
    return event
