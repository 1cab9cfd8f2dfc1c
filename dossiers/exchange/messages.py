"""The thread between an organisation and the service that instructs, and the service's own notes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from portal.accounts.models import User
from portal.files.models import StoredFile

from ..access import Rights, lock
from ..enums import EventKind, Side, State
from ..journal import record
from ..models import Dossier, Message, MessageFile, ReadMark
from ..rules import DossierRefused
from . import attachments
from .writing import identifier, plain_text

#: How long its author takes a message back.
WITHDRAWAL: Final = timedelta(minutes=5)


@transaction.atomic
def post_message(
    *,
    dossier: Dossier,
    actor: User,
    body: str,
    internal: bool = False,
    side: Side | str | None = None,
    files: Iterable[StoredFile | uuid.UUID | str] = (),
    key: str = "",
) -> Message:
    """Write in the thread, or (``internal``) a note that instruction alone reads.

    ``side``: from which side, where the person has both; ``key``: what the form carried, so that sent twice it is one
    message. Side effects: an event, whose listeners tell the other side; the author has read what came before. Raises
    Http404 to whom the thread does not exist, :class:`DossierRefused` for an empty or too long text, a bad file.
    """
    found, rights = lock(dossier, actor)
    side = _side(found, rights, side, internal)
    wanted = identifier(actor.pk, found.pk, internal, key=key)
    known = Message.objects.filter(pk=wanted).first()
    if known is not None:
        return known
    text = plain_text(body, field="body")
    kept = attachments.keep(actor, files)
    if not text and not kept:
        raise DossierRefused("empty", "Écrivez un message, ou joignez un fichier.", "body")
    message = Message.objects.create(
        id=wanted,
        dossier=found,
        author=actor,
        author_label=str(actor)[:200],
        side=side,
        internal=internal,
        body=text,
    )
    MessageFile.objects.bulk_create(MessageFile(message=message, file=each) for each in kept)
    mark_read(dossier=found, actor=actor, until=message.at, notes=internal)
    data = {"message": str(message.pk), "files": len(kept)}
    record(found, EventKind.NOTE if internal else EventKind.MESSAGE, actor=actor, side=side, data=data)
    return message


@transaction.atomic
def withdraw_message(*, message: Message, actor: User) -> Message:
    """Take back one's own message within five minutes: its text and files are gone, that there was one stays.

    Withdrawn twice is withdrawn. Side effects: an event; files that nothing else uses are deleted in time. Raises
    Http404 where it is not theirs or they no longer see it, :class:`DossierRefused` (``late``) after five minutes.
    """
    dossier, rights = lock(message.dossier_id, actor)
    found = Message.objects.select_for_update().filter(pk=message.pk, dossier=dossier, author=actor).first()
    if found is None or not (rights.instructs or (rights.of_organisation and not found.internal)):
        raise Http404
    if found.withdrawn_at is not None:
        return found
    now = timezone.now()
    if now > found.at + WITHDRAWAL:
        raise DossierRefused("late", "Un message se retire dans les cinq minutes : ce délai est passé.")
    found.withdrawn_at, found.body = now, ""
    found.save(update_fields=["withdrawn_at", "body"])
    found.attachments.all().delete()
    # The organisation reads that a message was withdrawn, and never that there was a note.
    kind = EventKind.NOTE if found.internal else EventKind.MESSAGE_WITHDRAWN
    data = {"message": str(found.pk), "withdrawn": True}
    record(dossier, kind, actor=actor, side=Side(found.side), data=data)
    return found


def mark_read(*, dossier: Dossier, actor: User, until: datetime, notes: bool = False) -> None:
    """Note that ``actor`` has read the thread (or the notes) up to ``until``. Never goes back. The caller checked that
    they may read it."""
    until = min(until, timezone.now())
    column = "notes_at" if notes else "messages_at"
    ReadMark.objects.get_or_create(dossier=dossier, user=actor)
    mark = ReadMark.objects.filter(dossier=dossier, user=actor)
    mark.filter(Q(**{column: None}) | Q(**{f"{column}__lt": until})).update(**{column: until})


def thread(dossier: Dossier) -> QuerySet[Message]:
    """The messages with the organisation, oldest first."""
    return _shown(dossier).filter(internal=False)


def notes(dossier: Dossier) -> QuerySet[Message]:
    """The notes of instruction, oldest first. For who instructs alone."""
    return _shown(dossier).filter(internal=True)


def _shown(dossier: Dossier) -> QuerySet[Message]:
    return Message.objects.filter(dossier=dossier).prefetch_related("attachments__file").order_by("at", "pk")


def with_unread(dossiers: QuerySet[Dossier], user: Any, side: Side | str) -> QuerySet[Dossier]:
    """``dossiers``, each with ``unread``: messages of the other side that ``user`` has not read. No further query."""
    other = Side.INSTRUCTION if side == Side.ORGANISATION else Side.ORGANISATION
    mark = ReadMark.objects.filter(dossier=OuterRef("dossier"), user_id=user.pk).values("messages_at")[:1]
    unread = (
        Message.objects.filter(dossier=OuterRef("pk"), internal=False, side=other, withdrawn_at=None)
        .exclude(author_id=user.pk)
        .annotate(read_at=Subquery(mark))
        .filter(Q(read_at=None) | Q(at__gt=F("read_at")))
        .order_by()
        .values("dossier")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return dossiers.annotate(unread=Coalesce(Subquery(unread, output_field=IntegerField()), 0))


def _side(dossier: Dossier, rights: Rights, side: Side | str | None, internal: bool) -> Side:
    """The side that writes. Raises Http404 where the person does not write from there."""
    if internal:
        if not rights.instructs or dossier.state == State.DRAFT:
            raise Http404
        return Side.INSTRUCTION
    side = Side(side or rights.side)
    writes = {Side.ORGANISATION: rights.comments, Side.INSTRUCTION: rights.instructs}
    if not writes.get(side, False):
        raise Http404
    if dossier.state == State.DRAFT:
        raise DossierRefused("draft", "La messagerie s’ouvre une fois le dossier déposé.", "body")
    return side
