"""The antivirus: what it says of files, written on their rows (docs/files.md).

A scan is asked for after the commit by a task, which is only a wake-up: the row says what is to be scanned, whose
turn it is (``scan_after``, a lease) and how often it was tried. ``tick`` catches up with what no task did. Until
the antivirus has said that a file is clean, no reader is given it.
"""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from functools import partial
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from portal.notifications.services import notify

from . import clamd
from .enums import ScanState
from .listeners import tell_infected
from .models import StoredFile
from .notices import INFECTED

logger = logging.getLogger(__name__)

#: Longer than a scan may last, so that nobody takes over a file that is being scanned.
LEASE: Final = timedelta(minutes=10)
FIRST_DELAY: Final = timedelta(seconds=30)
LAST_DELAY: Final = timedelta(minutes=15)
#: Failures after which the file is said to be in error. It is tried again all the same, for as long as it stays.
FAILURES: Final = 3
#: Of one run of ``tick``.
BATCH: Final = 200
BATCH_TIME: Final = timedelta(seconds=45)


def scanner_is_left_out() -> bool:
    """Whether the operator runs without a scanner, and said so."""
    return bool(settings.FILES_WITHOUT_SCANNER and not settings.CLAMD_URL)


def first_state() -> ScanState:
    """The state of a file that was just stored."""
    return ScanState.NOT_SCANNED if scanner_is_left_out() else ScanState.PENDING


def states_to_scan() -> list[str]:
    """What waits for a scan: also what was stored without a scanner, once there is one. Nothing while there is none."""
    return [ScanState.PENDING, ScanState.ERROR, ScanState.NOT_SCANNED] if settings.CLAMD_URL else []


def ask_for_scan(stored: StoredFile) -> None:
    """Wake a worker up for ``stored``, once the transaction is committed."""
    from .tasks import scan_stored_file

    if stored.scan_state in states_to_scan():
        # A wake-up that is lost costs a minute: ``tick`` comes by.
        transaction.on_commit(partial(scan_stored_file.enqueue, str(stored.pk)), robust=True)


def scan_file(file_id: uuid.UUID | str) -> str | None:
    """Scan one file that waits and is nobody's turn, and write the verdict. Returns the state, None where not its turn.

    Raises nothing for a scanner that is away: the file is tried again, later and later. Side effects: the row; for an
    infected file a notification to who sent it, and what its purpose does then (``listeners``).
    """
    now = timezone.now()
    waiting = StoredFile.objects.filter(
        pk=file_id, scan_state__in=states_to_scan(), scan_after__lte=now, erased_at=None
    )
    if not waiting.update(scan_after=now + LEASE, scan_attempts=F("scan_attempts") + 1):
        return None
    stored = StoredFile.objects.get(pk=file_id)
    try:
        if stored.size > settings.CLAMD_MAX_BYTES:
            verdict = clamd.Verdict(whole=False, signature="CLAMD_MAX_BYTES")
        else:
            with stored.open() as file:
                verdict = clamd.scan(file)
    except clamd.ScannerAway as error:
        return _try_later(stored, str(error))
    except OSError as error:
        return _try_later(stored, f"the content cannot be read: {type(error).__name__}")
    return _write(stored, verdict)


def _try_later(stored: StoredFile, reason: str) -> str:
    logger.error("File %s could not be scanned (attempt %d): %s", stored.pk, stored.scan_attempts, reason)
    delay = min(FIRST_DELAY * 2 ** min(stored.scan_attempts - 1, 10), LAST_DELAY)
    state = ScanState.ERROR if stored.scan_attempts >= FAILURES else ScanState.PENDING
    _turn(stored).update(scan_state=state, scan_after=timezone.now() + delay)
    return state


def _write(stored: StoredFile, verdict: clamd.Verdict) -> str:
    state = ScanState.CLEAN
    if verdict.infected:
        state = ScanState.INFECTED
    elif not verdict.whole:
        state = ScanState.UNSCANNABLE
    found = {"scan_state": state, "scanned_at": timezone.now(), "signature": verdict.signature, "engine": _engine()}
    with transaction.atomic():
        written = _turn(stored).update(**found)
        if written and state == ScanState.INFECTED:
            logger.warning("File %s is infected: %s", stored.pk, verdict.signature)
            if stored.uploaded_by is not None:
                context = {"name": stored.name, "day": f"{timezone.localtime(stored.created_at):%d/%m/%Y}"}
                notify(INFECTED, recipients=[stored.uploaded_by], event=str(stored.pk), context=context)
    if written and state == ScanState.INFECTED:
        # After the commit: a listener takes locks of its own, in whichever order its app takes them.
        tell_infected(StoredFile.objects.get(pk=stored.pk))
    return state


def _engine() -> str:
    """Which engine, with which signatures; empty where it went away meanwhile."""
    try:
        return clamd.version()[:100]
    except clamd.ScannerAway:
        return ""


def _turn(stored: StoredFile) -> QuerySet[StoredFile]:
    """The row, as long as nobody took it over since."""
    return StoredFile.objects.filter(pk=stored.pk, scan_attempts=stored.scan_attempts)


def scan_waiting_files() -> int:
    """Scan what waits and no task scanned; run by ``tick``. Returns how many got a verdict.

    Stops at the first file that the scanner fails on: the others wait for the next run.
    """
    if not states_to_scan():
        return 0
    try:
        clamd.version()  # A daemon that hangs costs three seconds, not a minute a file.
    except clamd.ScannerAway as error:
        logger.error("The antivirus does not answer: %s", error)
        return 0
    start = timezone.now()
    due = StoredFile.objects.filter(scan_state__in=states_to_scan(), scan_after__lte=start, erased_at=None)
    done = 0
    for pk in list(due.order_by("scan_after", "pk").values_list("pk", flat=True)[:BATCH]):
        state = scan_file(pk)
        if state in (ScanState.PENDING, ScanState.ERROR) or timezone.now() - start > BATCH_TIME:
            break
        done += state is not None
    return done
