"""State changes of events, one function each."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.core.enums import ContentKind
from portal.core.models import PageFact
from portal.core.page_cache import invalidate_pages

from .ical import render
from .models import AgendaStamp, EventPage, Occurrence
from .planning import occurrence_of

_BATCH = 200
_WALL = ("start_date", "start_time", "end_date", "end_time", "time_zone", "status", "note")
_DETAILS = ("title", "mode", "venue", "venue_note", "join_url", "capacity", "capacity_online", "rule_key", "rule_date")
_INSTANTS = ("starts_at", "ends_at", "last_day", "past_from")


def event_url(page: EventPage) -> str:
    """The page's public address, absolute, by ``SITE_URL``: calendars are made outside of any request."""
    url = page.get_url() or ""
    return url if "://" in url else f"{settings.SITE_URL}{url}"


@transaction.atomic
def publish_occurrences(*, page: EventPage, now: datetime | None = None) -> list[Occurrence]:
    """Make the occurrences of a live page equal to its dates; returns them in order. Idempotent.

    A date keeps its occurrence (and UID) by its key. SEQUENCE rises when a change matters to someone who comes;
    the VEVENT is rendered anew when anything in it changed. Brings the page's fact and the calendars' stamp up to date.
    """
    now = (now or timezone.now()).replace(microsecond=0)
    have = {occurrence.key: occurrence for occurrence in Occurrence.objects.filter(page_id=page.pk).order_by("pk")}
    url, categories = event_url(page), sorted(theme.name for theme in page.themes.all())
    kept: list[Occurrence] = []
    for entered in page.dates.all():
        made = occurrence_of(page, entered)
        occurrence = have.pop(entered.key, None)
        if occurrence is None:
            occurrence = made
            occurrence.created_at = now
        else:
            for name in (*_WALL, *_DETAILS, *_INSTANTS):
                setattr(occurrence, name, getattr(made, name))
            occurrence.page = page
        _render(occurrence, page, url, categories, now)
        kept.append(occurrence)
    if have:
        Occurrence.objects.filter(pk__in=[occurrence.pk for occurrence in have.values()]).delete()
    if date := page.fact_date:
        PageFact.objects.filter(page_id=page.pk).update(date=date)
    touch_agenda()
    return sorted(kept, key=lambda occurrence: (occurrence.starts_at, occurrence.pk))


def _render(occurrence: Occurrence, page: EventPage, url: str, categories: list[str], now: datetime) -> None:
    """Write ``occurrence`` with its VEVENT, if anything in it changed."""
    rendered = render(occurrence, page, url, categories)
    if rendered.digest != occurrence.digest or not occurrence.ics:
        if occurrence.pk and rendered.significant != occurrence.significant:
            occurrence.sequence += 1
        occurrence.significant, occurrence.digest = rendered.significant, rendered.digest
        occurrence.modified_at = now
        occurrence.ics = rendered.stamped(
            sequence=occurrence.sequence, created_at=occurrence.created_at, modified_at=now
        )
    occurrence.save()


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


def pages_under(path: str) -> QuerySet[EventPage]:
    pages: QuerySet[EventPage] = EventPage.objects.filter(path__startswith=path)
    return pages
