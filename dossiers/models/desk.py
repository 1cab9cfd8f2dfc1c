"""The instructors' desk: labels, absences, saved views, exports."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.files.models import StoredFile
from portal.territories.models import Territory

from ..enums import BatchAct, ExportFormat, ExportState


class Label(models.Model):
    """A word that an instructing service puts on its dossiers; its territory's instructors share it."""

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name="service")
    name = models.CharField("nom", max_length=40)
    #: One of DSFR's badge colours, without its prefix (« green-emeraude »).
    colour = models.CharField("couleur", max_length=30, default="blue-cumulus")

    class Meta:
        verbose_name = "étiquette"
        verbose_name_plural = "étiquettes"
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["territory", "name"], name="dossier_label_once")]

    def __str__(self) -> str:
        return self.name


class Absence(models.Model):
    """Days (both included) on which what comes to ``user`` is handed to ``substitute``."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    substitute = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="relais")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")

    class Meta:
        verbose_name = "absence"
        verbose_name_plural = "absences"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="dossier_absence_days"),
            models.CheckConstraint(condition=~Q(user=F("substitute")), name="dossier_absence_other"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.starts_on} – {self.ends_on}"


class SavedView(models.Model):
    """Filters of the list that somebody keeps under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField("nom", max_length=60)
    #: Cleaned filters, by name: what the list's form takes.
    filters = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="dossier_view_once")]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """One act on several dossiers, each by itself (``services.batches``). ``payload``: what the act is given."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    #: Of the form that asked for it: sent twice, it is one batch.
    key = models.CharField(max_length=64)
    act = models.CharField("acte", max_length=20, choices=BatchAct.choices)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField("demandé le", default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "lot de dossiers"
        verbose_name_plural = "lots de dossiers"
        ordering = ["-created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["requested_by", "key"], name="dossier_batch_once")]
        indexes = [models.Index(fields=["created_at"], name="dossier_batch_open", condition=Q(finished_at=None))]

    def __str__(self) -> str:
        return f"{self.get_act_display()} · {self.created_at:%Y-%m-%d %H:%M}"


class BatchItem(models.Model):
    """One dossier of a batch, at the version that its author saw; ``refused`` says why it was not done."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    dossier = models.ForeignKey("Dossier", models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    done_at = models.DateTimeField(null=True)
    refused = models.TextField(blank=True)

    class Meta:
        ordering = ["batch", "position"]
        constraints = [models.UniqueConstraint(fields=["batch", "dossier"], name="dossier_batch_item_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} · {self.position}"


class DossierExport(models.Model):
    """An export, made in the background of what its author's filters gave then, in their scope when it is made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    #: "dossiers" or "contacts".
    subject = models.CharField(max_length=20, default="dossiers")
    format = models.CharField(max_length=10, choices=ExportFormat.choices)
    #: Cleaned filters of the list, as in SavedView.
    filters = models.JSONField(default=dict)
    #: Sums by the territories of this level are added; "": none.
    level = models.CharField(max_length=12, blank=True, default="")
    #: Of the form that asked for it: sent twice, it is one export.
    key = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=20, choices=ExportState.choices, default=ExportState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    #: Keys of the territories whose services instructed what it holds: who lost one of them is no longer given it.
    services = models.JSONField(default=list)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField(null=True, editable=False)
    #: Lease of the worker at it.
    leased_until = models.DateTimeField(default=timezone.now, db_index=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "export de dossiers"
        verbose_name_plural = "exports de dossiers"
        ordering = ["-created_at", "pk"]
        indexes = [models.Index(fields=["requested_by", "-created_at"], name="dossier_export_mine")]

    @property
    def is_waiting(self) -> bool:
        return self.state in (ExportState.WAITING, ExportState.RUNNING)

    @property
    def is_ready(self) -> bool:
        return self.state == ExportState.DONE and self.expires_at is not None and self.expires_at > timezone.now()

    def __str__(self) -> str:
        return f"{self.subject} · {self.format} · {self.created_at:%Y-%m-%d %H:%M}"
