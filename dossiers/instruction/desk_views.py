"""Who is in charge of a dossier, which service, which labels."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.accounts.abilities import person_of

from ..access import get_dossier
from ..enums import OPEN, Side
from ..rules import DossierConflict, DossierRefused, where
from ..screens import private, require_rate, status_of
from ..services import desk
from ..services.keys import act_of
from .desk_forms import AssignForm, LabelsForm, ReassignForm

METHODS = ["GET", "HEAD", "POST"]


def _run(
    request: HttpRequest,
    dossier_id: uuid.UUID,
    *,
    title: str,
    submit: str,
    form_class: type[Any],
    act: Callable[..., object],
    done: str,
    intro: str = "",
    closed: bool = False,
    back: str = "",
) -> HttpResponseBase:
    """GET shows the form, POST does it. ``closed``: of closed dossiers too. ``back``: where it leads, else the dossier.

    A form sent again leads where it led, though the dossier may be elsewhere by now.
    """
    person = person_of(request)
    sent = act_of(person, request.POST.get("key", "")) if back else None
    if sent is not None and sent.dossier_id == dossier_id:
        return redirect(back)
    dossier, _ = get_dossier(person, dossier_id, Side.INSTRUCTION)
    possible = closed or dossier.state in OPEN
    form, status = form_class(dossier=dossier, user=person), 200
    if request.method == "POST":
        form, status = form_class(request.POST, dossier=dossier, user=person), 422
        if form.is_valid():
            try:
                require_rate(request)
                act(dossier=dossier, actor=person, said=form.cleaned_data, **form.about)
            except DossierRefused as refusal:
                status = status_of(refusal)
                if isinstance(refusal, DossierConflict):
                    dossier, _ = get_dossier(person, dossier_id, Side.INSTRUCTION)
                    form.dossier, possible = dossier, closed or dossier.state in OPEN
                form.refuse(refusal)
            else:
                messages.success(request, done)
                return redirect(back) if back else redirect("instruction:detail", dossier.pk)
    elif not possible:
        messages.warning(request, where(dossier.state))
        return redirect("instruction:detail", dossier.pk)
    context = {
        "dossier": dossier,
        "screen": {"title": title, "submit": submit, "intro": intro},
        "form": form,
        "possible": possible,
        "conflict": status == 409,
        "has_errors": status != 200,
    }
    return render(request, "dossiers/instruction/act.html", context, status=status)


@private
@require_http_methods(METHODS)
def assign(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """Put somebody in charge."""

    def act(*, said: dict[str, Any], **given: Any) -> object:
        return desk.assign(version=said["version"], key=said["key"], **given)

    return _run(
        request,
        dossier_id,
        title="Confier le dossier",
        submit="Confier",
        form_class=AssignForm,
        act=act,
        done="Le dossier a changé de main.",
        intro="Une personne absente est remplacée par son relais.",
    )


@private
@require_http_methods(METHODS)
def reassign(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """Hand it to another service."""

    def act(*, said: dict[str, Any], **given: Any) -> object:
        return desk.reassign(version=said["version"], key=said["key"], **given)

    return _run(
        request,
        dossier_id,
        title="Transmettre à un autre service",
        submit="Transmettre",
        form_class=ReassignForm,
        act=act,
        done="Le dossier est transmis. Votre service ne le voit plus, sauf s’il couvre aussi le nouveau territoire.",
        intro="L’organisation et le service qui reçoit le dossier sont prévenus. Votre service ne le verra plus.",
        back="instruction:list",
    )


@private
@require_http_methods(METHODS)
def labels(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """Its labels."""

    def act(*, said: dict[str, Any], **given: Any) -> object:
        return desk.set_labels(**given)

    return _run(
        request,
        dossier_id,
        title="Étiquettes du dossier",
        submit="Enregistrer",
        form_class=LabelsForm,
        act=act,
        done="Les étiquettes sont enregistrées.",
        closed=True,
    )
