"""Occurrences: what is listed, put in calendars, and later registered for."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from ..enums import Mode, Status, Zone
from ..text import NBSP, when_text
from .details import Placed

# What lists read (portal.core.cards says why no more): of the date, of its page, of its venue.
_LISTED = (
    *("page", "uid", "start_date", "start_time", "end_date", "end_time", "time_zone", "last_day", "starts_at"),
    *("status", "note", "title", "mode", "venue", "venue_note", "created_at", "modified_at"),
    *(f"page__{name}" for name in ("title", "url_path", "lead", "format", "echelon", "first_published_at")),
    *(f"venue__{name}" for name in ("name", "address", "postal_code", "commune__name")),
    "page__fact__territory__name",
)


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def live_public(self) -> Self:
        """Occurrences of pages that anyone may read."""
        return self.filter(page__fact__visible=True)

    def upcoming(self, now: datetime | None = None) -> Self:
        """Not past: what ends today, where it is held, is still to come."""
        return self.filter(past_from__gt=now or timezone.now())

    def past(self, now: datetime | None = None) -> Self:
        return self.filter(past_from__lte=now or timezone.now())

    def on_days(self, first: date | None, last: date | None) -> Self:
        """Those with a day, where they are held, between ``first`` and ``last`` (either may be None)."""
        items = self
        if first:
            items = items.filter(last_day__gte=first)
        if last:
            items = items.filter(start_date__lte=last)
        return items

    def for_month(self) -> Self:
        """With what the month's table shows of each."""
        shown = (
            "start_date",
            "last_day",
            "start_time",
            "starts_at",
            "status",
            "title",
            "page__title",
            "page__url_path",
        )
        return self.select_related(None).select_related("page").only(*shown)

    def first_of_each(self, among: models.QuerySet[Occurrence]) -> Self:
        """Those before which ``among`` has no date of the same event: one an event, so that few rows are read."""
        earlier = Q(starts_at__lt=OuterRef("starts_at")) | Q(starts_at=OuterRef("starts_at"), pk__lt=OuterRef("pk"))
        return self.filter(~Exists(among.filter(earlier, page=OuterRef("page"))))

    def soonest(self, limit: int, now: datetime | None = None) -> OccurrenceQuerySet:
        """The first ``limit`` that are not past, in order. Those under way and those ahead are two ranges of the index
        on the start: ordering everything to come would read it all.
        """
        now = now or timezone.now()
        ordered = self.order_by("starts_at", "pk").values("pk")
        under_way = ordered.filter(starts_at__lte=now, past_from__gt=now)[:limit]
        ahead = ordered.filter(starts_at__gt=now)[:limit]
        found = Occurrence.objects.filter(Q(pk__in=under_way) | Q(pk__in=ahead))
        return found.order_by("starts_at", "pk")[:limit]

    def for_lists(self) -> Self:
        """With what cards, the month and feeds show, in one query."""
        return self.select_related("page__fact__territory", "venue__commune").only(*_LISTED)


class Occurrence(Placed, models.Model):
    """One time an event takes place, made from the page's dates by :func:`events.services.publish_occurrences`.

    Wall time and IANA zone are the truth; the UTC instants follow from them. ``past_from`` is the instant from which it
    is past: the midnight after its last local day. ``ics`` is its VEVENT as served, made at publication.
    """

    page = models.ForeignKey("events.EventPage", models.CASCADE, related_name="occurrences")
    key = models.UUIDField(help_text="Of the page's date it comes from.")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    start_date = models.DateField()
    start_time = models.TimeField(null=True)
    end_date = models.DateField()
    end_time = models.TimeField(null=True)
    time_zone = models.CharField(max_length=40, choices=Zone.choices)
    last_day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    past_from = models.DateTimeField()
    status = models.CharField(max_length=15, choices=Status.choices)
    note = models.CharField(max_length=200, blank=True)
    # Those in force: the date's own, else its rule's, else the page's; the title only where it is not the page's.
    title = models.CharField(max_length=255, blank=True)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.SUR_PLACE)
    venue = models.ForeignKey("events.Venue", models.PROTECT, null=True, related_name="occurrences")
    venue_note = models.CharField(max_length=150, blank=True)
    join_url = models.URLField(max_length=500, blank=True)
    capacity = models.PositiveIntegerField(null=True)
    capacity_online = models.PositiveIntegerField(null=True)
    rule_key = models.UUIDField(null=True)
    rule_date = models.DateField(null=True)
    sequence = models.PositiveIntegerField(default=0)
    significant = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()
    ics = models.BinaryField(default=b"")
    # Whether feeds had it, and where: what a tombstone says once they no longer do (events.ical.tombstones).
    announced = models.BooleanField(default=False)
    announced_space = models.PositiveBigIntegerField(null=True)
    announced_territory = models.PositiveBigIntegerField(null=True)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = "date d'événement"
        verbose_name_plural = "dates d'événements"
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "key"], name="occurrence_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="occurrence_order"),
        ]
        indexes = [
            models.Index(fields=["past_from", "starts_at"], name="occurrence_past_from"),
            # ``past_from`` so that those under way are found in the index alone.
            models.Index(fields=["starts_at", "id", "past_from"], name="occurrence_starts_at"),
            models.Index(fields=["start_date", "last_day"], name="occurrence_days"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id} · {self.when}"

    @property
    def shown_title(self) -> str:
        """Its own title, else its event's."""
        return self.title or self.page.title

    @property
    def brief_place(self) -> str:
        """« Médiathèque, Dax », « En ligne », « Médiathèque, Dax et en ligne »: beside a date of the event's page."""
        if (venue := self.shown_venue) is None:
            return self.short_place
        return ", ".join(part for part in (venue.name, self.venue_note, self.short_place) if part)

    @property
    def all_day(self) -> bool:
        return self.start_time is None

    @property
    def when(self) -> str:
        """Days and hours in words, on the clocks of where it is held."""
        return when_text(self.start_date, self.start_time, self.end_date, self.end_time)

    @property
    def zone_text(self) -> str:
        """« heure de Paris »; empty for whole days."""
        return "" if self.all_day else Zone(self.time_zone).label

    @property
    def when_and_zone(self) -> str:
        return f"{self.when} ({self.zone_text})" if self.zone_text else self.when

    @property
    def local_start(self) -> datetime:
        return self.starts_at.astimezone(ZoneInfo(self.time_zone))

    @property
    def local_end(self) -> datetime:
        return self.ends_at.astimezone(ZoneInfo(self.time_zone))

    @property
    def machine_start(self) -> str:
        """For ``<time datetime>`` and JSON-LD: a date for whole days, else an instant with its offset."""
        return self.start_date.isoformat() if self.all_day else self.local_start.isoformat()

    @property
    def machine_end(self) -> str:
        return self.end_date.isoformat() if self.all_day else self.local_end.isoformat()

    @property
    def is_past(self) -> bool:
        return self.past_from <= timezone.now()

    @property
    def is_cancelled(self) -> bool:
        return self.status == Status.ANNULE

    @property
    def is_ordinary(self) -> bool:
        """Programmed as announced: no badge needed beside the date."""
        return self.status == Status.PROGRAMME

    @property
    def status_text(self) -> str:
        return Status(self.status).label

    @property
    def badge(self) -> str:
        """The DSFR badge's variant for the status."""
        return {
            Status.ANNULE: "fr-badge--error",
            Status.REPORTE: "fr-badge--warning",
            Status.COMPLET: "fr-badge--warning",
            Status.REPROGRAMME: "fr-badge--info",
            Status.PASSE_EN_LIGNE: "fr-badge--info",
        }.get(Status(self.status), "fr-badge--success")

    @property
    def short_hours(self) -> str:
        """« 9 h 30 », or nothing for whole days."""
        if self.start_time is None:
            return ""
        minutes = f"{NBSP}{self.start_time.minute:02d}" if self.start_time.minute else ""
        return f"{self.start_time.hour}{NBSP}h{minutes}"


class AgendaStamp(models.Model):
    """One row (pk 1): counts the changes to what calendars may carry, so that a 304 is answered without reading one.

    ``changed_at`` never goes backwards, deletions and unpublications included.
    """

    version = models.PositiveBigIntegerField(default=1)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.version}"
