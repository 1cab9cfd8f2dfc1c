"""Importing subscribers: every change of state is one function here. Who may do it is asked by ``rules`` first."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from portal.accounts.models import User
from portal.files.models import StoredFile
from portal.files.names import normalised_name
from portal.files.refusal import FileRefused
from portal.files.services import delete_file, store_checked
from portal.files.validators import Checked

from .. import access
from ..models import MailingList
from . import tasks
from .enums import BEFORE, BUSY, Basis, Column, ImportState, Typos
from .models import ImportedRow, SubscriberImport
from .refusal import TableRefused
from .tables import Table, describe
from .work import forget_rows

PURPOSE: Final = "newsletters.import"
#: A file that nobody imported is deleted after, and so are its rows.
WAITING_KEPT: Final = timedelta(days=7)
#: An import can be taken back that long; then its rows are deleted.
ROWS_KEPT: Final = timedelta(days=90)
#: Work that no process holds for that long was forgotten by the queue.
FORGOTTEN: Final = timedelta(minutes=1)
_TYPES: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SHORTEST_EVIDENCE: Final = 10


class ImportRefusedError(Exception):
    """What was asked for cannot be done now. The message is a French sentence for the person."""


def prepare(*, actor: User, mailing_list: MailingList, upload: Any, basis: str, evidence: str) -> SubscriberImport:
    """A new import of ``upload`` (a Django ``File`` with a name and a size) for one list; its beginning alone is read.

    Raises :class:`TableRefused` or ``FileRefused`` for the file, :class:`ImportRefusedError` without a basis of consent
    and its evidence, ``PermissionDenied`` for who does not manage the list. Side effects: the file in the private
    storage, a row.
    """
    _check_rights(actor, mailing_list)
    evidence = " ".join(evidence.split())
    if basis not in Basis.values or len(evidence) < SHORTEST_EVIDENCE:
        raise ImportRefusedError("Dites sur quel fondement ces personnes reçoivent la lettre, et ce qui le prouve.")
    if mailing_list.archived_at:
        raise ImportRefusedError("Cette liste est archivée : personne n’y est plus abonné.")
    table = look_at(upload)
    name = normalised_name(upload.name or "")
    with transaction.atomic():
        stored = store_checked(actor=actor, upload=upload, purpose=PURPOSE, checked=_checked(upload, name, table))
        return SubscriberImport.objects.create(
            list=mailing_list,
            owner=actor,
            basis=basis,
            evidence=evidence[:500],
            file=stored,
            file_name=name[:150],
            kind=table.kind,
            encoding=table.encoding,
            delimiter=table.delimiter,
            has_header=table.has_header,
            headers=table.headers,
            preview=[row[:30] for row in table.preview],
            mapping={str(what): at for what, at in table.mapping.items()},
        )


def look_at(upload: Any) -> Table:
    """What is known of a file. Raises :class:`TableRefused`."""
    if failure := getattr(upload, "failure", None):  # Of the handler that received it.
        raise TableRefused(str(failure.message), failure.code or "refused")
    upload.seek(0)
    return describe(getattr(upload, "file", upload), upload.size)


def _checked(upload: Any, name: str, table: Table) -> Checked:
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    return Checked(name, table.kind, _TYPES[table.kind], upload.size, digest.hexdigest())


@transaction.atomic
def set_columns(
    *, actor: User, item: SubscriberImport, mapping: Mapping[str, int], has_header: bool, typos: str = Typos.HOLD
) -> SubscriberImport:
    """Say what the columns hold, and have the file checked by a task. Again: it is checked anew.

    Raises :class:`ImportRefusedError` without a column of addresses, or once it runs.
    """
    item = _locked(actor, item)
    if item.state not in BEFORE or item.file_id is None:
        raise ImportRefusedError("Cet import n’attend plus de réglage.")
    known = {str(what): int(at) for what, at in mapping.items() if what in Column.values}
    width = len(item.headers)
    if Column.ADDRESS not in known or not all(0 <= at < width for at in known.values()):
        raise ImportRefusedError("Dites quelle colonne contient les adresses e-mail.")
    item.mapping, item.has_header = known, has_header
    item.typos = typos if typos in Typos.values else Typos.HOLD
    _begin(item, ImportState.CHECKING)
    item.error, item.checked_at = "", None
    item.counts, item.roles, item.unplaced, item.rows_read = {}, 0, 0, 0
    item.save()
    return item


@transaction.atomic
def confirm(*, actor: User, item: SubscriberImport) -> SubscriberImport:
    """Import what was checked, by a task. Of two people who ask at once, one does; the other is told.

    Raises :class:`ImportRefusedError`. Logged. Nobody is written to, now or later, because of an import.
    """
    item = _locked(actor, item)
    if item.state != ImportState.CHECKED:
        raise ImportRefusedError(
            "Cet import est déjà lancé." if item.started_at else "Cet import n’attend pas d’être confirmé."
        )
    if not item.taken:
        raise ImportRefusedError("Aucune adresse de ce fichier n’est à abonner.")
    if item.list.archived_at:
        raise ImportRefusedError("Cette liste est archivée : personne n’y est plus abonné.")
    _begin(item, ImportState.RUNNING)
    item.started_at, item.started_by, item.counts = timezone.now(), actor, {}
    item.save()
    log(instance=item.list, action="newsletters.import", user=actor, data=_said(item))
    return item


@transaction.atomic
def undo(*, actor: User, item: SubscriberImport) -> SubscriberImport:
    """Take a whole import back, by a task; one that still runs stops at its next batch.

    Raises :class:`ImportRefusedError` where there is nothing to take back, or no longer. Logged.
    """
    item = _locked(actor, item)
    if item.state not in (ImportState.RUNNING, ImportState.DONE):
        raise ImportRefusedError("Cet import n’a rien écrit, ou il est déjà annulé.")
    if item.forgotten_at:
        raise ImportRefusedError("Cet import est trop ancien : ses lignes ont été effacées, il ne s’annule plus.")
    _begin(item, ImportState.UNDOING)
    item.undone_by, item.undone = actor, {}
    item.save()
    log(instance=item.list, action="newsletters.import_undo", user=actor, data=_said(item))
    return item


@transaction.atomic
def abandon(*, actor: User, item: SubscriberImport) -> SubscriberImport:
    """Give up an import that was not launched: its file and its rows are deleted."""
    item = _locked(actor, item)
    if item.state not in BEFORE:
        raise ImportRefusedError("Cet import est déjà lancé : annulez-le.")
    _forget(item, ImportState.ABANDONED)
    return item


def may_import(user: Any, item: SubscriberImport) -> bool:
    return access.manages_lists(user, item.list.territory)


def forget_old_imports() -> int:
    """What the schedule runs each day: files and rows of imports that nobody launched, rows of old ones. Idempotent."""
    now = timezone.now()
    waiting = SubscriberImport.objects.filter(state__in=BEFORE, created_at__lt=now - WAITING_KEPT)
    done = SubscriberImport.objects.filter(forgotten_at=None).filter(
        state=ImportState.DONE, finished_at__lt=now - ROWS_KEPT
    )
    undone = SubscriberImport.objects.filter(forgotten_at=None, state__in=(ImportState.UNDONE, ImportState.ABANDONED))
    forgotten = 0
    for old, state in ((waiting, ImportState.ABANDONED), (done, ""), (undone, "")):
        for item in old.select_related("file").order_by("pk")[:50]:
            _forget(item, state)
            forgotten += 1
    return forgotten


def wake_forgotten_imports() -> int:
    """What the schedule runs each minute: queue again the work that no process holds. Idempotent."""
    idle = timezone.now() - FORGOTTEN
    lost = SubscriberImport.objects.filter(state__in=BUSY, created_at__lt=idle).exclude(leased_until__gt=timezone.now())
    keys = list(lost.order_by("created_at", "pk").values_list("pk", flat=True)[:50])
    for key in keys:
        tasks.work_on_import.enqueue(str(key))
    return len(keys)


def _forget(item: SubscriberImport, state: str) -> None:
    """Whoever works on it stops first; killed in the middle, it is done again."""
    if state:
        SubscriberImport.objects.filter(pk=item.pk).update(state=state, lease=None, leased_until=None)
    forget_rows(item)
    stored: StoredFile | None = item.file
    with transaction.atomic():
        SubscriberImport.objects.filter(pk=item.pk).update(forgotten_at=timezone.now(), file=None, preview=[])
        if stored is not None:
            delete_file(stored=stored)
    item.refresh_from_db()


def _locked(actor: User, item: SubscriberImport) -> SubscriberImport:
    """The import, this transaction's own; whoever works on it finds its batch refused once this is committed."""
    found = SubscriberImport.objects.select_for_update(of=("self",)).select_related("list__territory", "file")
    item = found.get(pk=item.pk)
    _check_rights(actor, item.list)
    return item


def _check_rights(actor: User, mailing_list: MailingList) -> None:
    if not access.manages_lists(actor, mailing_list.territory):
        raise PermissionDenied


def _begin(item: SubscriberImport, state: ImportState) -> None:
    """A phase, from its beginning: the lease of the one before holds no more."""
    item.state, item.position, item.progress = state, 0, 0
    item.lease = item.leased_until = None
    key = str(item.pk)
    transaction.on_commit(lambda: tasks.work_on_import.enqueue(key))


def _said(item: SubscriberImport) -> dict[str, Any]:
    return {"import": str(item.pk), "basis": item.basis, "rows": item.rows_read}


__all__ = [
    "PURPOSE",
    "FileRefused",
    "ImportRefusedError",
    "ImportedRow",
    "TableRefused",
    "abandon",
    "confirm",
    "forget_old_imports",
    "look_at",
    "may_import",
    "prepare",
    "set_columns",
    "undo",
    "wake_forgotten_imports",
]
