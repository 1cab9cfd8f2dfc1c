"""What the log of a dossier tells of its files beside changes: downloads, and what the antivirus found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.files.enums import ScanState
from portal.files.models import StoredFile

from ..access import rights_on
from ..enums import EventKind, Side
from ..journal import record
from ..models import Dossier, DossierDocument, DossierEvent, MessageFile, OpinionFile, PieceVersion

#: Purposes of the files of this app.
PURPOSES = ("dossiers", "dossiers.exchange")
#: What a killed worker did not tell is caught up with for as long.
CAUGHT_UP = timedelta(days=3)


def dossiers_of(stored: StoredFile) -> list[tuple[Dossier, dict[str, str]]]:
    """The dossiers that use ``stored``, with what says where: a field, or « message », « avis », « document »."""
    found: dict[object, tuple[Dossier, dict[str, str]]] = {}
    for version in PieceVersion.objects.filter(file=stored).select_related("piece__dossier").order_by("at"):
        told = {"field": version.piece.field, "piece": str(version.piece_id), "version": str(version.pk)}
        found.setdefault(version.piece.dossier_id, (version.piece.dossier, told))
    for attached in MessageFile.objects.filter(file=stored).select_related("message__dossier"):
        where = "note" if attached.message.internal else "message"
        found.setdefault(attached.message.dossier_id, (attached.message.dossier, {where: str(attached.message_id)}))
    for given in OpinionFile.objects.filter(file=stored).select_related("opinion__dossier"):
        found.setdefault(given.opinion.dossier_id, (given.opinion.dossier, {"opinion": str(given.opinion_id)}))
    for document in DossierDocument.objects.filter(file=stored).select_related("dossier"):
        found.setdefault(document.dossier_id, (document.dossier, {"document": document.kind}))
    return list(found.values())


def downloaded(stored: StoredFile, user: User | None) -> None:
    """An event in the dossier that ``stored`` belongs to: who was given it. Runs in the download's transaction."""
    for dossier, where in dossiers_of(stored):
        locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
        side = rights_on(locked, user).side if user is not None else Side.SYSTEM
        told = where | {"file": str(stored.pk), "name": stored.name, "sha256": stored.sha256}
        own = side == Side.ORGANISATION
        record(locked, EventKind.DOWNLOADED if own else EventKind.READ_INSIDE, actor=user, side=side, data=told)


@transaction.atomic
def infected(stored: StoredFile) -> None:
    """An event in the dossier that ``stored`` belongs to: the antivirus set it aside. Once, however often called."""
    for dossier, where in dossiers_of(stored):
        locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
        kind = EventKind.INFECTED_INSIDE if {"note", "opinion"} & where.keys() else EventKind.FILE_INFECTED
        if DossierEvent.objects.filter(dossier=locked, kind=kind, data__file=str(stored.pk)).exists():
            continue
        told = where | {"file": str(stored.pk), "name": stored.name, "sha256": stored.sha256}
        record(locked, kind, actor=None, side=Side.SYSTEM, data=told)


def _late(now_less: timedelta) -> Iterator[StoredFile]:
    found = StoredFile.objects.filter(
        purpose__in=PURPOSES, scan_state=ScanState.INFECTED, scanned_at__gt=timezone.now() - now_less
    )
    yield from found.order_by("scanned_at", "pk")


def catch_up() -> int:
    """Tell of infected files that nobody told of: their worker was killed, or they were used after the verdict. Returns
    how many there are; run by ``tick``."""
    number = 0
    for stored in _late(CAUGHT_UP):
        infected(stored)
        number += 1
    return number
