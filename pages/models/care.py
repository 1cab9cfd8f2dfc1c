"""What keeps published pages true: readers' reports, and when a page was last read again."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import Page

from portal.territories.models import Space, Territory

from ..enums import ReportReason, ReportState


class PageReportQuerySet(models.QuerySet["PageReport"]):
    def open(self) -> Self:
        """Those that nobody answered yet."""
        return self.filter(state=ReportState.OPEN)

    def inside(self, territories: models.QuerySet[Territory]) -> Self:
        """Those about pages of the spaces of ``territories``."""
        return self.filter(space__territory__in=territories)


class PageReport(models.Model):
    """A reader's report of a published page. The same visitor reporting it again adds to the same row.

    ``visitor`` is a keyed hash of the visitor's address and of the page, so that nobody is followed from a page to
    another; it goes with ``email``, some time after the report was handled (:func:`pages.reports.services.forget`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page = models.ForeignKey(Page, models.SET_NULL, null=True, related_name="reports", verbose_name="page")
    space = models.ForeignKey(Space, models.CASCADE, related_name="+", verbose_name="espace")
    title = models.CharField("titre", max_length=255)
    reason = models.CharField("motif", max_length=14, choices=ReportReason.choices)
    text = models.TextField("précisions", blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    visitor = models.CharField(max_length=64, blank=True, editable=False)
    times = models.PositiveIntegerField("nombre de fois", default=1)
    state = models.CharField("état", max_length=10, choices=ReportState.choices, default=ReportState.OPEN)
    created_at = models.DateTimeField("reçu le", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("complété le", default=timezone.now, editable=False)
    answer = models.TextField("réponse", blank=True)
    answered_at = models.DateTimeField("réponse envoyée le", null=True, blank=True)
    handled_at = models.DateTimeField("traité le", null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="traité par"
    )

    objects = PageReportQuerySet.as_manager()

    class Meta:
        verbose_name = "signalement"
        verbose_name_plural = "signalements"
        ordering = ["-updated_at", "pk"]
        indexes = [
            models.Index(fields=["space", "state", "-updated_at"], name="report_space"),
            models.Index(fields=["state", "-updated_at"], name="report_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "visitor"],
                condition=models.Q(state=ReportState.OPEN) & ~models.Q(visitor=""),
                name="report_once_a_visitor",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} : {self.title}"


class PageReading(models.Model):
    """When somebody last said of a published page that it still holds. Publishing it again says so too."""

    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="reading", verbose_name="page")
    read_at = models.DateTimeField("relue le", db_index=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="relue par"
    )

    class Meta:
        verbose_name = "relecture d’une page publiée"
        verbose_name_plural = "relectures de pages publiées"

    def __str__(self) -> str:
        return f"{self.page_id} {self.read_at:%Y-%m-%d}"
