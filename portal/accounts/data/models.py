"""Erasures, asked for and done."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .enums import Origin


class Erasure(models.Model):
    """One erasure of an account: asked for, then cancelled or done. It names the account, never the person."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="erasures", verbose_name="compte"
    )
    origin = models.CharField("origine", max_length=10, choices=Origin.choices)
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    due_at = models.DateTimeField("prévu le")
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True)
    done_at = models.DateTimeField("fait le", null=True, blank=True)

    class Meta:
        verbose_name = "effacement"
        verbose_name_plural = "effacements"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(cancelled_at=None, done_at=None), name="erasure_pending_once"
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(cancelled_at=None, done_at=None), name="erasure_due")]

    def __str__(self) -> str:
        return f"{self.get_origin_display()} · {self.asked_at:%d/%m/%Y}"

    @property
    def is_pending(self) -> bool:
        return self.cancelled_at is None and self.done_at is None
