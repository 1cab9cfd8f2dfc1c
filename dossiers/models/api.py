"""Tokens of the API and webhooks."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.territories.models import Territory

from .dossiers import Dossier
from .log import DossierEvent


class ApiToken(models.Model):
    """A key to the API, in the name of one person and never wider than their rights. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="personne")
    name = models.CharField("nom", max_length=80)
    #: SHA-256 of the secret; ``prefix`` is its beginning, to tell keys apart.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(max_length=12, editable=False)
    #: "dossiers:read", "dossiers:decide".
    scopes = models.JSONField("droits", default=list)
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="limité à"
    )
    created_at = models.DateTimeField("créée le", default=timezone.now, editable=False)
    expires_at = models.DateTimeField("valable jusqu’au")
    last_used_at = models.DateTimeField("dernière utilisation", null=True, editable=False)
    revoked_at = models.DateTimeField("révoquée le", null=True, editable=False)

    class Meta:
        verbose_name = "clé d’API"
        verbose_name_plural = "clés d’API"
        ordering = ["-created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class Webhook(models.Model):
    """An address that is told of the events of dossiers that its owner instructs, inside ``territory``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="personne")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name="territoire")
    url = models.URLField("adresse", max_length=500)
    secret = models.CharField(max_length=64, editable=False)
    #: Kinds of events (:class:`~dossiers.enums.EventKind`); empty: every change of state.
    kinds = models.JSONField("événements", default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    #: Set by its owner, or by the portal after too many failures in a row.
    disabled_at = models.DateTimeField("arrêté le", null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "webhook"
        verbose_name_plural = "webhooks"
        ordering = ["-created_at", "pk"]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One event to one webhook: a row written with the event, sent after the commit, tried again with a delay."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="+")
    event = models.ForeignKey(DossierEvent, models.CASCADE, related_name="+")
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    attempts = models.PositiveIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True)
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="dossier_webhook_once")]

    def __str__(self) -> str:
        return f"{self.webhook_id} · {self.event_id}"
