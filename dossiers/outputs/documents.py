"""Documents that the portal draws up: asked for with the event that they are of, drawn by a task.

The row says what is to be drawn, whose turn it is (``due_at``, a lease) and how often it was tried; the task is only a
wake-up, and ``tick`` catches up.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.accounts.models import User
from portal.files.enums import ScanState
from portal.files.services import delete_file, store_upload

from ..access import Rights
from ..enums import DecisionState, DocumentKind, EventKind
from ..models import PURPOSE, Dossier, DossierDocument, DossierEvent
from . import sheets
from .drawing import draw_sheet

logger = logging.getLogger(__name__)
#: Longer than drawing lasts.
LEASE: Final = timedelta(minutes=10)
FIRST_DELAY: Final = timedelta(seconds=30)
LAST_DELAY: Final = timedelta(minutes=15)
#: Of one run of ``tick``.
BATCH: Final = 100
BATCH_TIME: Final = timedelta(seconds=45)
KINDS: Final = {
    EventKind.DEPOSITED: DocumentKind.RECEIPT,
    EventKind.ACCEPTED: DocumentKind.DECISION,
    EventKind.REFUSED: DocumentKind.DECISION,
    EventKind.DROPPED: DocumentKind.DECISION,
}
SHEETS: Final[dict[DocumentKind, Callable[[DossierDocument], dict[str, Any]]]] = {
    DocumentKind.RECEIPT: sheets.receipt,
    DocumentKind.DECISION: sheets.decision,
}


def on_event(event: DossierEvent) -> None:
    """A deposit has its receipt, a decision its sheet. A listener of the log, in the event's transaction."""
    from .tasks import draw_document

    kind = KINDS.get(EventKind(event.kind))
    decision = event.data.get("decision")
    if kind is None or (kind == DocumentKind.DECISION and not decision):
        return
    document = DossierDocument.objects.create(
        dossier=event.dossier,
        kind=kind,
        event_number=event.number,
        decision_id=decision if kind == DocumentKind.DECISION else None,
    )
    # A wake-up that is lost costs two minutes: ``tick`` comes by.
    transaction.on_commit(partial(draw_document.enqueue, str(document.pk)), robust=True)


def draw(document_id: uuid.UUID | str) -> bool:
    """Draw up one document that waits and is nobody's turn. Whether it was.

    Raises nothing for a failure: it is tried again, later and later, for as long as it takes. Side effects: a file of
    the portal's own, which the antivirus looks through as any other.
    """
    now = timezone.now()
    waiting = DossierDocument.objects.filter(pk=document_id, file=None, due_at__lte=now)
    if not waiting.update(due_at=now + LEASE, attempts=F("attempts") + 1):
        return False
    related = ("dossier__type", "dossier__type_version", "dossier__organisation", "decision")
    places = ("dossier__territory", "dossier__routed_to")
    document = DossierDocument.objects.select_related(*related, *places).get(pk=document_id)
    try:
        kind = DocumentKind(document.kind)
        content = draw_sheet(SHEETS[kind](document), document.created_at)
        upload = ContentFile(content, name=f"{kind.value}-{document.dossier.number}.pdf")
        stored = store_upload(actor=None, upload=upload, purpose=PURPOSE, accept=("pdf",))
    except Exception:
        logger.exception("Document %s could not be drawn up (attempt %d)", document.pk, document.attempts)
        delay = min(FIRST_DELAY * 2 ** min(document.attempts - 1, 10), LAST_DELAY)
        _turn(document).update(due_at=timezone.now() + delay)
        return False
    if not _turn(document).update(file=stored):
        delete_file(stored=stored)  # Another took over meanwhile.
        return False
    return True


def _turn(document: DossierDocument) -> Any:
    """The row, as long as nobody took it over since."""
    return DossierDocument.objects.filter(pk=document.pk, file=None, attempts=document.attempts)


def draw_waiting() -> int:
    """Draw what waits and no task drew; run by ``tick``. How many were drawn."""
    start = timezone.now()
    due = DossierDocument.objects.filter(file=None, due_at__lte=start).order_by("due_at", "pk")
    done = 0
    for pk in list(due.values_list("pk", flat=True)[:BATCH]):
        done += draw(pk)
        if timezone.now() - start > BATCH_TIME:
            break
    return done


def documents_panel(dossier: Dossier, user: User, rights: Rights) -> dict[str, Any]:
    """The documents, the latest first; nothing to who only gives an avis. One query::

    context["documents"] = documents_panel(dossier, user, rights)
    {% include "dossiers/outputs/_documents.html" with panel=documents %}
    """
    found: list[DossierDocument] = []
    if rights.of_organisation or rights.instructs or rights.validates:
        documents = DossierDocument.objects.filter(dossier=dossier).select_related("file", "decision")
        found = list(documents.order_by("-event_number", "kind"))
    served = (ScanState.CLEAN, ScanState.NOT_SCANNED)
    lines = [
        {
            "document": each,
            "served": each.file is not None and each.file.scan_state in served,
            "lapsed": each.decision is not None and each.decision.state == DecisionState.LAPSED,
        }
        for each in found
    ]
    return {"dossier": dossier, "lines": lines}
