"""What the two sides say to each other: complements, messages, notes, avis."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.files.models import StoredFile

from ..enums import OpinionState, OpinionView, RequestState, Side, State
from .dossiers import Dossier


class ComplementRequest(models.Model):
    """What instruction asks for before ``due_at`` (23:59:59 of ``due_on`` in the territory's zone)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="requests")
    number = models.PositiveIntegerField()
    state = models.CharField("état", max_length=20, choices=RequestState.choices, default=RequestState.OPEN)
    message = models.TextField("message", blank=True)
    due_on = models.DateField("à rendre le")
    due_at = models.DateTimeField()
    #: Where the dossier goes back to.
    back_to = models.CharField(max_length=20, choices=State.choices)
    asked_at = models.DateTimeField("demandé le", default=timezone.now, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="demandé par")
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "demande de compléments"
        verbose_name_plural = "demandes de compléments"
        ordering = ["dossier", "number"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="dossier_request_once"),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(state=RequestState.OPEN), name="dossier_one_open_request"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} · {self.number}"


class ComplementItem(models.Model):
    """One thing asked for, tied to a field (of any kind, a piece's too). Answered one by one; sent all together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(ComplementRequest, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    field = models.CharField(max_length=60)
    question = models.TextField("demande")
    mandatory = models.BooleanField("obligatoire", default=True)
    comment = models.TextField("réponse", blank=True)
    #: The field's value when it was asked, and as answered (JSON form of the value; files as in DossierRevision).
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "complément"
        verbose_name_plural = "compléments"
        ordering = ["request", "position"]
        constraints = [models.UniqueConstraint(fields=["request", "position"], name="dossier_item_once")]

    def __str__(self) -> str:
        return f"{self.request_id} · {self.field}"


class Message(models.Model):
    """A message of the thread with the organisation, or (``internal``) a note that instruction alone reads."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    author_label = models.CharField(max_length=200)
    side = models.CharField(max_length=20, choices=Side.choices)
    internal = models.BooleanField(default=False)
    body = models.TextField("message", blank=True)
    at = models.DateTimeField("le", default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    files = models.ManyToManyField(StoredFile, through="MessageFile", related_name="+")

    class Meta:
        verbose_name = "message"
        verbose_name_plural = "messages"
        ordering = ["dossier", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(internal=False) | Q(side=Side.INSTRUCTION), name="dossier_note_of_instruction"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} · {self.at:%Y-%m-%d %H:%M}"


class MessageFile(models.Model):
    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["message", "file"], name="dossier_message_file_once")]

    def __str__(self) -> str:
        return f"{self.message_id} · {self.file_id}"


class Opinion(models.Model):
    """An avis: a question to one person, who sees this dossier alone, until it is given or revoked.

    ``confidential``: read by instruction alone; otherwise the dossier's other advisors read it too. The organisation
    reads none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="opinions")
    #: Who is asked; None until the address has an account.
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="demandé à"
    )
    email = models.EmailField("adresse e-mail")
    question = models.TextField("question")
    due_on = models.DateField("à rendre le")
    due_at = models.DateTimeField()
    confidential = models.BooleanField("confidentiel", default=True)
    state = models.CharField("état", max_length=20, choices=OpinionState.choices, default=OpinionState.ASKED)
    view = models.CharField("avis", max_length=20, choices=OpinionView.choices, blank=True)
    text = models.TextField("texte", blank=True)
    asked_at = models.DateTimeField("demandé le", default=timezone.now, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="demandé par")
    given_at = models.DateTimeField("rendu le", null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    #: To an address without an account: from when its mail is to be sent (its lease, then the delay after a failure).
    mail_due_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ["dossier", "asked_at", "pk"]
        indexes = [
            models.Index(fields=["advisor", "state"], name="dossier_opinion_advisor"),
            models.Index(fields=["email"], name="dossier_opinion_waiting", condition=Q(advisor=None)),
            models.Index(fields=["mail_due_at"], name="dossier_opinion_mail", condition=Q(mail_due_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=OpinionState.GIVEN, given_at__isnull=False, advisor__isnull=False)
                | (~Q(state=OpinionState.GIVEN) & Q(given_at=None)),
                name="dossier_opinion_given",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} · {self.email}"


class OpinionFile(models.Model):
    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["opinion", "file"], name="dossier_opinion_file_once")]

    def __str__(self) -> str:
        return f"{self.opinion_id} · {self.file_id}"


class ReadMark(models.Model):
    """Up to when somebody has read the thread of a dossier, and its notes. Set by an act of theirs, never by a GET."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="read_marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    messages_at = models.DateTimeField(null=True)
    notes_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "user"], name="dossier_read_mark_once")]

    def __str__(self) -> str:
        return f"{self.dossier_id} · {self.user_id}"


class Reminder(models.Model):
    """A reminder that was sent, once: ``subject`` is the id of what it is about, ``kind`` « J-7 », « J-2 », « J+1 »…"""

    subject = models.UUIDField()
    kind = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "kind"], name="dossier_reminder_once")]

    def __str__(self) -> str:
        return f"{self.kind} · {self.subject}"
