"""Decisions, and the documents that the portal draws up."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.files.models import StoredFile

from ..enums import FINAL, DecisionState, DocumentKind, State
from .dossiers import Dossier
from .types import Envelope


class Decision(models.Model):
    """A decision, proposed then signed. One is in force at most; a reopened dossier keeps it as lapsed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="decisions")
    state = models.CharField("état", max_length=20, choices=DecisionState.choices)
    outcome = models.CharField(
        "sens", max_length=20, choices=[(each.value, each.label) for each in State if each in FINAL]
    )
    #: Code of one of the type's reasons, or empty; ``reason`` is the text as it will be read.
    reason_code = models.CharField(max_length=60, blank=True)
    reason = models.TextField("motif", blank=True)
    amount = models.DecimalField("montant accordé", max_digits=14, decimal_places=2, null=True)
    envelope = models.ForeignKey(Envelope, models.PROTECT, null=True, related_name="decisions")
    #: Open avis were known and not waited for.
    waived_opinions = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_label = models.CharField(max_length=200, blank=True)
    signed_at = models.DateTimeField(null=True, editable=False)
    lapsed_at = models.DateTimeField(null=True, editable=False)
    #: Of the address where anyone may check it; given when signed.
    code = models.CharField(max_length=24, unique=True, null=True, editable=False)

    class Meta:
        verbose_name = "décision"
        verbose_name_plural = "décisions"
        ordering = ["dossier", "proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(state=DecisionState.FINAL), name="dossier_one_decision"
            ),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(state=DecisionState.PROPOSED), name="dossier_one_proposal"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[DecisionState.PROPOSED, DecisionState.SENT_BACK], signed_at=None, code=None)
                | Q(
                    state__in=[DecisionState.FINAL, DecisionState.LAPSED],
                    signed_at__isnull=False,
                    signed_by__isnull=False,
                    code__isnull=False,
                ),
                name="dossier_decision_signed",
            ),
            models.CheckConstraint(
                condition=Q(outcome=State.ACCEPTED) | Q(amount=None, envelope=None), name="dossier_decision_amount"
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0), name="dossier_decision_amount_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} · {self.get_outcome_display()} · {self.get_state_display()}"


class DossierDocument(models.Model):
    """A document drawn up by the portal, kept as a file that its dossier's parties download."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    #: The decision it is of, or the number of the deposit's event for a receipt: one document each.
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="documents")
    event_number = models.PositiveIntegerField(default=0)
    #: None until it is drawn up.
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    #: Lease of who draws it up, then the delay after a failure.
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["dossier", "created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "kind", "event_number"], name="dossier_document_once")
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} · {self.get_kind_display()}"
