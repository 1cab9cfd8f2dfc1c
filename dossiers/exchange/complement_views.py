"""Complements: asked for by instruction, answered one by one and sent by the organisation."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.abilities import person_of
from portal.accounts.models import User

from ..access import Rights, get_dossier
from ..enums import Action, FieldKind, RequestState, Side, State
from ..fields.forms import DossierForm, make_form
from ..fields.schema import load_schema
from ..models import ComplementItem, Dossier
from ..pieces.panels import panels as piece_panels
from ..pieces.posted import receive
from ..rules import DossierConflict, DossierRefused
from ..screens import private, require_rate, status_of
from ..services.transitions import perform
from . import complements
from .deadlines import local_day, zone_name
from .forms import RequestForm
from .notices import dossier_url
from .panels import requests_panel
from .screens import go_back


@private
@require_safe
def requests(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponse:
    """What is asked of the organisation, what is answered, what is left."""
    return _requests(request, *get_dossier(person_of(request), dossier_id, Side.ORGANISATION))


def _requests(
    request: HttpRequest, dossier: Dossier, rights: Rights, refusal: DossierRefused | None = None
) -> HttpResponse:
    person = person_of(request)
    errors = refusal.errors if refusal is not None else {}
    context = {
        "dossier": dossier,
        "panel": requests_panel(dossier, person, rights, side=Side.ORGANISATION, back="", errors=errors),
        "dossier_url": dossier_url(dossier, Side.ORGANISATION),
        "refusal": refusal,
    }
    status = status_of(refusal) if refusal is not None else 200
    return render(request, "dossiers/exchange/requests.html", context, status=status)


@private
@require_POST
def answer(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponse:
    """Send the answers, all together: the dossier goes back to instruction."""
    person = person_of(request)
    dossier, rights = get_dossier(person, dossier_id, Side.ORGANISATION)
    try:
        perform(
            Action.ANSWER,
            dossier=dossier,
            actor=person,
            version=request.POST.get("version"),
            key=request.POST.get("key", ""),
        )
    except DossierRefused as refusal:
        dossier, rights = get_dossier(person, dossier_id, Side.ORGANISATION)
        return _requests(request, dossier, rights, refusal)
    flash.success(request, "Vos réponses sont transmises au service instructeur.")
    return go_back(dossier, Side.ORGANISATION, "dossiers:requests", "complements", request.POST.get("back", ""))


@private
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, dossier_id: uuid.UUID, item_id: uuid.UUID) -> HttpResponse:
    """One thing that is asked: its field alone, and a comment."""
    person = person_of(request)
    dossier, rights = get_dossier(person, dossier_id, Side.ORGANISATION)
    asked = ComplementItem.objects.select_related("request__asked_by").filter(pk=item_id, request__dossier=dossier)
    found = asked.first()
    if found is None or not rights.edits:
        raise Http404
    if request.method == "POST":
        return Answering(request, dossier, rights, found).post()
    if found.request.state != RequestState.OPEN:
        flash.info(request, "Cette demande est close : elle ne se répond plus.")
        return redirect("dossiers:requests", dossier.pk)
    return Answering(request, dossier, rights, found).show()


class Answering:
    """The screen of one item. What was typed and sent is shown again whatever happens."""

    def __init__(self, request: HttpRequest, dossier: Dossier, rights: Rights, item: ComplementItem) -> None:
        self.request, self.dossier, self.rights, self.item = request, dossier, rights, item
        self.person: User = person_of(request)
        self.schema = load_schema(dossier.type_version)
        field = self.schema.field(item.field)
        if field is None:
            raise Http404
        self.field = field
        self.comment, self.comment_errors = item.comment, list[str]()
        self.refusal: DossierRefused | None = None

    def form(self, data: Any = None, files: Any = None) -> DossierForm:
        return make_form(
            self.schema, data=data, files=files, values=self.dossier.values, only={self.field.key}, dossier=self.dossier
        )

    def pieces(self) -> dict[str, Any]:
        """The field's files, where it is one of pieces."""
        if self.field.kind != FieldKind.PIECE:
            return {}
        return piece_panels(self.dossier, self.person, self.rights, only={self.field.key})

    def post(self) -> HttpResponse:
        data = self.request.POST
        self.comment = data.get("_comment", "")
        form = self.form(data, self.request.FILES)
        try:
            require_rate(self.request)
            if self.field.kind == FieldKind.PIECE:
                told = receive(
                    dossier=self.dossier,
                    actor=self.person,
                    data=data,
                    files=self.request.FILES,
                    only={self.field.key},
                )
                form.tell(told)
                if told:
                    return self.show(form, 422)
            if form.action:
                return self.show(form)
            if not form.is_valid():
                return self.show(form, 422)
            complements.answer_item(
                item=self.item,
                actor=self.person,
                version=data.get("_version"),
                value=form.values_to_keep().get(self.field.key),
                comment=self.comment,
                key=data.get("_key", ""),
            )
        except DossierRefused as refusal:
            return self.refuse(form, refusal)
        flash.success(self.request, f"Votre réponse sur « {self.field.label} » est enregistrée.")
        return redirect("dossiers:requests", self.dossier.pk)

    def refuse(self, form: DossierForm, refusal: DossierRefused) -> HttpResponse:
        """The screen again, with why; after a conflict with the version there is now, so that one may go on."""
        if refusal.errors:
            form.tell(refusal.errors)
        elif refusal.field == "comment":
            self.comment_errors.append(refusal.message)
        else:
            self.refusal = refusal
        if isinstance(refusal, DossierConflict):
            self.dossier, self.rights = get_dossier(self.person, self.dossier.pk, Side.ORGANISATION)
            self.item.request.refresh_from_db()
        return self.show(form, status_of(refusal))

    def show(self, form: DossierForm | None = None, status: int = 200) -> HttpResponse:
        form = form or self.form()
        context = {
            "dossier": self.dossier,
            "item": self.item,
            "field": self.field,
            "form": form,
            "pieces": self.pieces(),
            "comment": self.comment,
            "comment_errors": self.comment_errors,
            "refusal": self.refusal,
            "open": self.item.request.state == RequestState.OPEN and self.dossier.state == State.INCOMPLETE,
            "key": uuid.uuid4().hex,
            "zone": zone_name(self.dossier.territory),
            "has_errors": status >= 400,
            "dossier_url": dossier_url(self.dossier, Side.ORGANISATION),
        }
        return render(self.request, "dossiers/exchange/item.html", context, status=status)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponse:
    """The requests of a dossier, for who instructs it, and the form to ask for complements."""
    person = person_of(request)
    dossier, rights = get_dossier(person, dossier_id, Side.INSTRUCTION)
    schema, form, refused = load_schema(dossier.type_version), None, None
    if request.method == "POST":
        form = RequestForm(request.POST, actor=person, name="request", schema=schema)
        try:
            require_rate(request)
            if form.is_valid():
                data = form.cleaned_data
                perform(
                    Action.REQUEST,
                    dossier=dossier,
                    actor=person,
                    version=data["version"],
                    key=data["key"],
                    message=data["message"],
                    due_on=data["due_on"],
                    items=form.asked,
                )
                flash.success(request, "Les compléments sont demandés : l’organisation est prévenue.")
                return go_back(dossier, Side.INSTRUCTION, "dossiers:desk-requests", "complements", data["back"])
        except DossierRefused as refusal:
            refused = refusal
            if isinstance(refusal, DossierConflict):
                dossier, rights = get_dossier(person, dossier_id, Side.INSTRUCTION)
                # Sent again with the version there is now, under a new key.
                form.data = request.POST.copy()
                form.data["version"] = str(dossier.version)
            form.refuse(refusal)
    panel = requests_panel(dossier, person, rights, side=Side.INSTRUCTION, back="")
    if form is None and panel["asks"]:
        due_on = local_day(dossier.territory) + timedelta(days=dossier.type.complement_days)
        initial = {"version": dossier.version, "due_on": due_on}
        form = RequestForm(actor=person, name="request", schema=schema, initial=initial)
    context = {
        "dossier": dossier,
        "panel": panel,
        "form": form,
        "dossier_url": dossier_url(dossier, Side.INSTRUCTION),
        "has_errors": request.method == "POST",
    }
    status = 200 if request.method != "POST" else status_of(refused) if refused is not None else 422
    return render(request, "dossiers/exchange/requests_desk.html", context, status=status)
