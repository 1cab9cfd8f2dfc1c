"""Registrations to an occurrence, what is asked, what is written to who registered."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from ..enums import (
    ACTIVE,
    HOLDING,
    Attending,
    EventMailKind,
    EventMailState,
    QuestionKind,
    RegistrationState,
)
from .occurrences import Occurrence


class RegistrationQuestion(Orderable):
    """What an organiser asks at registration. Answers are kept by ``key``."""

    page = ParentalKey("events.EventPage", on_delete=models.CASCADE, related_name="questions")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    label = models.CharField("question", max_length=200)
    kind = models.CharField("réponse", max_length=10, choices=QuestionKind.choices, default=QuestionKind.TEXT)
    choices = models.TextField("choix", max_length=2000, blank=True, help_text="Un par ligne.")
    required = models.BooleanField("obligatoire", default=False)
    help_text = models.CharField("aide", max_length=200, blank=True)

    panels = [
        FieldPanel("label"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("required")]),
        FieldPanel("choices"),
        FieldPanel("help_text"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "question"
        verbose_name_plural = "questions"

    def __str__(self) -> str:
        return self.label

    @property
    def options(self) -> list[str]:
        return [line.strip() for line in self.choices.splitlines() if line.strip()]


class Seating(models.Model):
    """The seats of an occurrence that are taken. Its row is the lock under which every seat is given or given back.

    ``taken`` and ``taken_online`` count the registrations in a state of ``HOLDING``; ``waiting`` those that wait.
    """

    occurrence = models.OneToOneField(Occurrence, models.CASCADE, primary_key=True, related_name="seating")
    taken = models.PositiveIntegerField(default=0)
    taken_online = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.occurrence_id}: {self.taken} + {self.taken_online}"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def active(self) -> Self:
        return self.filter(state__in=ACTIVE)

    def holding(self) -> Self:
        return self.filter(state__in=HOLDING)

    def in_line(self) -> Self:
        """Those that wait, first come first."""
        return self.filter(state=RegistrationState.WAITING).order_by("queued_at", "number")


class Registration(models.Model):
    """Somebody registered to one occurrence. Every change is a function of :mod:`events.registration.services`.

    ``id`` is what links carry, signed; ``link_version`` makes older links void. ``email`` is as typed, ``email_key``
    what makes two addresses one. ``answers`` are {question key: text or list}. ``sequence`` is that of the invitations
    sent to this person. Personal fields are emptied once ``purged_at`` is set: the row still counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveBigIntegerField(editable=False, default=0)
    occurrence = models.ForeignKey(Occurrence, models.PROTECT, related_name="registrations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="event_registrations"
    )
    attending = models.CharField("participation", max_length=10, choices=Attending.choices, default=Attending.ON_SITE)
    state = models.CharField("état", max_length=10, choices=RegistrationState.choices)
    name = models.CharField("nom", max_length=150)
    email = models.EmailField("adresse e-mail", max_length=254)
    email_key = models.CharField(max_length=254, editable=False)
    organisation = models.CharField("structure", max_length=150, blank=True)
    needs = models.CharField("besoins particuliers", max_length=500, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True, blank=True)
    offer_expires_at = models.DateTimeField(null=True, blank=True)
    attended = models.BooleanField("présence", null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    certificate_sent_at = models.DateTimeField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    link_version = models.PositiveSmallIntegerField(default=1)
    purged_at = models.DateTimeField(null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        verbose_name_plural = "inscriptions"
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["occurrence", "email_key"], condition=Q(state__in=ACTIVE), name="registration_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=RegistrationState.OFFERED) | Q(offer_expires_at__isnull=False),
                name="registration_offer_expires",
            ),
            models.CheckConstraint(
                condition=~Q(state=RegistrationState.WAITING) | Q(queued_at__isnull=False),
                name="registration_in_line",
            ),
        ]
        indexes = [
            models.Index(fields=["occurrence", "state", "queued_at", "number"], name="registration_line"),
            models.Index(fields=["email_key"], name="registration_email"),
            models.Index(fields=["state", "offer_expires_at"], name="registration_offers"),
        ]

    def __str__(self) -> str:
        return f"{self.id}"


class EventMail(models.Model):
    """The ledger of what is written to who registered: one row a mail, so that none leaves twice.

    ``moment`` tells apart what may come again: the occurrence's start for reminders and moves (a moved occurrence is
    reminded of again), the registration's ``sequence`` for its own changes. Sent by :mod:`events.registration.mailing`.
    """

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="mails")
    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=15, choices=EventMailKind.choices)
    moment = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=EventMailState.choices, default=EventMailState.WAITING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    context = models.JSONField(default=dict)

    class Meta:
        verbose_name = "message d'événement"
        verbose_name_plural = "messages d'événements"
        constraints = [
            models.UniqueConstraint(fields=["registration", "kind", "occurrence", "moment"], name="event_mail_once"),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="event_mail_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.registration_id}"
