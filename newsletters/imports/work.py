"""The work of imports: checking, running, taking back. By batches, each one transaction that moves ``position`` on.

A process holds an import by a lease. Each batch first renews it, by an UPDATE that also checks that the phase is the
one it began: whoever was thought dead and is not, or whose import was taken back meanwhile, changes nothing. A process
killed anywhere leaves whole batches, and whoever comes next goes on after the last.
"""

from __future__ import annotations

import contextlib
import logging
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import IO, Any, Final

from django.db import OperationalError, connection, transaction
from django.db.models import Count, Q
from django.utils import timezone

from portal.files.models import StoredFile
from portal.files.services import delete_file

from . import statements
from .enums import BUSY, Column, ImportState, Outcome
from .models import ImportedRow, SubscriberImport
from .reading import Read, Reader
from .refusal import TableRefused
from .tables import rows
from .undoing import take_back

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=2)
BATCH: Final = 5_000
#: Between batches, so that others write too where there is one writer (SQLite). Seconds.
BREATH: Final = 0.02
ATTEMPTS: Final = 4
_GONE: Final = "Le fichier n’est plus là : envoyez-le à nouveau."


class LostLeaseError(Exception):
    """The import is another's now, or in another phase."""


def carry_out(import_id: uuid.UUID | str) -> bool:
    """Do what ``import_id`` waits for, to its end; whether it was this process's to do. Again: nothing.

    Raises what goes wrong beyond the file itself; the import is then free to be taken up.
    """
    item, lease = _claim(import_id)
    if item is None:
        return False
    try:
        if item.state == ImportState.CHECKING:
            _check(item, lease)
        elif item.state == ImportState.RUNNING:
            _run(item, lease)
        else:
            _undo(item, lease)
    except LostLeaseError:
        logger.info("Import %s went on elsewhere.", item.pk)
        return False
    finally:
        SubscriberImport.objects.filter(pk=item.pk, lease=lease).update(lease=None, leased_until=None)
    return True


def _claim(import_id: uuid.UUID | str) -> tuple[SubscriberImport | None, uuid.UUID]:
    lease, now = uuid.uuid4(), timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    mine = SubscriberImport.objects.filter(free, pk=import_id, state__in=BUSY)
    if not mine.update(lease=lease, leased_until=now + LEASE):
        return None, lease
    return SubscriberImport.objects.select_related("list", "file").get(pk=import_id), lease


@contextlib.contextmanager
def _batch(item: SubscriberImport, lease: uuid.UUID) -> Iterator[None]:
    """One transaction, in which ``item`` is this process's."""
    with transaction.atomic():
        mine = SubscriberImport.objects.filter(pk=item.pk, lease=lease, state=item.state, position=item.position)
        if not mine.update(leased_until=timezone.now() + LEASE):
            raise LostLeaseError
        yield
    if connection.vendor == "sqlite":
        time.sleep(BREATH)


def _note(item: SubscriberImport, **values: Any) -> None:
    """Inside :func:`_batch`: how far it is."""
    for name, value in values.items():
        setattr(item, name, value)
    SubscriberImport.objects.filter(pk=item.pk).update(**values)


def _tally(item: SubscriberImport, first: int, last: int) -> dict[str, int]:
    """``counts`` with the rows of a batch."""
    counts = dict(item.counts)
    found = ImportedRow.objects.filter(batch=item, line__range=(first, last)).order_by("outcome")
    for outcome, many in found.values_list("outcome").annotate(many=Count("pk")):
        counts[outcome] = counts.get(outcome, 0) + many
    return counts


# --- Checking -------------------------------------------------------------------------------------------------------
def _check(item: SubscriberImport, lease: uuid.UUID) -> None:
    """Read the file, keep its rows and say what would become of each. Nothing is written to lists nor people."""
    if not item.position:
        forget_rows(item)
    try:
        with _opened(item) as file:
            size = item.file.size if item.file and item.kind == "csv" else 0
            reader = Reader(item.mapping, item.typos)
            waiting: list[Read] = []
            unplaced = reading_at = 0
            found = rows(
                file,
                kind=item.kind,
                encoding=item.encoding,
                delimiter=item.delimiter,
                has_header=item.has_header,
            )
            for record, reading_at in found:
                if record[0] <= item.position:
                    continue
                row = reader.read(record)
                unplaced += row.unplaced
                waiting.append(row)
                if len(waiting) >= BATCH:
                    _keep(item, lease, waiting, unplaced, reading_at * 1000 // size if size else 0)
                    waiting, unplaced = [], 0
            if waiting:
                _keep(item, lease, waiting, unplaced, 1000)
    except TableRefused as refusal:
        with _batch(item, lease):
            _note(item, state=ImportState.REFUSED, error=str(refusal.message)[:500], checked_at=timezone.now())
        return
    with _batch(item, lease):
        _note(item, state=ImportState.CHECKED, progress=1000, checked_at=timezone.now())


def _keep(item: SubscriberImport, lease: uuid.UUID, read: list[Read], unplaced: int, progress: int) -> None:
    with _batch(item, lease):
        statements.store(item, read)
        first, last = read[0].line, read[-1].line
        statements.judge(item, first, last)
        _note(
            item,
            position=last,
            counts=_tally(item, first, last),
            rows_read=item.rows_read + len(read),
            roles=item.roles + sum(row.role for row in read if row.outcome == Outcome.NEW),
            unplaced=item.unplaced + unplaced,
            progress=min(progress, 1000),
        )


@contextlib.contextmanager
def _opened(item: SubscriberImport) -> Iterator[IO[bytes]]:
    """The file, as one that can be gone through at will, wherever the storage has it."""
    if item.file is None or Column.ADDRESS not in item.mapping:
        raise TableRefused(_GONE, "gone")
    try:
        stored = item.file.open()
    except OSError as error:
        raise TableRefused(_GONE, "gone") from error
    with stored:
        inner = stored.file
        if hasattr(inner, "fileno") and hasattr(inner, "read1"):
            yield inner
            return
        with tempfile.TemporaryFile() as copy:
            for chunk in stored.chunks():
                copy.write(chunk)
            yield copy


# --- Running --------------------------------------------------------------------------------------------------------
def _run(item: SubscriberImport, lease: uuid.UUID) -> None:
    """Subscribe the rows that are to be."""
    last_line = _last_line(item)
    while (last := _next_line(item)) is not None:
        first = item.position + 1
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with _batch(item, lease):
                    statements.subscribe(item, first, last)
                    counts = _tally(item, first, last)
                    _note(item, position=last, counts=counts, progress=last * 1000 // max(last_line, 1))
                break
            except (statements.Overtaken, OperationalError):
                # Two imports of the same people wait for each other: one gives way, and comes again.
                if attempt == ATTEMPTS:
                    raise
                item.refresh_from_db(fields=["position", "counts", "progress"])
                time.sleep(0.1 * attempt)
    with _batch(item, lease):
        stored = item.file
        _note(item, state=ImportState.DONE, progress=1000, finished_at=timezone.now(), preview=[], file=None)
        _drop(stored)


def _next_line(item: SubscriberImport) -> int | None:
    """The last line of the next batch; None at the end."""
    left = ImportedRow.objects.filter(batch=item, line__gt=item.position).order_by("line")
    lines = left.values_list("line", flat=True)
    nth = list(lines[BATCH - 1 : BATCH])
    return nth[0] if nth else left.order_by("-line").values_list("line", flat=True).first()


def _last_line(item: SubscriberImport) -> int:
    return ImportedRow.objects.filter(batch=item).order_by("-line").values_list("line", flat=True).first() or 0


# --- Taking back ----------------------------------------------------------------------------------------------------
def _undo(item: SubscriberImport, lease: uuid.UUID) -> None:
    last_line = _last_line(item)
    while (last := _next_line(item)) is not None:
        with _batch(item, lease):
            found = take_back(item, item.position + 1, last)
            undone = {key: item.undone.get(key, 0) + many for key, many in found.items()}
            _note(item, position=last, undone=item.undone | undone, progress=last * 1000 // max(last_line, 1))
    with _batch(item, lease):
        stored = item.file
        _note(item, state=ImportState.UNDONE, progress=1000, undone_at=timezone.now(), preview=[], file=None)
        _drop(stored)


# --- Leaving nothing behind -----------------------------------------------------------------------------------------
def forget_rows(item: SubscriberImport) -> None:
    """Delete the rows of an import, by batches."""
    while last := ImportedRow.objects.filter(batch=item).order_by("line").values_list("line", flat=True)[:BATCH]:
        ImportedRow.objects.filter(batch=item, line__lte=max(last))._raw_delete("default")


def _drop(stored: StoredFile | None) -> None:
    """The file has served: rows hold what is needed of it."""
    if stored is not None:
        delete_file(stored=stored)
