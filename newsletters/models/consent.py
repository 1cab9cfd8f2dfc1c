"""The proof of consent, and the addresses that nothing is sent to any more."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone

from ..enums import ConsentAction, Purpose, Source, SuppressionReason
from .lists import MailingList
from .subscribers import Subscriber


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a row of a log."""


class ConsentEventQuerySet(models.QuerySet["ConsentEvent"]):
    """Rows are added, never changed: what proves a consent must not be writable."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Consent events are never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("Consent events are never deleted.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Consent events are never changed.")


class ConsentEvent(models.Model):
    """One consent asked for, given or withdrawn (GDPR, article 7.1: the controller must be able to prove it).

    ``subscriber`` empties when the person is erased; ``fingerprint`` (:func:`newsletters.addresses.fingerprint`)
    stays. ``text_version`` names the sentence they agreed to, kept in :mod:`newsletters.consent_texts`. ``actor`` is
    who did it for them, empty when they did it themselves.
    """

    subscriber = models.ForeignKey(
        Subscriber, models.SET_NULL, null=True, related_name="consents", verbose_name="abonné"
    )
    fingerprint = models.CharField(max_length=64, editable=False, db_index=True)
    list = models.ForeignKey(MailingList, models.PROTECT, null=True, related_name="consents", verbose_name="liste")
    purpose = models.CharField("finalité", max_length=10, choices=Purpose.choices)
    action = models.CharField("consentement", max_length=10, choices=ConsentAction.choices)
    text_version = models.CharField("version du texte", max_length=20, blank=True)
    source = models.CharField("par", max_length=10, choices=Source.choices)
    evidence = models.CharField("preuve", max_length=300, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="fait par",
    )
    at = models.DateTimeField("le", default=timezone.now, editable=False)

    objects = ConsentEventQuerySet.as_manager()

    #: Nobody is shown where it is used: no task at each save (docs/jobs.md).
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "consentement"
        verbose_name_plural = "journal des consentements"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["list", "-at"])]

    def __str__(self) -> str:
        return f"{self.get_action_display()} · {self.list} · {self.at:%d/%m/%Y %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and not self._state.adding:
            raise AppendOnlyError("Consent events are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Consent events are never deleted.")


class Suppression(models.Model):
    """An address that must not be written to, kept as a keyed hash only: it survives the person's erasure."""

    fingerprint = models.CharField("empreinte", max_length=64, unique=True)
    reason = models.CharField("motif", max_length=10, choices=SuppressionReason.choices)
    note = models.CharField("note", max_length=300, blank=True)
    created_at = models.DateTimeField("depuis le", auto_now_add=True)

    class Meta:
        verbose_name = "adresse exclue"
        verbose_name_plural = "adresses exclues"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.fingerprint[:8]}…)"
