"""The sending of one letter to some lists and segments."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from portal.territories.models import Territory

from ..enums import CampaignState, PauseReason
from .lists import MailingList
from .segments import Segment
from .settings import ERROR_PERCENT


class Campaign(models.Model):
    """One sending: what is sent (frozen), to whom, when, how fast, and where it stands.

    Changed by :mod:`newsletters.services.campaigns` and :mod:`newsletters.sending` only. ``version`` rises with each
    change of state: who acts says which one they saw, and the second of two people who press « Envoyer » is refused.

    *Frozen* when approval is asked for or, without one, when it is scheduled: ``frozen_revision`` of the letter,
    ``frozen_pages`` (one ``{"page": pk, "revision": pk, "title", "url"}`` for each page in it), and what they gave:
    ``subject``, ``preheader``, ``html`` and ``text``, in which :mod:`newsletters.sending.tokens`' marks stand for what
    differs from one person to the next.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    letter = models.ForeignKey(
        "newsletters.NewsletterPage", models.PROTECT, related_name="campaigns", verbose_name="lettre"
    )
    # The space's, for rights: it stays where the letter was sent from.
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name="territoire")
    lists = models.ManyToManyField(MailingList, related_name="campaigns", blank=True, verbose_name="listes")
    segments = models.ManyToManyField(Segment, related_name="campaigns", blank=True, verbose_name="segments")
    state = models.CharField("état", max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)

    scheduled_at = models.DateTimeField("départ", null=True, blank=True)
    time_zone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    window_start = models.TimeField("pas avant", null=True, blank=True)
    window_end = models.TimeField("pas après", null=True, blank=True)
    weekdays_only = models.BooleanField("du lundi au vendredi seulement", default=False)
    per_minute = models.PositiveIntegerField("messages par minute", null=True, blank=True)
    per_hour = models.PositiveIntegerField("messages par heure", null=True, blank=True)
    per_day = models.PositiveIntegerField("messages par jour", null=True, blank=True)
    error_percent = models.PositiveSmallIntegerField(
        "pause automatique",
        default=ERROR_PERCENT,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="Part d’adresses refusées, en pour cent, à partir de laquelle l’envoi se met en pause.",
    )

    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    frozen_revision = models.ForeignKey(
        "wagtailcore.Revision", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    frozen_pages = models.JSONField(default=list, blank=True, editable=False)
    subject = models.CharField("objet", max_length=200, blank=True, editable=False)
    preheader = models.CharField("texte d’aperçu", max_length=200, blank=True, editable=False)
    html = models.TextField(blank=True, editable=False)
    text = models.TextField(blank=True, editable=False)

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    requested_at = models.DateTimeField("approbation demandée le", null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    approved_at = models.DateTimeField("approuvé le", null=True, blank=True, editable=False)

    # When the snapshot of recipients was complete, and how many they are. Nothing is sent before.
    # The last person (by number) whom the snapshot has dealt with: it goes on from there after a kill.
    snapshot_cursor = models.PositiveBigIntegerField(default=0, editable=False)
    snapshot_at = models.DateTimeField(null=True, blank=True, editable=False)
    recipients = models.PositiveIntegerField("destinataires", default=0, editable=False)
    started_at = models.DateTimeField("parti le", null=True, blank=True, editable=False)
    finished_at = models.DateTimeField("terminé le", null=True, blank=True, editable=False)
    pause_reason = models.CharField(max_length=10, choices=PauseReason.choices, blank=True, editable=False)
    pause_detail = models.CharField(max_length=300, blank=True, editable=False)
    # While the transport is away: when it is tried again, and how often it was in vain.
    retry_at = models.DateTimeField(null=True, blank=True, editable=False)
    transport_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    class Meta:
        verbose_name = "envoi"
        verbose_name_plural = "envois"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=CampaignState.SCHEDULED) | Q(scheduled_at__isnull=False, frozen_at__isnull=False),
                name="campaign_scheduled_is_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.FINISHED])
                | Q(started_at__isnull=False, frozen_at__isnull=False),
                name="campaign_started_is_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CampaignState.FINISHED]) | Q(finished_at__isnull=False),
                name="campaign_finished_has_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "scheduled_at"],
                condition=Q(state__in=[CampaignState.SCHEDULED, CampaignState.RUNNING]),
                name="campaign_due",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or str(self.letter)
