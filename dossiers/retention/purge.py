"""A dossier's end: every row that is about it, in the order that their references allow."""

from __future__ import annotations

from django.db import transaction

from ..models import (
    ComplementRequest,
    Decision,
    Dossier,
    DossierDocument,
    DossierEvent,
    DossierPage,
    DossierRevision,
    Message,
    Opinion,
    Reminder,
)
from ..pieces.services import purge as purge_pieces


@transaction.atomic
def erase(dossier: Dossier) -> None:
    """Delete ``dossier`` with its pieces, exchanges, decisions, documents, log and published page.

    Nobody's rights are asked: the caller knows that its time is over. What it was granted stays counted on its
    enveloppe.
    Side effects: the contents of its files go once nothing refers to them (``portal.files.retention``).
    """
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    subjects = [
        *ComplementRequest.objects.filter(dossier=locked).values_list("pk", flat=True),
        *Opinion.objects.filter(dossier=locked).values_list("pk", flat=True),
    ]
    Reminder.objects.filter(subject__in=subjects).delete()
    for model in (DossierDocument, Decision, Message, Opinion, ComplementRequest, DossierRevision):
        model._base_manager.filter(dossier=locked).delete()
    purge_pieces(locked)
    page = DossierPage.objects.filter(pk=locked.published_page_id).first()
    DossierEvent.objects.filter(dossier=locked).purge()
    locked.delete()
    if page is not None:
        page.delete()
