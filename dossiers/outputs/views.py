"""Is this decision genuine, and still in force? Open to anyone who holds its code."""

from __future__ import annotations

import re
import uuid
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.abilities import person_of
from portal.core.ratelimit import too_many

from ..access import get_dossier
from ..enums import DecisionState, DocumentKind
from ..exchange.notices import dossier_url
from ..models import Decision, DossierDocument, Tombstone
from ..retention.rules import code_digest
from ..rules import DossierRefused
from ..screens import private, require_rate
from . import documents
from .sheets import outcome_of

#: Codes looked at in an hour, from one connection. A code is one of 30^20.
CODES_AN_HOUR: Final = 60
MOST_TYPED: Final = 60


def normalised(typed: str) -> str:
    """« kx3fd ab… » → « KX3FD-AB… »: as codes are written, whatever was typed between."""
    letters = re.sub(r"[^A-Z0-9]", "", typed[:MOST_TYPED].upper())
    return "-".join(letters[start : start + 5] for start in range(0, len(letters), 5))


@private
@require_POST
def ask_full_document(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponse:
    """Have the whole dossier drawn up, then back to its screen, where it is to be downloaded."""
    person = person_of(request)
    dossier, rights = get_dossier(person, dossier_id)
    try:
        require_rate(request)
    except DossierRefused as refusal:
        messages.error(request, refusal.message)
    else:
        documents.ask_full(dossier=dossier, actor=person)
        messages.success(request, "Le dossier complet se prépare : il est à télécharger dans « Documents ».")
    return redirect(f"{dossier_url(dossier, rights.side)}#documents")


@never_cache
@require_safe
def verify_form(request: HttpRequest) -> HttpResponse:
    """Where a code is typed (``code``)."""
    if "code" not in request.GET:
        return _page(request)
    code = normalised(request.GET["code"])
    if not code:
        return _page(request, 422, error="Écrivez le code de vérification, tel qu’il figure sur la décision.")
    return redirect("dossiers:verify", code)


@never_cache
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the portal knows of the decision: what is printed on it and whether it holds, nothing else."""
    if too_many(request, "dossiers.verify", CODES_AN_HOUR):
        told = "Trop de codes ont été vérifiés depuis votre connexion. Réessayez dans une heure."
        return _page(request, 429, typed=code[:MOST_TYPED], error=told)
    signed = Decision.objects.filter(code=normalised(code), state__in=[DecisionState.FINAL, DecisionState.LAPSED])
    related = ("dossier__type", "dossier__organisation")
    found = signed.filter(dossier__binned_at=None).select_related(*related).first()
    if found is None and Tombstone.objects.filter(codes__contains=code_digest(normalised(code))).exists():
        told = "Cette décision a existé : son dossier est effacé, au terme de sa durée de conservation."
        return _page(request, 410, typed=code[:MOST_TYPED], error=told)
    if found is None:
        told = "Aucune décision ne porte ce code. Vérifiez-le : il compte quatre groupes de cinq caractères."
        return _page(request, 404, typed=code[:MOST_TYPED], error=told)
    documents = DossierDocument.objects.filter(decision=found, kind=DocumentKind.DECISION).select_related("file")
    document = documents.order_by("event_number").first()
    return _page(
        request,
        typed=found.code or "",
        decision=found,
        outcome=outcome_of(found),
        in_force=found.state == DecisionState.FINAL,
        sha256=document.file.sha256 if document is not None and document.file is not None else "",
    )


def _page(request: HttpRequest, status: int = 200, **given: Any) -> HttpResponse:
    context = {"typed": "", "error": "", "decision": None} | given
    return render(request, "dossiers/outputs/verify.html", context, status=status)
