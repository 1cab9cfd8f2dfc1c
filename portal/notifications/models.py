"""What people are told, and how often they want to hear of it by mail."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from .enums import Frequency, MailState


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, user: object) -> Self:
        """Those of one person."""
        return self.filter(recipient=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    """One thing told to one person: unique by (recipient, kind, event). Written by ``services.notify`` only.

    ``event`` names what happened ("review:<uuid>:approved"): told twice, it is one row. ``subject`` and ``text`` are
    written once, from ``context``. ``url`` is a path of the portal. ``frequency`` is how its mail leaves, ``due_at``
    from when (None: no mail); ``claim`` and ``leased_until`` say which process is at it (docs/notifications.md).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name="destinataire"
    )
    kind = models.CharField("nature", max_length=60)
    event = models.CharField("événement", max_length=200)
    subject = models.CharField("objet", max_length=200)
    text = models.TextField("texte", blank=True)
    url = models.CharField("adresse", max_length=500, blank=True)
    context = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField("le", default=timezone.now, editable=False)
    read_at = models.DateTimeField("lue le", null=True, blank=True)
    frequency = models.CharField("envoi", max_length=10, choices=Frequency.choices, default=Frequency.INSTANT)
    mail = models.CharField("message", max_length=10, choices=MailState.choices, default=MailState.NONE)
    due_at = models.DateTimeField("à envoyer à partir du", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    claim = models.UUIDField(null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "notification"
        verbose_name_plural = "notifications"
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "event"], name="notice_once"),
            models.CheckConstraint(
                condition=~models.Q(mail=MailState.WAITING) | models.Q(due_at__isnull=False),
                name="notice_waits_for_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "id"], name="notice_list"),
            models.Index(fields=["recipient"], condition=models.Q(read_at=None), name="notice_unread"),
            models.Index(
                fields=["due_at"],
                condition=models.Q(mail__in=[MailState.WAITING, MailState.SENDING]),
                name="notice_to_send",
            ),
            models.Index(fields=["claim"], condition=models.Q(claim__isnull=False), name="notice_claim"),
            models.Index(fields=["read_at"], name="notice_read"),
        ]

    def __str__(self) -> str:
        return self.subject


class Preference(models.Model):
    """How often one person hears of one category by mail; without a row, the category's default."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_preferences", verbose_name="personne"
    )
    category = models.CharField("sujet", max_length=30)
    frequency = models.CharField("fréquence", max_length=10, choices=Frequency.choices)

    class Meta:
        verbose_name = "choix de notification"
        verbose_name_plural = "choix de notification"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "category"], name="notification_preference_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.category} · {self.get_frequency_display()}"
