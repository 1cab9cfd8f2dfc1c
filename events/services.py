"""State changes of events, one function each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.core.enums import ContentKind
from portal.core.models import PageFact
from portal.core.page_cache import invalidate_pages

from . import series
from .enums import Status
from .ical import render
from .ical.series import refresh_series
from .ical.tombstones import bury
from .models import AgendaStamp, EventPage, EventRule, Occurrence, Registration
from .planning import planned
from .signals import occurrence_called_off, occurrence_moved, seats_changed

_BATCH = 200
_WALL = ("start_date", "start_time", "end_date", "end_time", "time_zone", "status", "note")
_DETAILS = ("title", "mode", "venue", "venue_note", "join_url", "capacity", "capacity_online", "rule_key", "rule_date")
_INSTANTS = ("starts_at", "ends_at", "last_day", "past_from")
_OFF = (Status.ANNULE, Status.REPORTE)
# What somebody who comes must be told of.
_MATTERS = {"starts_at", "ends_at", "time_zone", "start_time", "mode", "venue", "venue_note", "join_url"}


def event_url(page: EventPage) -> str:
    """The page's public address, absolute, by ``SITE_URL``: calendars are made outside of any request."""
    url = page.get_url() or ""
    return url if "://" in url else f"{settings.SITE_URL}{url}"


@transaction.atomic
def publish_occurrences(
    *, page: EventPage, now: datetime | None = None, only_changes: bool = False
) -> list[Occurrence]:
    """Make the occurrences of a live page equal to its dates and rules; returns them in order. Idempotent.

    A date keeps its occurrence (and UID) by its key. SEQUENCE rises when a change matters to someone who comes;
    the VEVENT is rendered anew when anything in it changed, and only rows that changed are written. A date that went
    while somebody was registered stays, cancelled; another is deleted. Sends the signals of :mod:`events.signals` for
    what is to come. Brings the page's fact and the calendars' stamp up to date (the latter, with ``only_changes``,
    if an occurrence changed: the page itself is as it was).
    """
    now = (now or timezone.now()).replace(microsecond=0)
    have = {occurrence.key: occurrence for occurrence in Occurrence.objects.filter(page_id=page.pk).order_by("pk")}
    url, categories = event_url(page), sorted(theme.name for theme in page.themes.all())
    kept: list[Occurrence] = []
    born: list[Occurrence] = []
    changed: list[tuple[Occurrence, dict[str, Any]]] = []
    written = False
    for made in planned(page, now=now):
        occurrence = have.pop(made.key, None)
        if occurrence is None:
            made.created_at = now
            _render(made, page, url, categories, now)
            born.append(made)
            kept.append(made)
            continue
        before = _update(occurrence, made)
        occurrence.page = page
        rendered = _render(occurrence, page, url, categories, now)
        if rendered or before:
            occurrence.save()
            written = True
        if before:
            changed.append((occurrence, before))
        kept.append(occurrence)
    Occurrence.objects.bulk_create(born, batch_size=_BATCH)
    kept += _take_away(list(have.values()), page, url, categories, now)
    kept.sort(key=lambda occurrence: (occurrence.starts_at, occurrence.pk))
    series_changed = refresh_series(page=page, occurrences=kept, url=url, categories=categories, now=now)
    if date := page.fact_date:
        PageFact.objects.filter(page_id=page.pk).update(date=date)
    if written or born or have or series_changed or not only_changes:
        touch_agenda()
    for occurrence, before in changed:
        _tell(occurrence, before, now)
    return kept


def _update(occurrence: Occurrence, made: Occurrence) -> dict[str, Any]:
    """Give ``occurrence`` what ``made`` says; returns what it said before of what changed, by field."""
    before: dict[str, Any] = {}
    for name in (*_WALL, *_DETAILS, *_INSTANTS):
        attribute = "venue_id" if name == "venue" else name
        value, had = getattr(made, attribute), getattr(occurrence, attribute)
        if value != had:
            before[name] = had
            setattr(occurrence, attribute, value)
    return before


def _take_away(
    gone: list[Occurrence], page: EventPage, url: str, categories: list[str], now: datetime
) -> list[Occurrence]:
    """Delete the dates that are no more; those somebody registered to are kept, cancelled, and returned."""
    if not gone:
        return []
    keys = [occurrence.pk for occurrence in gone]
    registered = set(
        Registration.objects.filter(occurrence__in=keys).order_by().values_list("occurrence_id", flat=True).distinct()
    )
    kept = []
    for occurrence in gone:
        if occurrence.pk not in registered:
            continue
        kept.append(occurrence)
        occurrence.page = page
        if occurrence.status != Status.ANNULE and occurrence.past_from > now:
            before = {"status": occurrence.status}
            occurrence.status = Status.ANNULE
            _render(occurrence, page, url, categories, now)
            occurrence.save()
            _tell(occurrence, before, now)
    taken_away = Occurrence.objects.filter(pk__in=[key for key in keys if key not in registered])
    bury(taken_away, now=now)
    taken_away.delete()
    return kept


def _tell(occurrence: Occurrence, before: dict[str, Any], now: datetime) -> None:
    """Send the signals that a change of an occurrence to come calls for."""
    if occurrence.past_from <= now:
        return
    off, was_off = occurrence.status in _OFF, before.get("status", occurrence.status) in _OFF
    if off and not was_off:
        occurrence_called_off.send(Occurrence, occurrence=occurrence)
    elif not off and (was_off or set(before) & _MATTERS):
        occurrence_moved.send(Occurrence, occurrence=occurrence, before=before)
    if {"capacity", "capacity_online"} & set(before) or before.get("status") == Status.COMPLET:
        seats_changed.send(Occurrence, occurrence=occurrence)


def _render(occurrence: Occurrence, page: EventPage, url: str, categories: list[str], now: datetime) -> bool:
    """Give ``occurrence`` its VEVENT if anything in it changed, and say whether it did. Saves nothing."""
    rendered = render(occurrence, page, url, categories)
    if rendered.digest == occurrence.digest and occurrence.ics:
        return False
    if occurrence.pk and rendered.significant != occurrence.significant:
        occurrence.sequence += 1
    occurrence.significant, occurrence.digest = rendered.significant, rendered.digest
    occurrence.modified_at = now
    occurrence.ics = rendered.stamped(sequence=occurrence.sequence, created_at=occurrence.created_at, modified_at=now)
    return True


@transaction.atomic
def call_off_unpublished(*, page: EventPage, now: datetime | None = None) -> int:
    """Cancel the dates to come of a page that is no longer online, where somebody is registered; returns how many.

    They are told through the signal. Idempotent; published again, the page has its dates as before, and they are told.
    """
    now = (now or timezone.now()).replace(microsecond=0)
    coming = Occurrence.objects.filter(page_id=page.pk, past_from__gt=now).exclude(status=Status.ANNULE)
    registered = Registration.objects.active().filter(occurrence__page=page.pk).order_by().values("occurrence")
    dates = list(coming.filter(pk__in=registered).order_by("starts_at", "pk"))
    if not dates:
        return 0
    url, categories = event_url(page), sorted(theme.name for theme in page.themes.all())
    for occurrence in dates:
        before = {"status": occurrence.status}
        occurrence.page, occurrence.status = page, Status.ANNULE
        _render(occurrence, page, url, categories, now)
        occurrence.save()
        _tell(occurrence, before, now)
    return len(dates)


def publish_all(pages: QuerySet[EventPage]) -> int:
    """:func:`publish_occurrences` for each live page among ``pages``; returns how many. Memory stays bounded."""
    count = 0
    for page in pages.filter(live=True).order_by("pk").iterator(_BATCH):
        publish_occurrences(page=page)
        count += 1
    return count


def touch_agenda() -> None:
    """Tell calendars that something they may carry changed. Part of the caller's transaction."""
    now = timezone.now()
    if not AgendaStamp.objects.filter(pk=1).update(version=F("version") + 1, changed_at=now):
        AgendaStamp.objects.bulk_create([AgendaStamp(pk=1, changed_at=now)], ignore_conflicts=True)


def agenda_stamp() -> tuple[int, datetime]:
    """The version of what calendars carry, and when it changed last. One query."""
    stamp = AgendaStamp.objects.filter(pk=1).first()
    return (stamp.version, stamp.changed_at) if stamp else (0, datetime(2026, 1, 1, tzinfo=UTC))


def refresh_dates(*, now: datetime | None = None) -> int:
    """As time passes, bring the date of each event's fact to its next occurrence, else its last; returns how many
    changed. Idempotent, two queries when nothing changed: what the schedule runs.
    """
    now = now or timezone.now()
    mine = Occurrence.objects.filter(page_id=OuterRef("page_id"))
    coming = mine.filter(past_from__gt=now).order_by("starts_at").values("starts_at")[:1]
    last = mine.order_by("-starts_at").values("starts_at")[:1]
    expected = Coalesce(Subquery(coming), Subquery(last))
    stale = PageFact.objects.filter(kind=ContentKind.EVENT).annotate(expected=expected).exclude(date=F("expected"))
    changed = 0
    for page_id, date in stale.filter(expected__isnull=False).order_by("page_id").values_list("page_id", "expected"):
        changed += PageFact.objects.filter(page_id=page_id).update(date=date)
    if changed:
        invalidate_pages(ContentKind.EVENT)
    return changed


def extend_series(*, now: datetime | None = None) -> int:
    """As time passes, make the dates that came within the horizon; returns how many pages were published anew.

    Idempotent: what the schedule runs once a day. A page is due when its last date made by a rule is a month short of
    the horizon and one of its rules goes on; pages are read in batches.
    """
    now = now or timezone.now()
    short = series.horizon(now.date()) - timedelta(days=30)
    mine = Occurrence.objects.filter(page_id=OuterRef("page_id"), rule_key=OuterRef("key")).order_by()
    made = mine.values("rule_key").annotate(number=Count("pk"), last=Max("rule_date"))
    rules_online = EventRule.objects.filter(page__live=True).annotate(
        number=Coalesce(Subquery(made.values("number")), 0), last=Subquery(made.values("last"))
    )
    due = rules_online.filter(
        Q(last=None) | Q(last__lt=short), Q(until=None) | Q(until__gt=short), Q(count=None) | Q(count__gt=F("number"))
    )
    count = 0
    for page in EventPage.objects.filter(pk__in=due.values("page_id")).order_by("pk").iterator(_BATCH):
        publish_occurrences(page=page, now=now, only_changes=True)
        count += 1
    return count


def pages_under(path: str) -> QuerySet[EventPage]:
    pages: QuerySet[EventPage] = EventPage.objects.filter(path__startswith=path)
    return pages
