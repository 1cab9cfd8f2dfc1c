"""One dossier as its organisation reads it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.abilities import person_of
from portal.files.selectors import may_be_served

from ..access import Rights, get_dossier
from ..catalogue.differences import compare
from ..enums import Action, DecisionState, Side, State
from ..exchange.panels import requests_panel, thread_panel
from ..fields.display import rows
from ..fields.schema import load_schema
from ..models import Decision, Dossier, DossierInvitation
from ..outputs.documents import documents_panel
from ..outputs.history import history_panel
from ..pieces.services import current_files
from ..rules import DossierRefused, may
from ..screens import private, status_of
from ..services.transitions import perform
from ..sharing.words import MAY
from ..territory.panels import territory_panel
from .forms import WithdrawForm


@private
@require_safe
def detail(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponse:
    """Where it stands, what is expected, what was sent, what was said."""
    person = person_of(request)
    dossier, rights = get_dossier(person, dossier_id, Side.ORGANISATION)
    schema = load_schema(dossier.type_version)
    draft = dossier.state == State.DRAFT
    files = {
        key: [{"file": each.file, "served": may_be_served(person, each.file)} for each in versions]
        for key, versions in current_files(dossier).items()
    }
    decisions = Decision.objects.filter(dossier=dossier, state__in=[DecisionState.FINAL, DecisionState.LAPSED])
    context: dict[str, Any] = {
        "dossier": dossier,
        "rights": rights,
        "draft": draft,
        "state": dossier.state_label(Side.ORGANISATION),
        "next": dossier.what_next(Side.ORGANISATION),
        "rows": rows(schema, dossier.values, files),
        "decisions": decisions.order_by("-signed_at"),
        "may_withdraw": rights.deposits and may(dossier.state, Action.WITHDRAW),
        "territory_panel": territory_panel(dossier, person, rights, Side.ORGANISATION),
        "invitation": None,
    }
    if rights.invited:
        mine = DossierInvitation.objects.valid().filter(dossier=dossier, user=person).order_by("pk")
        context |= {"invitation": mine.first(), "may": MAY[rights.invited]}
    if not draft:
        context["requests_panel"] = requests_panel(dossier, person, rights, side=Side.ORGANISATION)
        context["documents"] = documents_panel(dossier, person, rights)
        context["history"] = history_panel(dossier, rights, Side.ORGANISATION)
        context["thread"] = thread_panel(dossier, person, rights, side=Side.ORGANISATION)
    elif dossier.type.current_version is not None and dossier.type.current_version_id != dossier.type_version_id:
        context["newer"] = compare(dossier.type_version.schema, dossier.type.current_version.schema)
    return render(request, "dossiers/deposit/detail.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponse:
    """Give it up, with a reason, after having read what that means."""
    person = person_of(request)
    dossier, rights = get_dossier(person, dossier_id, Side.ORGANISATION)
    if not rights.deposits:
        raise Http404
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" and not may(dossier.state, Action.WITHDRAW):
        return redirect("dossiers:detail", dossier.pk)
    if request.method == "POST" and form.is_valid():
        try:
            perform(
                Action.WITHDRAW,
                dossier=dossier,
                actor=person,
                version=request.POST.get("version"),
                key=request.POST.get("key", ""),
                reason=form.cleaned_data["reason"],
            )
        except DossierRefused as refusal:
            return _withdraw(request, dossier, rights, form, status_of(refusal), refusal)
        messages.success(request, "Votre dossier est retiré.")
        return redirect("dossiers:detail", dossier.pk)
    return _withdraw(request, dossier, rights, form, 422 if request.method == "POST" else 200)


def _withdraw(
    request: HttpRequest,
    dossier: Dossier,
    rights: Rights,
    form: WithdrawForm,
    status: int,
    refusal: DossierRefused | None = None,
) -> HttpResponse:
    context = {"dossier": dossier, "form": form, "refusal": refusal, "key": uuid.uuid4().hex}
    return render(request, "dossiers/deposit/withdraw.html", context, status=status)
