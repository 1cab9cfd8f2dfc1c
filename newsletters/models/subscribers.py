"""Subscribers, what they are subscribed to, and what they asked for."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.utils import timezone

from portal.accounts.enums import OrganisationKind
from portal.core.models import Audience
from portal.territories.models import Territory

from ..addresses import display_address, normalise_address
from ..enums import SubscriptionState
from .lists import MailingList

REQUEST_LIFE = timedelta(days=3)


class SubscriberManager(models.Manager["Subscriber"]):
    def get_by_address(self, raw: str) -> Subscriber:
        return self.get(address=normalise_address(raw))


class Subscriber(models.Model):
    """A person known by one normal address (:func:`newsletters.addresses.normalise_address`). The rest is optional."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    address = models.CharField("adresse", max_length=254, unique=True)
    name = models.CharField("nom", max_length=150, blank=True)
    organisation = models.CharField("organisation", max_length=200, blank=True)
    territory = models.ForeignKey(
        Territory, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="territoire"
    )
    organisation_kind = models.CharField(
        "type d’organisation", max_length=15, choices=OrganisationKind.choices, blank=True
    )
    audiences = models.ManyToManyField(Audience, blank=True, related_name="+", verbose_name="rôles")
    # Openings and clicks of this person are kept for them only with their consent (:class:`ConsentEvent`, tracking).
    tracking = models.BooleanField("mesure acceptée", default=False)
    paused_until = models.DateField("en pause jusqu’au", null=True, blank=True)
    # Three temporary returns in the last five sendings: nothing is sent until they write, click or confirm again.
    unreachable_at = models.DateTimeField("ne répond plus depuis", null=True, blank=True)
    # When, after three years of silence, the person was asked whether to stay.
    asked_at = models.DateTimeField("question posée le", null=True, blank=True)
    created_at = models.DateTimeField("connu depuis", auto_now_add=True)
    # Confirming, clicking and writing count; opening a letter does not.
    last_contact_at = models.DateTimeField("dernier contact", default=timezone.now)

    objects = SubscriberManager()

    #: Nobody is shown where it is used: no task at each save (docs/jobs.md).
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "abonné"
        verbose_name_plural = "abonnés"
        ordering = ["address"]

    def __str__(self) -> str:
        return display_address(self.address)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.address = normalise_address(self.address)
        super().save(*args, **kwargs)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def active(self) -> Self:
        return self.filter(state=SubscriptionState.ACTIVE)


class Subscription(models.Model):
    """The state of one subscriber on one list. Changed by :mod:`newsletters.services` only."""

    list = models.ForeignKey(MailingList, models.PROTECT, related_name="subscriptions", verbose_name="liste")
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions", verbose_name="abonné")
    state = models.CharField(
        "état", max_length=15, choices=SubscriptionState.choices, default=SubscriptionState.PENDING
    )
    created_at = models.DateTimeField("demandé le", auto_now_add=True)
    confirmed_at = models.DateTimeField("confirmé le", null=True, blank=True)
    unsubscribed_at = models.DateTimeField("désabonné le", null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    #: Nobody is shown where it is used: no task at each save (docs/jobs.md).
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "abonnement"
        verbose_name_plural = "abonnements"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["list", "subscriber"], name="subscription_once"),
            models.CheckConstraint(
                condition=~models.Q(state=SubscriptionState.ACTIVE) | models.Q(confirmed_at__isnull=False),
                name="subscription_active_is_confirmed",
            ),
        ]
        indexes = [models.Index(fields=["list", "state"])]

    def __str__(self) -> str:
        return f"{self.subscriber} · {self.list}"


class SubscriptionRequest(models.Model):
    """What a visitor asked for with an address that is not proven yet. Used once, within :data:`REQUEST_LIFE`.

    ``name``, ``organisation`` and ``territory`` wait here: whoever types another's address changes nothing of them.
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="requests")
    lists = models.ManyToManyField(MailingList, related_name="+")
    name = models.CharField(max_length=150, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    territory = models.ForeignKey(Territory, models.SET_NULL, null=True, blank=True, related_name="+")
    text_version = models.CharField(max_length=20)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "demande d'abonnement"
        verbose_name_plural = "demandes d'abonnement"
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["subscriber", "created_at"])]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def expires_at(self) -> datetime:
        return self.created_at + REQUEST_LIFE

    @property
    def is_usable(self) -> bool:
        return self.used_at is None and timezone.now() < self.expires_at
