"""Files sent with messages and avis: a purpose of their own, read by whoever reads what they come with."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Q, QuerySet

from portal.files.models import StoredFile
from portal.files.services import FileRefused, keep_file

from ..enums import OpinionState
from ..models import Dossier, MessageFile, Opinion, OpinionFile
from ..rules import DossierRefused

PURPOSE: Final = "dossiers.exchange"
MOST_FILES: Final = 10


def keep(actor: Any, files: Iterable[StoredFile | uuid.UUID | str]) -> list[StoredFile]:
    """The files that ``actor`` sent, each once and locked, for what the open transaction writes.

    Raises :class:`DossierRefused` (``attached``) where one is gone, another's or infected, or there are too many.
    """
    wanted = list(dict.fromkeys(each.pk if isinstance(each, StoredFile) else each for each in files))
    if len(wanted) > MOST_FILES:
        raise DossierRefused("files", f"C’est trop de fichiers. Maximum : {MOST_FILES}.", "attached")
    try:
        return [keep_file(actor=actor, file_id=each, purpose=PURPOSE) for each in wanted]
    except FileRefused as refusal:
        raise DossierRefused("files", str(refusal.message), "attached") from None


def readable(user: Any) -> QuerySet[StoredFile]:
    """The files that ``user`` may have: of the threads they read, of notes and avis as their side reads them."""
    if not user.is_authenticated or not user.is_active:
        return StoredFile.objects.none()
    instructed = Dossier.objects.for_instructor(user).order_by().values("pk")
    owned = Dossier.objects.for_depositor(user).order_by().values("pk")
    messages = MessageFile.objects.filter(message__withdrawn_at=None).filter(
        Q(message__dossier__in=instructed) | Q(message__dossier__in=owned, message__internal=False)
    )
    return StoredFile.objects.filter(
        Q(pk__in=messages.order_by().values("file"))
        | Q(pk__in=OpinionFile.objects.filter(opinion__in=_opinions(user, instructed)).order_by().values("file"))
    )


def _opinions(user: Any, instructed: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Avis whose files ``user`` reads: of dossiers that they instruct, their own, and those of others that are not
    confidential, on dossiers where their own is asked and whose organisation they are not of."""
    own = Opinion.objects.exclude(state=OpinionState.REVOKED).filter(advisor_id=user.pk)
    advised = Dossier.objects.for_advisor(user).order_by().values("pk")
    owned = Dossier.objects.for_depositor(user).order_by().values("pk")
    return (
        Opinion.objects.filter(
            Q(dossier__in=instructed)
            | Q(pk__in=own.values("pk"), dossier__in=advised)
            | (Q(dossier__in=advised, confidential=False, state=OpinionState.GIVEN) & ~Q(dossier__in=owned))
        )
        .order_by()
        .values("pk")
    )


def messages_in_use() -> QuerySet[Any, Any]:
    return MessageFile.objects.order_by().values("file")


def opinions_in_use() -> QuerySet[Any, Any]:
    return OpinionFile.objects.order_by().values("file")
