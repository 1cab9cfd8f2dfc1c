"""From the dates of a page to its occurrences, without writing any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import rules
from .models.occurrences import Occurrence

if TYPE_CHECKING:
    from .models import EventDate, EventPage


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
        starts_at=at.starts_at,
        ends_at=at.ends_at,
        last_day=at.last_day,
        past_from=at.past_from,
    )


def draft_occurrences(page: EventPage) -> list[Occurrence]:
    """The occurrences the page's dates would give, in order, without writing any: for previews."""
    made = [occurrence_of(page, entered) for entered in page.dates.all()]
    return sorted(made, key=lambda occurrence: occurrence.starts_at)
