"""The links of what was sent, and how often they were followed."""

from __future__ import annotations

from django.db import models

from .campaigns import Campaign
from .deliveries import Delivery


class TrackedLink(models.Model):
    """One address that a campaign's letter leads to. The mail carries the row's number, never the address itself: what
    answers leads nowhere but to what the letter said (no open redirect)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="links")
    position = models.PositiveSmallIntegerField("place dans la lettre")
    url = models.URLField("adresse", max_length=2000)
    label = models.CharField("texte", max_length=200, blank=True)

    class Meta:
        verbose_name = "lien suivi"
        verbose_name_plural = "liens suivis"
        ordering = ["campaign", "position"]
        constraints = [models.UniqueConstraint(fields=["campaign", "position"], name="tracked_link_once")]

    def __str__(self) -> str:
        return self.label or self.url


class Click(models.Model):
    """A link followed once. ``delivery`` only where its person agreed to be measured: else nobody is known."""

    link = models.ForeignKey(TrackedLink, models.CASCADE, related_name="clicks")
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, blank=True, related_name="clicks")
    at = models.DateTimeField("le")
    # Followed by what protects a mailbox, not by a person (:mod:`newsletters.tracking`): kept out of every count.
    machine = models.BooleanField("suivi par un logiciel", default=False)

    class Meta:
        verbose_name = "clic"
        verbose_name_plural = "clics"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["link", "at"], name="click_link")]

    def __str__(self) -> str:
        return f"{self.link_id} · {self.at:%d/%m/%Y %H:%M}"
