"""Messages of a person's own (welcome, questions, links), and an address that waits to be proven."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from ..enums import MailKind, MailState
from .subscribers import Subscriber, Subscription

CHANGE_LIFE = timedelta(days=3)


class PersonalMail(models.Model):
    """One message to one person, written in the transaction of what it is about and sent once.

    It holds no address and no text: both are read when it is sent (:mod:`newsletters.people.ledger`). ``moment`` tells
    two messages of a kind apart: the subscription welcomed, the day of the question, the change of address.
    """

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="mails")
    subscription = models.ForeignKey(Subscription, models.CASCADE, null=True, related_name="+")
    kind = models.CharField("message", max_length=10, choices=MailKind.choices)
    moment = models.CharField(max_length=40)
    state = models.CharField("état", max_length=10, choices=MailState.choices, default=MailState.WAITING)
    due_at = models.DateTimeField("à envoyer le", default=timezone.now)
    claim = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    created_at = models.DateTimeField("écrit le", default=timezone.now)
    sent_at = models.DateTimeField("envoyé le", null=True)

    class Meta:
        verbose_name = "message à un abonné"
        verbose_name_plural = "messages aux abonnés"
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["subscriber", "kind", "moment"], name="personal_mail_once")]
        indexes = [
            models.Index(
                fields=["state", "due_at"],
                condition=models.Q(state__in=[MailState.WAITING, MailState.SENDING]),
                name="personal_mail_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.created_at:%d/%m/%Y %H:%M}"


class AddressChange(models.Model):
    """A person's new address, until its holder confirms it. Used once, within :data:`CHANGE_LIFE`."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="address_changes")
    address = models.CharField("nouvelle adresse", max_length=254)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "changement d’adresse"
        verbose_name_plural = "changements d’adresse"
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["address", "created_at"], name="address_change_recent")]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def expires_at(self) -> datetime:
        return self.created_at + CHANGE_LIFE

    @property
    def is_usable(self) -> bool:
        return self.used_at is None and timezone.now() < self.expires_at
