"""The log of a dossier, and the acts that forms did."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from ..enums import EventKind, Side
from .dossiers import Dossier
from .types import ImmutableError


class DossierEventQuerySet(models.QuerySet["DossierEvent"]):
    def update(self, **kwargs: Any) -> int:
        raise ImmutableError("The log of a dossier is only added to.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise ImmutableError("The log of a dossier is only added to.")

    def purge(self) -> tuple[int, dict[str, int]]:
        """Deletes, with the whole dossier, once its retention is over (``dossiers.retention``)."""
        return super().delete()


class DossierEvent(models.Model):
    """One line of a dossier's history, chained to the one before (:mod:`dossiers.journal`). Never changed.

    ``data`` is what the event says beside who and when: plain values, no personal data that is not the dossier's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField("événement", max_length=40, choices=EventKind.choices)
    at = models.DateTimeField("le", default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="par")
    #: The actor's name then: an account renamed or closed changes nothing.
    actor_label = models.CharField(max_length=200)
    side = models.CharField(max_length=20, choices=Side.choices)
    from_state = models.CharField(max_length=20, blank=True, default="")
    to_state = models.CharField(max_length=20, blank=True, default="")
    #: The dossier's ``version`` after it.
    dossier_version = models.PositiveIntegerField()
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = DossierEventQuerySet.as_manager()

    class Meta:
        verbose_name = "événement"
        verbose_name_plural = "événements"
        ordering = ["dossier", "number"]
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="dossier_event_once")]
        indexes = [models.Index(fields=["kind", "at"], name="dossier_event_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ImmutableError("The log of a dossier is only added to.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ImmutableError("The log of a dossier is only added to.")


class ActKey(models.Model):
    """An act that was done, by the key that its form carried: the same form sent twice acts once."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="+")
    action = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="dossier_act_once")]

    def __str__(self) -> str:
        return f"{self.action} · {self.key}"
