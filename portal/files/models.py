"""Files that people sent, with what is known of their content."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import models
from django.urls import reverse
from django.utils import timezone

from .enums import CONTENT_TYPES, IMAGES, ScanState


def private_storage() -> Storage:
    """Where files stand, apart from media: no address leads there."""
    return storages["private"]


class StoredFile(models.Model):
    """One file, never changed once stored. Its content is at :attr:`key` of the private storage.

    What uses a file refers to it with ``on_delete=PROTECT`` and is declared to ``portal.files.references``; a file that
    nothing uses is deleted some time after ``touched_at``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField("usage", max_length=60)
    name = models.CharField("nom", max_length=150)
    extension = models.CharField("extension", max_length=10)
    content_type = models.CharField("type", max_length=100)
    size = models.PositiveBigIntegerField("taille", help_text="En octets.")
    sha256 = models.CharField("empreinte", max_length=64)
    scan_state = models.CharField("analyse", max_length=20, choices=ScanState.choices, default=ScanState.PENDING)
    scanned_at = models.DateTimeField("analysé le", null=True, editable=False)
    engine = models.CharField("moteur", max_length=100, blank=True)
    signature = models.CharField("signature", max_length=200, blank=True)
    scan_attempts = models.PositiveIntegerField(default=0, editable=False)
    #: Nobody scans the file before: the lease of the worker at it, then the delay after a failure.
    scan_after = models.DateTimeField(default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="envoyé par"
    )
    created_at = models.DateTimeField("envoyé le", default=timezone.now, editable=False)
    #: When a form last showed it or something began to use it: what counts for deleting files that nothing uses.
    touched_at = models.DateTimeField(default=timezone.now, editable=False)
    #: The content is gone (an infected file after its quarantine); the row says what there was.
    erased_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "fichier"
        verbose_name_plural = "fichiers"
        ordering = ["-created_at", "pk"]
        indexes = [
            models.Index(
                fields=["scan_after"],
                name="files_to_scan",
                condition=models.Q(scan_state__in=["pending", "error", "not_scanned"]),
            ),
            models.Index(fields=["purpose", "touched_at"], name="files_touched"),
            models.Index(fields=["sha256"], name="files_sha256"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """Where the content stands in the private storage; made of the identifier alone."""
        return f"{self.id.hex[:2]}/{self.id.hex}"

    @property
    def is_image(self) -> bool:
        return self.extension in IMAGES

    @property
    def scanned(self) -> bool:
        """Whether the antivirus has said its last word."""
        return self.scan_state in (ScanState.CLEAN, ScanState.INFECTED, ScanState.UNSCANNABLE)

    def get_absolute_url(self) -> str:
        return reverse("files:download", args=[self.id])

    def open(self) -> File[Any]:
        """The content. Raises FileNotFoundError where it is gone."""
        return private_storage().open(self.key)

    @staticmethod
    def type_of(extension: str) -> str:
        return CONTENT_TYPES[extension]


class FileDownload(models.Model):
    """Who was given which file, and when: one row a download, never changed."""

    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="downloads", verbose_name="fichier")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="personne"
    )
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField("le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "téléchargement"
        verbose_name_plural = "téléchargements"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_id} {self.at:%Y-%m-%d %H:%M}"
