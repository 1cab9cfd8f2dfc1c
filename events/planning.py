"""From the dates and rules of a page to its occurrences, without writing any."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from portal.territories.enums import Level

from . import rules, series
from .enums import Mode
from .models.dates import EventDate, EventRule
from .models.occurrences import Occurrence

if TYPE_CHECKING:
    from portal.territories.models import Territory

    from .models import EventPage, Venue


def occurrence_of(page: EventPage, entered: EventDate, rule: EventRule | None = None) -> Occurrence:
    """The occurrence, not saved, that a date stands for: its own details, else its rule's, else the page's.

    The page's cancellation holds for every date.
    """
    zone = page.zone
    at = rules.moment(entered.start_date, entered.start_time, entered.end_date, entered.end_time, zone)
    mode = entered.mode or (rule.mode if rule else "") or page.mode
    venue, venue_note = _place(page, entered, rule) if mode != Mode.EN_LIGNE else (None, "")
    return Occurrence(
        page=page,
        key=entered.key,
        start_date=entered.start_date,
        start_time=entered.start_time,
        end_date=entered.end_date or entered.start_date,
        end_time=entered.end_time,
        time_zone=zone,
        status=entered.status or page.status,
        note=entered.note,
        title=entered.title or (rule.title if rule else ""),
        mode=mode,
        venue=venue,
        venue_note=venue_note,
        join_url=entered.join_url or (rule.join_url if rule else "") or page.join_url,
        capacity=_first(entered.capacity, rule and rule.capacity, page.capacity),
        capacity_online=_first(entered.capacity_online, rule and rule.capacity_online, page.capacity_online),
        rule_key=entered.rule_key,
        rule_date=entered.rule_date,
        starts_at=at.starts_at,
        ends_at=at.ends_at,
        last_day=at.last_day,
        past_from=at.past_from,
    )


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


def _place(page: EventPage, entered: EventDate, rule: EventRule | None) -> tuple[Venue | None, str]:
    """Where a date is held, with the note that goes with that place."""
    for source in (entered, rule, page):
        if source is not None and source.venue_id:
            return source.venue, entered.venue_note or source.venue_note
    return None, entered.venue_note or page.venue_note


def date_of(rule: EventRule, day: date) -> EventDate:
    """The date, not saved, that ``rule`` gives on ``day``."""
    last = day + timedelta(days=max(1, rule.days or 1) - 1)
    return EventDate(
        key=series.key_of(rule.key, day),
        rule_key=rule.key,
        rule_date=day,
        start_date=day,
        start_time=rule.start_time,
        end_date=last if last != day else None,
        end_time=rule.end_time,
    )


def departement_of(page: EventPage) -> str:
    """The code of the département whose holidays hold: that of the venue, else of the territory; "" for none."""
    if page.venue_id and page.venue and page.mode != Mode.EN_LIGNE:
        place: Territory | None = page.venue.commune
    else:
        place = page.shown_territory
    if place is not None and place.level == Level.COMMUNE:
        place = place.departement
    return place.code if place is not None and place.level == Level.DEPARTEMENT else ""


def planned(page: EventPage, *, now: datetime | None = None) -> list[Occurrence]:
    """Every occurrence the page's dates and rules stand for, none saved, soonest first, up to the horizon.

    A date of the page whose key is that of a rule's date stands in for it. At most ``series.MOST_OF_A_PAGE``.
    """
    until = series.horizon((now or timezone.now()).date())
    page_rules = list(page.rules.all())
    by_key = {rule.key: rule for rule in page_rules}
    entered = list(page.dates.all())
    taken = {each.key for each in entered}
    made = [occurrence_of(page, each, by_key.get(each.rule_key) if each.rule_key else None) for each in entered]
    departement = departement_of(page) if any(rule.skip_holidays for rule in page_rules) else ""
    for rule in page_rules:
        for day in series.expand(rule, until=until, departement=departement):
            each = date_of(rule, day)
            if each.key not in taken:
                taken.add(each.key)
                made.append(occurrence_of(page, each, rule))
    made.sort(key=lambda occurrence: (occurrence.starts_at, str(occurrence.key)))
    return made[: series.MOST_OF_A_PAGE]


def draft_occurrences(page: EventPage) -> list[Occurrence]:
    """The occurrences the page's dates would give, in order, without writing any: for previews."""
    return planned(page)
