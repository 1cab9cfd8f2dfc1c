"""Filling in a draft. Whatever happens, what was typed is kept: in the draft, or on the screen that comes back."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.abilities import person_of

from ..access import Rights, get_dossier
from ..enums import Action, Side, State
from ..fields.display import diff
from ..fields.forms import DossierForm, make_form
from ..fields.schema import load_schema
from ..models import Dossier
from ..pieces.panels import panels as piece_panels
from ..pieces.posted import receive
from ..retention.services import bin_draft
from ..rules import DossierConflict, DossierRefused
from ..screens import private, status_of
from ..services.drafts import move_to_version, save_draft
from ..services.keys import act_of
from ..services.transitions import perform
from ..services.versions import conflict
from .kept import forget_typed, keep_typed, typed_before

#: Names of the buttons and hidden fields; keys of fields never begin so.
DEPOSIT, AUTOSAVE, VERSION, KEY = "_deposer", "_auto", "_version", "_key"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponseBase:
    """The form of a draft: saved by a button or by itself, and deposited.

    Sent after its session ended, what was typed is shown again once its author has signed in.
    """
    if request.method == "POST" and not request.user.is_authenticated and AUTOSAVE not in request.POST:
        keep_typed(request)
    return _edit(request, dossier_id)


@private
def _edit(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponse:
    dossier, rights = get_dossier(person_of(request), dossier_id, Side.ORGANISATION)
    screen = Editing(request, dossier, rights)
    if request.method == "POST":
        forget_typed(request)
        return screen.post()
    if dossier.state != State.DRAFT or not rights.edits:
        return redirect("dossiers:detail", dossier.pk)
    if (typed := typed_before(request)) is not None:
        return screen.show_again(typed)
    return screen.show()


class Editing:
    """One request on the form of a draft."""

    def __init__(self, request: HttpRequest, dossier: Dossier, rights: Rights) -> None:
        self.request, self.dossier, self.rights = request, dossier, rights
        self.person = person_of(request)
        self.schema = load_schema(dossier.type_version)
        self.key = request.POST.get(KEY, "")[:64] or uuid.uuid4().hex
        self.changes: list[Any] = []
        self.recovered = False

    def form(self, data: Any = None, files: Any = None) -> DossierForm:
        return make_form(self.schema, data=data, files=files, values=self.dossier.values, dossier=self.dossier)

    def post(self) -> HttpResponse:
        data = self.request.POST
        form = self.form(data, self.request.FILES)
        typed = form.values_to_keep()
        if AUTOSAVE in data:
            return self.autosave(typed)
        told: dict[str, list[str]] = {}
        refusal: DossierRefused | None = None
        try:
            if self.dossier.state == State.DRAFT and self.rights.edits:
                told = receive(dossier=self.dossier, actor=self.person, data=data, files=self.request.FILES)
            refusal = self.save(typed, deposit=DEPOSIT in data and not told and not form.action)
        except DossierConflict as overtaken:
            if self.sent_already():
                return redirect("dossiers:detail", self.dossier.pk)
            return self.overtaken(form, overtaken)
        if told:
            form.tell(told)
        if refusal is not None:
            form.tell(refusal.errors)
            return self.show(form, status_of(refusal), refusal)
        if DEPOSIT in data and not told and not form.action:
            messages.success(self.request, f"Votre dossier est déposé sous le numéro {self.dossier.number}.")
            return redirect("dossiers:detail", self.dossier.pk)
        if form.action:
            return self.show(form)
        if told or not form.is_valid():
            return self.show(form, 422)
        messages.success(self.request, "Votre brouillon est enregistré.")
        return redirect("dossiers:edit", self.dossier.pk)

    def save(self, typed: dict[str, Any], *, deposit: bool) -> DossierRefused | None:
        """Save, then deposit where asked, in one transaction; a refused deposit keeps what was saved."""
        with transaction.atomic():
            version = self.request.POST.get(VERSION)
            self.dossier = save_draft(dossier=self.dossier, actor=self.person, version=version, values=typed)
            if deposit:
                try:
                    self.dossier = perform(
                        Action.DEPOSIT,
                        dossier=self.dossier,
                        actor=self.person,
                        version=self.dossier.version,
                        key=self.key,
                    )
                except DossierConflict:
                    raise
                except DossierRefused as refusal:
                    return refusal
        return None

    def sent_already(self) -> bool:
        """Whether this very form deposited it: it was pressed twice, or sent again by going back."""
        done = act_of(self.person, self.key)
        return done is not None and done.dossier_id == self.dossier.pk

    def autosave(self, typed: dict[str, Any]) -> HttpResponse:
        """What the script sends while one types: the answer is for it."""
        try:
            self.dossier = save_draft(
                dossier=self.dossier, actor=self.person, version=self.request.POST.get(VERSION), values=typed
            )
        except DossierConflict as conflict:
            return JsonResponse({"message": conflict.message}, status=409)
        return JsonResponse({"version": self.dossier.version})

    def overtaken(self, form: DossierForm, conflict: DossierConflict) -> HttpResponse:
        """What somebody else saved, beside what was typed, which is on the screen and may be saved over it."""
        typed = form.values_to_keep()
        self.dossier, self.rights = get_dossier(self.person, self.dossier.pk, Side.ORGANISATION)
        self.changes = diff(self.schema, self.dossier.values, typed)
        return self.show(form, 409, conflict)

    def show_again(self, typed: QueryDict) -> HttpResponse:
        """What was typed before signing in, not saved; where somebody saved meanwhile, beside what they saved."""
        form = self.form(typed)
        if typed.get(VERSION) != str(self.dossier.version):
            self.changes = diff(self.schema, self.dossier.values, form.values_to_keep())
            return self.show(form, 200, conflict(self.dossier))
        self.recovered = True
        return self.show(form)

    def show(
        self, form: DossierForm | None = None, status: int = 200, refusal: DossierRefused | None = None
    ) -> HttpResponse:
        dossier, rights = get_dossier(self.person, self.dossier.pk, Side.ORGANISATION)
        context = {
            "dossier": dossier,
            "rights": rights,
            "form": form or self.form(),
            "pieces": piece_panels(dossier, self.person, rights),
            "refusal": refusal,
            "changes": self.changes,
            "recovered": self.recovered,
            "key": self.key if refusal is None else uuid.uuid4().hex,
            "newer": dossier.type.current_version_id not in (None, dossier.type_version_id),
            "draft": dossier.state == State.DRAFT,
        }
        return render(self.request, "dossiers/deposit/edit.html", context, status=status)


@private
@require_POST
def delete(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponse:
    """Throw the draft away; asked for again on its own screen first."""
    dossier, _ = get_dossier(person_of(request), dossier_id, Side.ORGANISATION)
    try:
        bin_draft(dossier=dossier, actor=person_of(request), version=request.POST.get("version"))
    except DossierConflict as conflict:
        messages.error(request, conflict.message)
        return redirect("dossiers:detail", dossier.pk)
    messages.success(request, "Le brouillon est à la corbeille : vous pouvez l’en reprendre pendant quatorze jours.")
    return redirect("dossiers:list")


@private
@require_POST
def follow(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponse:
    """Move the draft to the form as it is published now."""
    dossier, _ = get_dossier(person_of(request), dossier_id, Side.ORGANISATION)
    try:
        move_to_version(dossier=dossier, actor=person_of(request), version=request.POST.get("version"))
    except DossierConflict as conflict:
        messages.error(request, conflict.message)
    else:
        messages.success(request, "Votre brouillon suit le nouveau formulaire. Relisez-le avant de le déposer.")
    return redirect("dossiers:edit", dossier.pk)
