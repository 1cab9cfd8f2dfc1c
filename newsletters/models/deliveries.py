"""One row for each copy of a letter, and what was heard of it afterwards."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from ..enums import DeliveryState, EventKind, SkipReason
from .campaigns import Campaign
from .lists import MailingList
from .subscribers import Subscriber, Subscription


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def sent(self) -> Self:
        """Copies that a server took charge of."""
        return self.filter(state__in=[state for state in DeliveryState if state.is_sent])

    def open(self) -> Self:
        """Copies that are still to be sent, or being sent."""
        return self.filter(state__in=[DeliveryState.WAITING, DeliveryState.SENDING])


class Delivery(models.Model):
    """One person's copy: taken at the launch, sent at most once.

    ``claim`` and ``leased_until`` say which process is sending it and until when that is believed. ``message_id`` is
    fixed with the snapshot: a copy whose fate is unknown is recognised by it. ``address`` becomes the keyed hash when
    its person is erased, and empties nothing else: the counts stay true.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="deliveries", verbose_name="envoi")
    list = models.ForeignKey(MailingList, models.PROTECT, related_name="+", verbose_name="liste")
    subscription = models.ForeignKey(Subscription, models.SET_NULL, null=True, related_name="+")
    subscriber = models.ForeignKey(
        Subscriber, models.SET_NULL, null=True, related_name="deliveries", verbose_name="abonné"
    )
    address = models.CharField("adresse", max_length=254)
    message_id = models.CharField("Message-ID", max_length=120, unique=True)
    provider_id = models.CharField("numéro chez le prestataire", max_length=150, blank=True)
    state = models.CharField("état", max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    skip_reason = models.CharField("raison", max_length=15, choices=SkipReason.choices, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    due_at = models.DateTimeField("prochain essai")
    claim = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    # What the server said: « 250 », « 550 5.1.1 »; ``detail`` names no address.
    code = models.CharField("réponse", max_length=20, blank=True)
    detail = models.CharField("détail", max_length=300, blank=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    settled_at = models.DateTimeField("dernier état le", null=True, blank=True)
    complained_at = models.DateTimeField("plainte le", null=True, blank=True)
    unsubscribed_at = models.DateTimeField("désabonné par cette lettre le", null=True, blank=True)
    # Of one person, so only with their consent to being measured.
    opened_at = models.DateTimeField("ouvert le", null=True, blank=True)
    clicked_at = models.DateTimeField("premier clic le", null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    #: Nobody is shown where it is used: no task at each save (docs/jobs.md).
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "copie"
        verbose_name_plural = "journal des envois"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "address"], name="delivery_once")]
        indexes = [
            models.Index(fields=["campaign", "state", "due_at"], name="delivery_claim"),
            models.Index(fields=["campaign", "sent_at"], name="delivery_rate"),
            models.Index(fields=["leased_until"], condition=Q(state=DeliveryState.SENDING), name="delivery_leased"),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="delivery_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.shown_address} · {self.get_state_display()}"

    @property
    def shown_address(self) -> str:
        """The address, or that it was erased: what stays then is a hash, which tells a reader nothing."""
        return self.address if "@" in self.address else "Données effacées"


class DeliveryEvent(models.Model):
    """Something heard of a copy, once: ``(source, key)`` recognises what is told twice. No address is in it.

    ``source`` is the provider's Anymail name (« brevo »…), « dsn » or « arf »; ``key`` its own event number or, without
    one, a hash of what it said.
    """

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="events")
    kind = models.CharField("événement", max_length=15, choices=EventKind.choices)
    source = models.CharField("source", max_length=30)
    key = models.CharField(max_length=150)
    code = models.CharField("réponse", max_length=20, blank=True)
    detail = models.CharField("détail", max_length=300, blank=True)
    at = models.DateTimeField("le")
    received_at = models.DateTimeField("reçu le", auto_now_add=True)

    class Meta:
        verbose_name = "événement d’envoi"
        verbose_name_plural = "événements d’envoi"
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="delivery_event_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.at:%d/%m/%Y %H:%M}"
