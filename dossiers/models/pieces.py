"""Pieces of a dossier and their versions; uploads in several parts."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.files.models import StoredFile

from .dossiers import Dossier
from .types import ImmutableError

#: The purpose of the files of this app (``portal.files``).
PURPOSE = "dossiers"


class Piece(models.Model):
    """A slot of a dossier: a field of kind « pièce » has as many as it takes files. Its file is its last version's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="pieces")
    #: The key of the field.
    field = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "pièce"
        verbose_name_plural = "pièces"
        ordering = ["dossier", "created_at", "pk"]
        indexes = [models.Index(fields=["dossier", "field"], name="dossier_piece_field")]

    def __str__(self) -> str:
        return f"{self.dossier_id} · {self.field}"


class PieceVersion(models.Model):
    """One file in a slot; never changed. A new file is a new version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    piece = models.ForeignKey(Piece, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    at = models.DateTimeField("envoyée le", default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "version d’une pièce"
        verbose_name_plural = "versions des pièces"
        ordering = ["piece", "number"]
        constraints = [models.UniqueConstraint(fields=["piece", "number"], name="dossier_piece_version_once")]

    def __str__(self) -> str:
        return f"{self.piece_id} · {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ImmutableError("A version of a piece is never changed.")
        super().save(*args, **kwargs)


class PartialUpload(models.Model):
    """A large file that comes in several parts, resumed where it stopped. Its parts stand in the private storage."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="+")
    field = models.CharField(max_length=60)
    #: The piece of which it is a new version; None for a new one.
    piece = models.ForeignKey(Piece, models.CASCADE, null=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    #: SHA-256 of the whole as the browser computed it, or empty: what is resumed is the same file, and arrived whole.
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    touched_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(received__lte=models.F("size")), name="dossier_upload_received")
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.received}/{self.size}"
