"""People invited on one dossier."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.accounts.enums import InvitationState

from ..enums import InvitationRight
from .dossiers import Dossier


class DossierInvitationQuerySet(models.QuerySet["DossierInvitation"]):
    def pending(self) -> DossierInvitationQuerySet:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def valid(self) -> DossierInvitationQuerySet:
        """Accepted, neither revoked nor over."""
        return self.filter(accepted_at__isnull=False, revoked_at=None, expires_at__gt=timezone.now())


class DossierInvitation(models.Model):
    """A person who is not of the organisation, let in on one dossier until ``expires_at``. They never deposit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="invitations")
    email = models.EmailField("adresse e-mail")
    right = models.CharField("droit", max_length=20, choices=InvitationRight.choices, default=InvitationRight.VIEW)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    message = models.TextField("message", blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("envoyée le", default=timezone.now, editable=False)
    expires_at = models.DateTimeField("jusqu’au")
    accepted_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    #: When its mail is to leave (a lease while it does); None once it left.
    mail_due_at = models.DateTimeField(null=True, editable=False)

    objects = DossierInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation sur un dossier"
        verbose_name_plural = "invitations sur des dossiers"
        ordering = ["dossier", "created_at", "pk"]
        indexes = [
            models.Index(fields=["user", "expires_at"], name="dossier_invitation_user"),
            models.Index(
                fields=["mail_due_at"], name="dossier_invitation_mail", condition=Q(mail_due_at__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "email"], condition=Q(revoked_at=None), name="dossier_invitation_once"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(user__isnull=False), name="dossier_invitation_accepted_by"
            ),
        ]

    @property
    def state(self) -> InvitationState:
        """Where it stands now (:class:`~portal.accounts.enums.InvitationState`)."""
        if self.revoked_at is not None:
            return InvitationState.REVOKED
        if self.expires_at <= timezone.now():
            return InvitationState.EXPIRED
        return InvitationState.ACCEPTED if self.accepted_at is not None else InvitationState.WAITING

    def __str__(self) -> str:
        return f"{self.dossier_id} · {self.email}"
