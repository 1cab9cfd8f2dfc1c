"""What people propose from the front office, from its first words to its publication."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import Page, Revision

from portal.files.models import StoredFile
from portal.territories.models import Space, Territory

from ..enums import ProposalKind, ProposalState


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def of(self, user: object) -> Self:
        """Those of one person."""
        return self.filter(author=user)


class Proposal(models.Model):
    """A contribution: its draft, its state, and the page it became (or corrects).

    ``data`` holds the form's values as they were typed, by field name: a draft is kept whatever is wrong in it. A
    page is born only when the proposal is submitted; for a correction, ``page`` is the published page and
    ``base_revision`` what its author was looking at. ``version`` counts the writes: who saves over another's is told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("nature", max_length=12, choices=ProposalKind.choices)
    state = models.CharField("état", max_length=20, choices=ProposalState.choices, default=ProposalState.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name="auteur",
    )
    author_name = models.CharField("nom", max_length=120, blank=True)
    author_email = models.EmailField("adresse e-mail", blank=True)
    title = models.CharField("titre", max_length=255, blank=True)
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="territoire"
    )
    space = models.ForeignKey(Space, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="espace")
    page = models.ForeignKey(
        Page, models.SET_NULL, null=True, blank=True, related_name="proposals", verbose_name="page"
    )
    base_revision = models.ForeignKey(Revision, models.SET_NULL, null=True, blank=True, related_name="+")
    data = models.JSONField("saisie", default=dict, blank=True)
    submitted_data = models.JSONField("saisie soumise", default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField("commencée le", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)
    submitted_at = models.DateTimeField("soumise le", null=True, blank=True)
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "contribution"
        verbose_name_plural = "contributions"
        ordering = ["-updated_at", "pk"]
        indexes = [models.Index(fields=["author", "-updated_at"], name="proposal_author")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=ProposalState.DRAFT) | models.Q(submitted_at__isnull=False),
                name="proposal_submitted_once",
            )
        ]

    def __str__(self) -> str:
        return self.title or "Sans titre"

    @property
    def is_editable(self) -> bool:
        """Whether its author may still write in it."""
        return self.state in (ProposalState.DRAFT, ProposalState.CHANGES_REQUESTED)

    @property
    def with_moderators(self) -> bool:
        return self.state in (ProposalState.SUBMITTED, ProposalState.CHANGES_REQUESTED)


class ProposalFile(models.Model):
    """An image or a document of a proposal. ``joined_at`` is when it became the page's: never before it was scanned."""

    class Role(models.TextChoices):
        IMAGE = "image", "Image"
        DOCUMENT = "document", "Document"

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="files", verbose_name="contribution")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+", verbose_name="fichier")
    role = models.CharField("usage", max_length=10, choices=Role.choices)
    position = models.PositiveSmallIntegerField(default=0)
    joined_at = models.DateTimeField("jointe à la page le", null=True, blank=True)

    class Meta:
        verbose_name = "fichier d’une contribution"
        verbose_name_plural = "fichiers d’une contribution"
        ordering = ["role", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal"], condition=models.Q(role="image"), name="proposal_one_image")
        ]

    def __str__(self) -> str:
        return str(self.file)
