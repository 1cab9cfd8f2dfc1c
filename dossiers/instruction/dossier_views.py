"""The screen of one dossier, and taking it in hand."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.abilities import person_of

from ..access import get_dossier
from ..enums import Action, Side
from ..rules import DossierRefused
from ..screens import private, require_rate, status_of
from ..services.transitions import perform
from .detail import context_of
from .forms import ActForm


def show(request: HttpRequest, dossier_id: uuid.UUID, status: int = 200, refusal: str = "") -> HttpResponseBase:
    """The dossier as it is now; 404 for who does not instruct it."""
    person = person_of(request)
    dossier, rights = get_dossier(person, dossier_id, Side.INSTRUCTION)
    context = context_of(dossier, rights, person) | {"act": ActForm(dossier=dossier), "refusal": refusal}
    return render(request, "dossiers/instruction/detail.html", context, status=status)


@private
@require_safe
def detail(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """One dossier, whole."""
    return show(request, dossier_id)


@private
@require_POST
def take(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """Take in instruction: at once, without a form of its own."""
    person = person_of(request)
    dossier, _ = get_dossier(person, dossier_id, Side.INSTRUCTION)
    try:
        require_rate(request)
        perform(
            Action.TAKE,
            dossier=dossier,
            actor=person,
            version=request.POST.get("version"),
            key=request.POST.get("key", ""),
        )
    except DossierRefused as refusal:
        return show(request, dossier_id, status_of(refusal), refusal.message)
    messages.success(request, "Le dossier est pris en instruction. Vous en êtes chargé.")
    return redirect("instruction:detail", dossier.pk)
