"""What is left of a dossier that was erased."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from portal.territories.models import Territory

from .dossiers import Dossier
from .types import DossierType


class Tombstone(models.Model):
    """A deposited dossier that was erased at the end of its retention: that it was, and nothing of anybody.

    ``codes``: SHA-256 of the codes of its decisions, one a line: who has one on paper is told that it is erased.
    """

    number = models.CharField("numéro", max_length=30, unique=True)
    type = models.ForeignKey(DossierType, models.PROTECT, related_name="+", verbose_name="type")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name="territoire")
    state = models.CharField("état", max_length=20, choices=Dossier._meta.get_field("state").choices)
    deposited_at = models.DateTimeField("déposé le")
    closed_at = models.DateTimeField("clos le")
    erased_at = models.DateTimeField("effacé le", default=timezone.now)
    #: Head of its chain of events.
    last_event_number = models.PositiveIntegerField()
    last_event_hash = models.CharField(max_length=64)
    codes = models.TextField(blank=True)

    class Meta:
        verbose_name = "dossier effacé"
        verbose_name_plural = "dossiers effacés"
        ordering = ["-erased_at", "pk"]

    def __str__(self) -> str:
        return self.number
