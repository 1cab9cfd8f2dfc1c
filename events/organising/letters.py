"""A message of the organisers to those registered to a date: written, read again, sent once."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.log_actions import log

from portal.accounts.abilities import person_of

from ..enums import ACTIVE, EventMailKind, RegistrationState
from ..guards import publishers_only
from ..models import EventMail, Occurrence, Registration
from ..registration.mailing import wake
from .access import own_date

AUDIENCES = {
    "confirmed": ("Les personnes dont l’inscription est confirmée", (RegistrationState.CONFIRMED,)),
    "active": ("Toutes, avec celles qui attendent une place ou une réponse", ACTIVE),
}


class LetterForm(forms.Form):
    """``key`` names the message: the same one sent twice (a double click, the browser's « back ») leaves once."""

    audience = forms.ChoiceField(label="À qui", choices=[(value, label) for value, (label, _) in AUDIENCES.items()])
    subject = forms.CharField(label="Objet", max_length=150)
    text = forms.CharField(
        label="Message",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Texte seul ; une ligne vide sépare deux paragraphes. La date, le lieu et le lien de chaque "
        "personne vers son inscription sont ajoutés.",
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


def recipients(occurrence: Occurrence, audience: str) -> list[uuid.UUID]:
    """The registrations a message goes to. One query."""
    found = Registration.objects.filter(occurrence=occurrence, state__in=AUDIENCES[audience][1], purged_at=None)
    return list(found.order_by("number").values_list("pk", flat=True))


@transaction.atomic
def send_letter(*, occurrence: Occurrence, actor: Any, audience: str, subject: str, text: str, key: uuid.UUID) -> int:
    """Put the message in the ledger for each recipient; returns how many, 0 where ``key`` was sent already.

    Logged, without its text. Who withdraws before it leaves is not written to.
    """
    moment = str(key)
    if EventMail.objects.filter(occurrence=occurrence, kind=EventMailKind.MESSAGE, moment=moment).exists():
        return 0
    now = timezone.now()
    rows = [
        EventMail(
            registration_id=one,
            occurrence=occurrence,
            kind=EventMailKind.MESSAGE,
            moment=moment,
            created_at=now,
            due_at=now,
            context={"subject": subject, "text": text},
        )
        for one in recipients(occurrence, audience)
    ]
    # Two at once: the ledger's uniqueness decides.
    EventMail.objects.bulk_create(rows, batch_size=200, ignore_conflicts=True)
    data = {"occurrence": str(occurrence.uid), "count": len(rows)}
    log(instance=occurrence.page, action="events.message", user=actor, data=data)
    wake()
    return len(rows)


@publishers_only
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Write, read again, send."""
    occurrence = own_date(request, uid)
    form = LetterForm(request.POST or None, initial={"key": uuid.uuid4()})
    is_post, preview = request.method == "POST", False
    if is_post and not request.POST:
        form = LetterForm({})
    if is_post and form.is_valid() and "modifier" not in request.POST:
        said = form.cleaned_data
        if "envoyer" in request.POST:
            sent = send_letter(occurrence=occurrence, actor=person_of(request), **said)
            plural = "s" if sent > 1 else ""
            messages.success(
                request,
                f"Message envoyé à {sent} personne{plural}."
                if sent
                else "Ce message n’avait personne de plus à joindre.",
            )
            return redirect("organising_date", uid)
        preview = True
    context = {
        "occurrence": occurrence,
        "form": form,
        "preview": preview,
        "count": len(recipients(occurrence, form.cleaned_data["audience"])) if preview else 0,
        "page_title": "Écrire aux inscrits",
        "header_icon": "mail",
    }
    return render(request, "events/organising/letter.html", context, status=422 if form.errors else 200)
