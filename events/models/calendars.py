"""What calendars are made of beside occurrences: series, what went away, the address of somebody's own calendar."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from ..enums import Zone
from .occurrences import OccurrenceQuerySet

if TYPE_CHECKING:
    from datetime import datetime


class SeriesCalendar(models.Model):
    """The dates of one rule of a page as one recurring VEVENT and what departs from it, rendered at publication.

    ``uid`` is the series', whatever becomes of it; ``position`` orders the rules of the page. Kept by
    :func:`events.ical.series.refresh_series`.
    """

    page = models.ForeignKey("events.EventPage", models.CASCADE, related_name="series_calendars")
    rule_key = models.UUIDField()
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    time_zone = models.CharField(max_length=40, blank=True, help_text="Empty: whole days only.")
    sequence = models.PositiveIntegerField(default=0)
    significant = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()
    ics = models.BinaryField(default=b"")

    class Meta:
        verbose_name = "calendrier d'une série"
        verbose_name_plural = "calendriers de séries"
        constraints = [models.UniqueConstraint(fields=["page", "rule_key"], name="series_calendar_once")]

    def __str__(self) -> str:
        return f"{self.uid}"


class TombstoneQuerySet(models.QuerySet["Tombstone"]):
    """Dates that went, asked about time as occurrences are: the fields have the same names."""

    upcoming = OccurrenceQuerySet.upcoming
    past = OccurrenceQuerySet.past
    on_days = OccurrenceQuerySet.on_days

    def standing(self, now: datetime) -> TombstoneQuerySet:
        return self.filter(expires_at__gt=now)


class Tombstone(models.Model):
    """A date that anyone could read and no longer can: unpublished, deleted, made private.

    Its VEVENT (``ics``) is cancelled and says when, nothing else. It stays where it was shown until ``expires_at``:
    ``space_id`` and ``territory_id`` are those of its page then, ``facets`` what the filters read of it. No foreign
    key: what it was about may be gone.
    """

    uid = models.UUIDField(unique=True)
    page_id = models.PositiveBigIntegerField(db_index=True)
    space_id = models.PositiveBigIntegerField(null=True)
    territory_id = models.PositiveBigIntegerField(null=True)
    facets = models.JSONField(default=dict)
    start_date = models.DateField()
    last_day = models.DateField()
    starts_at = models.DateTimeField()
    past_from = models.DateTimeField()
    time_zone = models.CharField(max_length=40, choices=Zone.choices)
    all_day = models.BooleanField()
    sequence = models.PositiveIntegerField()
    gone_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ics = models.BinaryField()

    objects = TombstoneQuerySet.as_manager()

    class Meta:
        verbose_name = "date retirée"
        verbose_name_plural = "dates retirées"
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["expires_at", "starts_at"], name="tombstone_standing")]

    def __str__(self) -> str:
        return f"{self.uid}"


class CalendarToken(models.Model):
    """The address of somebody's own calendar. Whoever has it reads their registrations, until it is revoked.

    The secret in the address is derived from ``id`` and the portal's key; only its digest is kept. ``last_used_on`` is
    the day it was last asked for: enough to see that a calendar still reads it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_tokens")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    class Meta:
        verbose_name = "adresse de calendrier"
        verbose_name_plural = "adresses de calendrier"
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(revoked_at=None), name="calendar_token_once")
        ]

    def __str__(self) -> str:
        return f"{self.id}"
