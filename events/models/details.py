"""What one date, or a run of dates, may have of its own."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models

from ..enums import Mode
from .venues import Venue

MOST_SEATS = 100_000


class OwnDetails(models.Model):
    """Title, place, way of taking part and seats where they differ from the page's; empty: the page's.

    A capacity is a number of seats; 0 is none. Join links are secret: see :class:`~events.models.EventPage`.
    """

    title = models.CharField("titre de cette date", max_length=255, blank=True)
    mode = models.CharField("mode de cette date", max_length=10, choices=Mode.choices, blank=True)
    venue = models.ForeignKey(
        Venue, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="lieu de cette date"
    )
    venue_note = models.CharField("précision de lieu", max_length=150, blank=True)
    join_url = models.URLField("lien de connexion", max_length=500, blank=True)
    capacity = models.PositiveIntegerField(
        "places sur place", null=True, blank=True, validators=[MaxValueValidator(MOST_SEATS)]
    )
    capacity_online = models.PositiveIntegerField(
        "places en ligne", null=True, blank=True, validators=[MaxValueValidator(MOST_SEATS)]
    )

    OWN = ("title", "mode", "venue", "venue_note", "join_url", "capacity", "capacity_online")

    class Meta:
        abstract = True
