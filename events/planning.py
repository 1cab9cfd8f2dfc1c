"""From the dates of a page to its occurrences, without writing any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import rules
from .enums import Mode
from .models.occurrences import Occurrence

if TYPE_CHECKING:
    from .models import EventDate, EventPage, Venue


def occurrence_of(page: EventPage, entered: EventDate) -> Occurrence:
    """The occurrence, not saved, that a date of the page stands for. The page's cancellation holds for every date."""
    zone = page.zone
    at = rules.moment(entered.start_date, entered.start_time, entered.end_date, entered.end_time, zone)
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
        title=entered.title,
        mode=entered.mode or page.mode,
        venue=_venue(page, entered),
        venue_note=entered.venue_note if entered.venue_id else page.venue_note,
        join_url=entered.join_url or page.join_url,
        capacity=page.capacity if entered.capacity is None else entered.capacity,
        capacity_online=page.capacity_online if entered.capacity_online is None else entered.capacity_online,
        rule_key=entered.rule_key,
        rule_date=entered.rule_date,
        starts_at=at.starts_at,
        ends_at=at.ends_at,
        last_day=at.last_day,
        past_from=at.past_from,
    )


def _venue(page: EventPage, entered: EventDate) -> Venue | None:
    """Where that date is held; nowhere online."""
    if (entered.mode or page.mode) == Mode.EN_LIGNE:
        return None
    return entered.venue if entered.venue_id else page.venue


def draft_occurrences(page: EventPage) -> list[Occurrence]:
    """The occurrences the page's dates would give, in order, without writing any: for previews."""
    made = [occurrence_of(page, entered) for entered in page.dates.all()]
    return sorted(made, key=lambda occurrence: occurrence.starts_at)
