"""What waits for moderators, one row a thing: a queue of ten thousand is read in a constant number of queries."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import Page, TaskState

from portal.core.enums import ContentKind
from portal.territories.models import Space, Territory

from ..enums import OPEN_REVIEWS, ReviewOrigin, ReviewState
from .proposals import Proposal


class ReviewItemQuerySet(models.QuerySet["ReviewItem"]):
    def waiting(self) -> Self:
        """Those somebody has to read now."""
        return self.filter(state=ReviewState.WAITING)

    def open(self) -> Self:
        """Those waiting for a moderator or for their author."""
        return self.filter(state__in=OPEN_REVIEWS)


class ReviewItem(models.Model):
    """One review: a page in its workflow, or a reader's correction of a published page.

    Kept by :mod:`pages.moderation.keeping` from Wagtail's workflow signals: the workflow decides, this row is what
    queues, reminders and measures of delay read. ``version`` counts the writes: the second of two moderators who act
    at once is told what the first did. ``escalated_to`` is the territory whose team is called upon: the level above
    the space's, after six working days, or at once where the space has nobody who may decide.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    origin = models.CharField("origine", max_length=12, choices=ReviewOrigin.choices)
    state = models.CharField("état", max_length=20, choices=ReviewState.choices, default=ReviewState.WAITING)
    kind = models.CharField("nature", max_length=12)
    title = models.CharField("titre", max_length=255)
    page = models.ForeignKey(Page, models.SET_NULL, null=True, blank=True, related_name="reviews", verbose_name="page")
    proposal = models.ForeignKey(
        Proposal,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name="contribution",
    )
    task_state = models.ForeignKey(TaskState, models.SET_NULL, null=True, blank=True, related_name="+")
    space = models.ForeignKey(Space, models.CASCADE, related_name="+", verbose_name="espace")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name="territoire")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="demandée par"
    )
    requested_label = models.CharField("demandée par", max_length=160, blank=True)
    last_editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="dernière modification par",
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="confiée à"
    )
    submitted_at = models.DateTimeField("demandée le", default=timezone.now)
    due_at = models.DateTimeField("attendue pour le", null=True, blank=True)
    reminded_at = models.DateTimeField("rappelée le", null=True, blank=True)
    escalates_at = models.DateTimeField("à signaler au niveau supérieur le", null=True, blank=True)
    escalated_at = models.DateTimeField("signalée au niveau supérieur le", null=True, blank=True)
    escalated_to = models.ForeignKey(
        Territory, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="signalée à"
    )
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="décidée par"
    )
    reason = models.TextField("motif", blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = ReviewItemQuerySet.as_manager()

    class Meta:
        verbose_name = "relecture"
        verbose_name_plural = "relectures"
        ordering = ["submitted_at", "pk"]
        indexes = [
            models.Index(fields=["space", "state", "submitted_at"], name="review_queue"),
            models.Index(fields=["state", "due_at"], name="review_due"),
            models.Index(fields=["state", "submitted_at"], name="review_age"),
            models.Index(fields=["state", "escalates_at"], name="review_escalation"),
            models.Index(fields=["decided_at"], name="review_decided"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["page"],
                condition=models.Q(state__in=OPEN_REVIEWS) & ~models.Q(origin=ReviewOrigin.CORRECTION),
                name="review_page_once",
            ),
            models.UniqueConstraint(
                fields=["proposal"], condition=models.Q(state__in=OPEN_REVIEWS), name="review_proposal_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_label(self) -> str:
        return str(ContentKind(self.kind).label) if self.kind in ContentKind.values else self.kind

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_REVIEWS

    @property
    def is_late(self) -> bool:
        """Whether it waits for a moderator past the three working days."""
        return self.state == ReviewState.WAITING and self.due_at is not None and self.due_at <= timezone.now()


class FieldComment(models.Model):
    """What a moderator asks for, beside the field it is about (``field`` empty: about the whole)."""

    item = models.ForeignKey(ReviewItem, models.CASCADE, related_name="comments", verbose_name="relecture")
    field = models.CharField("champ", max_length=60, blank=True)
    text = models.TextField("demande", max_length=2000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="auteur"
    )
    created_at = models.DateTimeField("écrite le", default=timezone.now, editable=False)
    answer = models.TextField("réponse", max_length=2000, blank=True)
    resolved_at = models.DateTimeField("réglée le", null=True, blank=True)

    class Meta:
        verbose_name = "demande de changement"
        verbose_name_plural = "demandes de changement"
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]
