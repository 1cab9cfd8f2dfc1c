"""The thread and the notes: their own screens, where forms of the panels post to, and come back with what was typed."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.abilities import person_of

from ..access import get_dossier
from ..enums import Side
from ..models import Message
from ..rules import DossierRefused
from ..screens import private, require_rate, status_of
from . import messages, panels
from .forms import MessageForm, NoteForm
from .notices import dossier_url
from .screens import go_back


@private
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, dossier_id: uuid.UUID, side: str) -> HttpResponse:
    """The thread, from one side; a POST writes in it."""
    return _talk(request, dossier_id, Side(side), internal=False)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponse:
    """The notes of instruction; a POST adds one."""
    return _talk(request, dossier_id, Side.INSTRUCTION, internal=True)


def _talk(request: HttpRequest, dossier_id: uuid.UUID, side: Side, *, internal: bool) -> HttpResponse:
    person = person_of(request)
    dossier, rights = get_dossier(person, dossier_id, side)
    made, name = (NoteForm, "note") if internal else (MessageForm, "message")
    own = "dossiers:desk-notes" if internal else panels_url(side)
    anchor = "notes" if internal else "messages"
    form, status = None, 200
    if request.method == "POST":
        form = made(request.POST, request.FILES, actor=person, name=name)
        try:
            require_rate(request)
            if form.is_valid():
                about = form.about
                messages.post_message(dossier=dossier, actor=person, internal=internal, side=side, **about)
                flash.success(request, "La note est enregistrée." if internal else "Le message est envoyé.")
                return go_back(dossier, side, own, anchor, form.cleaned_data["back"])
            status = 422
        except DossierRefused as refusal:
            form.refuse(refusal)
            status = status_of(refusal)
    make: Any = panels.notes_panel if internal else panels.thread_panel
    given = {} if internal else {"side": side}
    context = {
        "dossier": dossier,
        "panel": make(dossier, person, rights, form=form, back="", **given),
        "internal": internal,
        "dossier_url": dossier_url(dossier, side),
        "has_errors": status != 200,
    }
    return render(request, "dossiers/exchange/thread.html", context, status=status)


def panels_url(side: Side | str) -> str:
    return "dossiers:desk-thread" if side == Side.INSTRUCTION else "dossiers:thread"


@private
@require_POST
def read(request: HttpRequest, dossier_id: uuid.UUID, side: str, internal: bool = False) -> HttpResponse:
    """Note that the person has read up to the message that the form names. A script asks without a reload: 204."""
    person = person_of(request)
    dossier, _ = get_dossier(person, dossier_id, Side(side))
    try:
        until = parse_datetime(request.POST.get("until", ""))
    except ValueError:
        until = None
    if until is not None and is_aware(until):
        messages.mark_read(dossier=dossier, actor=person, until=until, notes=internal)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    own, anchor = ("dossiers:desk-notes", "notes") if internal else (panels_url(side), "messages")
    return go_back(dossier, side, own, anchor, request.POST.get("back", ""))


@private
@require_POST
def withdraw(request: HttpRequest, dossier_id: uuid.UUID, message_id: uuid.UUID) -> HttpResponse:
    """Take back one's own message, or note."""
    person = person_of(request)
    dossier, _ = get_dossier(person, dossier_id)
    message = get_object_or_404(Message, pk=message_id, dossier=dossier, author=person)
    try:
        messages.withdraw_message(message=message, actor=person)
        flash.success(request, "Votre note est retirée." if message.internal else "Votre message est retiré.")
    except DossierRefused as refusal:
        flash.error(request, refusal.message)
    own, anchor = ("dossiers:desk-notes", "notes") if message.internal else (panels_url(message.side), "messages")
    return go_back(dossier, message.side, own, anchor, request.POST.get("back", ""))
