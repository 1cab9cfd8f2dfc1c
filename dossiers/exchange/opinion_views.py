"""Avis: asked, reminded and taken back by instruction; listed and given by the people who are asked."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.abilities import person_of
from portal.core.listing.paging import page_of

from ..access import get_dossier
from ..enums import OPEN, OpinionState, Side
from ..models import Opinion
from ..rules import DossierRefused
from ..screens import private, require_rate, status_of
from . import opinions
from .advising import dossier_for_advisor
from .forms import AskForm, GiveForm
from .notices import dossier_url
from .panels import opinion_line, opinions_panel
from .screens import go_back

PER_PAGE = 20


@private
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What one is asked, and what one gave."""
    person = person_of(request)
    asked = opinions.asked_of(person)
    wanted = request.GET.get("etat", "")
    if wanted in (OpinionState.ASKED, OpinionState.GIVEN):
        asked = asked.filter(state=wanted)
    else:
        wanted = ""
    page = page_of(request, asked.order_by("state", "due_at", "pk"), PER_PAGE)
    choices = [("", "Tous"), (OpinionState.ASKED.value, "À rendre"), (OpinionState.GIVEN.value, "Rendus")]
    context = {
        "items": page,
        "lines": [opinion_line(each, each.dossier, person) for each in page.object_list],
        "choices": [(value, label, value == wanted) for value, label in choices],
        "query": f"etat={wanted}" if wanted else "",
    }
    return render(request, "dossiers/exchange/my_opinions.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, opinion_id: uuid.UUID) -> HttpResponse:
    """The question, the dossier that it is about, and the form to answer. For who is asked, and nobody else."""
    person = person_of(request)
    found = Opinion.objects.exclude(state=OpinionState.REVOKED).filter(pk=opinion_id, advisor=person).first()
    if found is None:
        raise Http404
    dossier, rights = get_dossier(person, found.dossier_id, Side.OPINION)
    form, status = None, 200
    if request.method == "POST":
        form = GiveForm(request.POST, request.FILES, actor=person, name="give")
        try:
            require_rate(request)
            if form.is_valid():
                given = {name: value for name, value in form.about.items() if name != "key"}
                opinions.give(opinion=found, actor=person, **given)
                flash.success(request, "Votre avis est transmis au service instructeur.")
                return redirect("dossiers:opinion", found.pk)
            status = 422
        except DossierRefused as refusal:
            form.refuse(refusal)
            status = status_of(refusal)
            found.refresh_from_db()
    answers = found.state == OpinionState.ASKED and dossier.state in OPEN
    shown = list(opinions.shown_to(person, dossier, rights))
    context = {
        "dossier": dossier,
        "line": next(opinion_line(each, dossier, person) for each in shown if each.pk == found.pk),
        "others": [opinion_line(each, dossier, person) for each in shown if each.pk != found.pk and each.given_at],
        # A form that came too late is shown with what was typed.
        "form": form or (GiveForm(actor=person, name="give") if answers else None),
        "answers": answers,
        "has_errors": status != 200,
        **dossier_for_advisor(dossier),
    }
    return render(request, "dossiers/exchange/opinion.html", context, status=status)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponse:
    """The avis of a dossier, for who instructs it; a POST asks for some."""
    person = person_of(request)
    dossier, rights = get_dossier(person, dossier_id, Side.INSTRUCTION)
    form, status = None, 200
    if request.method == "POST":
        form = AskForm(request.POST, actor=person, name="opinion")
        try:
            require_rate(request)
            if form.is_valid():
                asked = opinions.ask(dossier=dossier, actor=person, **form.about)
                told = "Les avis sont demandés." if len(asked) > 1 else "L’avis est demandé."
                flash.success(request, told)
                return go_back(dossier, Side.INSTRUCTION, "dossiers:desk-opinions", "avis", form.cleaned_data["back"])
            status = 422
        except DossierRefused as refusal:
            form.refuse(refusal)
            status = status_of(refusal)
            dossier.refresh_from_db()
    panel = opinions_panel(dossier, person, rights, side=Side.INSTRUCTION, form=form, back="")
    context = {
        "dossier": dossier,
        "panel": panel | {"form": form or panel["form"]},
        "dossier_url": dossier_url(dossier, Side.INSTRUCTION),
        "has_errors": status != 200,
    }
    return render(request, "dossiers/exchange/opinions.html", context, status=status)


@private
@require_POST
def revoke(request: HttpRequest, dossier_id: uuid.UUID, opinion_id: uuid.UUID) -> HttpResponse:
    """Take a question back."""
    return _act(request, dossier_id, opinion_id, opinions.revoke, "La demande d’avis est annulée.")


@private
@require_POST
def remind(request: HttpRequest, dossier_id: uuid.UUID, opinion_id: uuid.UUID) -> HttpResponse:
    """Remind who is asked."""
    return _act(request, dossier_id, opinion_id, opinions.remind, "La personne est relancée.")


def _act(
    request: HttpRequest, dossier_id: uuid.UUID, opinion_id: uuid.UUID, act: Callable[..., Any], done: str
) -> HttpResponse:
    person = person_of(request)
    dossier, _ = get_dossier(person, dossier_id, Side.INSTRUCTION)
    found = get_object_or_404(Opinion, pk=opinion_id, dossier=dossier)
    try:
        act(opinion=found, actor=person)
        flash.success(request, done)
    except DossierRefused as refusal:
        flash.error(request, refusal.message)
    return go_back(dossier, Side.INSTRUCTION, "dossiers:desk-opinions", "avis", request.POST.get("back", ""))
