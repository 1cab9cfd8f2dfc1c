"""Pure rules about time and status: no database, no request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .enums import Mode, Status, Zone

# schema.org EventStatusType. A full event is still scheduled: its offers are sold out.
SCHEMA_STATUS = {
    Status.PROGRAMME: "https://schema.org/EventScheduled",
    Status.REPROGRAMME: "https://schema.org/EventRescheduled",
    Status.PASSE_EN_LIGNE: "https://schema.org/EventMovedOnline",
    Status.REPORTE: "https://schema.org/EventPostponed",
    Status.COMPLET: "https://schema.org/EventScheduled",
    Status.ANNULE: "https://schema.org/EventCancelled",
}
# RFC 5545 3.8.1.11. Postponed without a new date is tentative: it may still take place.
ICAL_STATUS = {
    Status.PROGRAMME: "CONFIRMED",
    Status.REPROGRAMME: "CONFIRMED",
    Status.PASSE_EN_LIGNE: "CONFIRMED",
    Status.REPORTE: "TENTATIVE",
    Status.COMPLET: "CONFIRMED",
    Status.ANNULE: "CANCELLED",
}
SCHEMA_MODE = {
    Mode.SUR_PLACE: "https://schema.org/OfflineEventAttendanceMode",
    Mode.EN_LIGNE: "https://schema.org/OnlineEventAttendanceMode",
    Mode.HYBRIDE: "https://schema.org/MixedEventAttendanceMode",
}
MAX_DAYS = 366


@dataclass(frozen=True)
class Moment:
    """When something takes place.

    ``starts_at`` and ``ends_at`` are UTC (the end of an all-day moment is the midnight after its last day);
    ``last_day`` is the last local day; ``past_from`` the UTC instant of the local midnight that follows it: what ends
    today is not past.
    """

    starts_at: datetime
    ends_at: datetime
    last_day: date
    past_from: datetime


def to_utc(day: date, hour: time, zone: str) -> datetime:
    """The UTC instant of a wall time.

    An hour that exists twice (autumn) is the first of the two; one that does not exist (spring) is read with the
    offset in force before the change, so 02:30 becomes 03:30. Forms refuse the latter: see :func:`wall_errors`.
    """
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)


def exists(day: date, hour: time, zone: str) -> bool:
    """Whether clocks of ``zone`` show that wall time."""
    return to_utc(day, hour, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.combine(day, hour)


def moment(start: date, start_time: time | None, end: date | None, end_time: time | None, zone: str) -> Moment:
    """The instants of a wall-clock date. Without times it lasts whole days; without ``end``, one day."""
    end = end or start
    if start_time is None:
        ends_at = to_utc(end + timedelta(days=1), time.min, zone)
        return Moment(to_utc(start, time.min, zone), ends_at, end, ends_at)
    starts_at, ends_at = to_utc(start, start_time, zone), to_utc(end, end_time or start_time, zone)
    # What stops at midnight belongs to the day before.
    last_day = (ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date() if ends_at > starts_at else start
    return Moment(starts_at, ends_at, last_day, to_utc(last_day + timedelta(days=1), time.min, zone))


def wall_errors(
    start: date | None, start_time: time | None, end: date | None, end_time: time | None, zone: str | None = None
) -> dict[str, str]:
    """What is wrong with a wall-clock date, by field name; empty when nothing is.

    Without ``zone`` only the order and the completeness are checked.
    """
    if start is None:
        return {}
    if start_time is None and end_time is not None:
        return {"start_time": "Indiquez aussi l'heure de début, ou videz l'heure de fin : toute la journée."}
    if start_time is not None and end_time is None:
        return {"end_time": "Indiquez aussi l'heure de fin, même approximative."}
    last = end or start
    if last < start:
        return {"end_date": "La fin précède le début."}
    if (last - start).days > MAX_DAYS:
        return {"end_date": "Un événement dure un an au plus : ajoutez plutôt plusieurs dates."}
    if not (date(2000, 1, 1) <= start <= date(2100, 12, 31)):
        return {"start_date": "Choisissez une date entre 2000 et 2100."}
    if start_time is None or end_time is None:
        return {}
    if zone is None:
        return {"end_time": "La fin doit suivre le début."} if last == start and end_time <= start_time else {}
    for field, day, hour in (("start_time", start, start_time), ("end_time", last, end_time)):
        if not exists(day, hour, zone):
            return {
                field: f"Cette heure n'existe pas le {day:%d/%m/%Y} ({Zone(zone).label}) : "
                "c'est le passage à l'heure d'été."
            }
    if to_utc(last, end_time, zone) <= to_utc(start, start_time, zone):
        return {"end_time": "La fin doit suivre le début."}
    return {}


def today_in(zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def zones_by_today(now: datetime) -> dict[date, list[str]]:
    """The zones of France by the day it is there at ``now``: two or three days, never one « today » for all."""
    days: dict[date, list[str]] = {}
    for zone in Zone.values:
        days.setdefault(today_in(zone, now), []).append(zone)
    return days
