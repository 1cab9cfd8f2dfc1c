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
from django.http import Http404
from django.utils import timezone

from portal.accounts.models import User
from portal.files.enums import ScanState
from portal.files.services import delete_file, store_upload

from ..access import Rights, lock
from ..enums import INTERNAL_EVENTS, DecisionState, DocumentKind, EventKind, Side, State
from ..journal import record
from ..models import PURPOSE, Dossier, DossierDocument, DossierEvent
from . import full, sheets
from .drawing import draw_sheet
from .history import READINGS

logger = logging.getLogger(__name__)
#: Longer than drawing lasts.
LEASE: Final = timedelta(minutes=10)
FIRST_DELAY: Final = timedelta(seconds=30)
LAST_DELAY: Final = timedelta(minutes=15)
#: Failures after which it is said; it is tried again all the same.
FAILURES: Final = 4
#: Of one run of ``tick``.
BATCH: Final = 100
BATCH_TIME: Final = timedelta(seconds=45)
#: What changes nothing of what the whole dossier says.
_WITHOUT_CONTENT: Final = READINGS | {EventKind.DOCUMENT, EventKind.EXPORTED, *INTERNAL_EVENTS}
KINDS: Final = {
    EventKind.DEPOSITED: DocumentKind.RECEIPT,
    EventKind.ACCEPTED: DocumentKind.DECISION,
    EventKind.REFUSED: DocumentKind.DECISION,
    EventKind.DROPPED: DocumentKind.DECISION,
}
SHEETS: Final[dict[DocumentKind, Callable[[DossierDocument], dict[str, Any]]]] = {
    DocumentKind.RECEIPT: sheets.receipt,
    DocumentKind.DECISION: sheets.decision,
    DocumentKind.FULL: full.full,
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


@transaction.atomic
def ask_full(*, dossier: Dossier, actor: User) -> DossierDocument:
    """Have the whole dossier drawn up as it is now. While nothing happens to it, it is the same document.

    It holds what both parties read (:mod:`.full`). Side effects: a row that takes the place of the one before, an
    event, a task on commit. Raises Http404 to who is of neither party, or where it is still a draft.
    """
    from .tasks import draw_document

    locked, rights = lock(dossier, actor)
    if not (rights.of_organisation or rights.instructs) or locked.state == State.DRAFT:
        raise Http404
    mine = DossierDocument.objects.filter(dossier=locked, kind=DocumentKind.FULL)
    told = DossierEvent.objects.filter(dossier=locked).exclude(kind__in=_WITHOUT_CONTENT)
    last = told.order_by("-number").values_list("number", flat=True)[0]
    if (known := mine.filter(event_number__gte=last).first()) is not None:
        return known
    mine.delete()
    document = DossierDocument.objects.create(dossier=locked, kind=DocumentKind.FULL, event_number=last)
    side = Side.ORGANISATION if rights.of_organisation else Side.INSTRUCTION
    record(locked, EventKind.DOCUMENT, actor=actor, side=side, data={"document": DocumentKind.FULL})
    transaction.on_commit(partial(draw_document.enqueue, str(document.pk)), robust=True)
    return document


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
            "fails": each.file is None and each.attempts >= FAILURES,
            "lapsed": each.decision is not None and each.decision.state == DecisionState.LAPSED,
        }
        for each in found
    ]
    may_ask = (rights.of_organisation or rights.instructs) and dossier.state != State.DRAFT
    waits = any(not each["served"] for each in lines)
    return {"dossier": dossier, "lines": lines, "may_ask": may_ask, "waits": waits}
