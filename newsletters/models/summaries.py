"""The sums of a campaign, which outlive the log of its copies."""

from __future__ import annotations

from django.db import models

from .campaigns import Campaign
from .lists import MailingList


class CampaignSummary(models.Model):
    """What became of the copies that one campaign sent to one list. No person is in it.

    Renewed by the schedule while the campaign is recent; ``final`` once its log was purged: then it is all that is
    known, and statistics read it. ``skipped`` is ``{reason: number}``; ``hours`` is ``[[hour, number], …]``, the hour
    in UTC as ``2026-11-23T05``.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="summaries", verbose_name="envoi")
    recipients = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0)
    hard_bounced = models.PositiveIntegerField(default=0)
    soft_bounced = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    complained = models.PositiveIntegerField(default=0)
    unsubscribed = models.PositiveIntegerField(default=0)
    measured = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    clicked = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(default=dict)
    hours = models.JSONField(default=list)
    made_at = models.DateTimeField()
    final = models.BooleanField(default=False)
    # Last: it hides the type of the same name from what follows.
    list = models.ForeignKey(MailingList, models.PROTECT, related_name="+", verbose_name="liste")

    class Meta:
        verbose_name = "bilan d’envoi"
        verbose_name_plural = "bilans d’envois"
        ordering = ["campaign", "list__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "list"], name="campaign_summary_once")]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.list}"
