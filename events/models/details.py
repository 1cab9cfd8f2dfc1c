"""What one date, or a run of dates, may have of its own."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models

from ..enums import Mode
from .venues import Venue

MOST_SEATS = 100_000


class Placed:
    """The words of a place, for what has ``mode``, ``venue`` and ``venue_note``: an event, or one of its dates."""

    mode: Any
    venue: Any
    venue_id: Any
    venue_note: Any

    @property
    def is_online(self) -> bool:
        """Whether one can take part online."""
        return self.mode in (Mode.EN_LIGNE, Mode.HYBRIDE)

    @property
    def shown_venue(self) -> Venue | None:
        """Where one goes; None where nobody does."""
        return self.venue if self.mode != Mode.EN_LIGNE and self.venue_id else None

    @property
    def place_text(self) -> str:
        """« Mairie, salle 2, 4 rue du Lavoir, 40000 Mont-de-Marsan », or « En ligne »."""
        if (venue := self.shown_venue) is None:
            return "En ligne" if self.mode == Mode.EN_LIGNE else ""
        return ", ".join(part for part in (venue.name, self.venue_note, venue.full_address) if part)

    @property
    def short_place(self) -> str:
        """« Mont-de-Marsan », « En ligne », « Dax et en ligne »: for cards."""
        if (venue := self.shown_venue) is None:
            return "En ligne" if self.is_online else ""
        town = str(venue.commune.name)
        return f"{town} et en ligne" if self.mode == Mode.HYBRIDE else town


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
