"""Invitations to take a role. The link itself is signed and not kept (tokens)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.territories.models import Territory

from ..enums import InvitationState, Role


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Neither accepted nor revoked; those past their last moment included: one of a kind, that can be renewed."""
        return self.filter(accepted_at=None, revoked_at=None)

    def in_state(self, state: str, now: dt.datetime | None = None) -> Self:
        """Those in one of :class:`InvitationState`; none for an unknown one."""
        now = now or timezone.now()
        if state == InvitationState.ACCEPTED:
            return self.exclude(accepted_at=None)
        if state == InvitationState.REVOKED:
            return self.exclude(revoked_at=None)
        if state == InvitationState.WAITING:
            return self.open().filter(expires_at__gt=now)
        if state == InvitationState.EXPIRED:
            return self.open().filter(expires_at__lte=now)
        return self.none()

    def to_send(self, now: dt.datetime) -> Self:
        """Whose mail was asked for and did not leave, that no process is sending."""
        unsent = Q(sent_at=None) | Q(sent_at__lt=models.F("asked_at"))
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        return self.open().filter(unsent, free, expires_at__gt=now)


class Invitation(models.Model):
    """A role offered to an address. ``email`` is in lower case; expired is read off ``expires_at``, never written.

    ``asked_at`` is when a mail was asked for last, ``sent_at`` when one last left: the first after the second, one is
    to send.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("adresse e-mail", max_length=254)
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="territoire"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, null=True, blank=True, related_name="+", verbose_name="organisation"
    )
    message = models.TextField("message", max_length=1000, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="invitation faite par"
    )
    created_at = models.DateTimeField("créée le", default=timezone.now)
    expires_at = models.DateTimeField("valable jusqu’au")
    asked_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    sent_count = models.PositiveSmallIntegerField("envois", default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="acceptée par"
    )
    revoked_at = models.DateTimeField("annulée le", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="annulée par"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitations"
        ordering = ["-created_at", "pk"]
        indexes = [
            models.Index(fields=["territory", "-created_at"]),
            models.Index(fields=["asked_at"], condition=Q(accepted_at=None, revoked_at=None), name="invitation_open"),
        ]
        constraints = [
            # One open invitation a person, role and place; three, because NULLs are distinct in a unique index.
            models.UniqueConstraint(
                fields=["email", "role", "territory", "organisation"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_open_once",
            ),
            models.UniqueConstraint(
                fields=["email", "role", "territory"],
                condition=Q(accepted_at=None, revoked_at=None, organisation=None),
                name="invitation_open_once_on_territory",
            ),
            models.UniqueConstraint(
                fields=["email", "role", "organisation"],
                condition=Q(accepted_at=None, revoked_at=None, territory=None),
                name="invitation_open_once_in_organisation",
            ),
            models.CheckConstraint(
                condition=Q(territory__isnull=False) | Q(organisation__isnull=False), name="invitation_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_accepted_or_revoked"
            ),
        ]

    def __str__(self) -> str:
        # Without the address: it is the label of rows of the log, which stay when personal data goes.
        return f"Invitation · {self.get_role_display()} · {self.where}"

    @property
    def where(self) -> str:
        """« Landes (département) », or the organisation's name."""
        if self.organisation is not None:
            return self.organisation.name
        return self.territory.label if self.territory is not None else ""

    @property
    def state(self) -> InvitationState:
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.revoked_at:
            return InvitationState.REVOKED
        return InvitationState.WAITING if self.expires_at > timezone.now() else InvitationState.EXPIRED

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None
