"""Who is invited on a dossier, for who deposits it; and what the link of an invitation shows and accepts."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.abilities import person_of

from ..access import get_dossier
from ..enums import Side
from ..models import Dossier, DossierInvitation
from ..rules import DossierRefused
from ..screens import private, require_rate, status_of
from ..services import sharing
from .forms import InviteForm
from .words import MAY


@private
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, dossier_id: uuid.UUID) -> HttpResponse:
    """The people invited, and the form to invite another."""
    dossier = _shared(request, dossier_id)
    form, status = InviteForm(dossier=dossier), 200
    if request.method == "POST":
        form, status = InviteForm(request.POST, dossier=dossier), 422
        if form.is_valid():
            try:
                require_rate(request)
                made = sharing.invite(dossier=dossier, actor=person_of(request), **form.cleaned_data)
            except DossierRefused as refusal:
                status = status_of(refusal)
                form.refuse(refusal)
            else:
                messages.success(request, f"Une invitation part à {made.email}.")
                return redirect("dossiers:people", dossier.pk)
    invited = DossierInvitation.objects.filter(dossier=dossier).select_related("user", "invited_by")
    context = {
        "dossier": dossier,
        "form": form,
        "invitations": [(each, MAY[each.right]) for each in invited.order_by("-created_at", "pk")],
        "has_errors": status != 200,
    }
    return render(request, "dossiers/sharing/people.html", context, status=status)


@private
@require_POST
def resend(request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(DossierInvitation.objects.select_related("dossier"), pk=invitation_id)
    try:
        require_rate(request)
        sharing.resend(invitation=found, actor=person_of(request))
    except DossierRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"L’invitation repart à {found.email}.")
    return redirect("dossiers:people", found.dossier_id)


@private
@require_POST
def revoke(request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
    """By who deposits, or by the person invited, who then reads the dossier no more."""
    found = get_object_or_404(DossierInvitation.objects.select_related("dossier"), pk=invitation_id)
    person = person_of(request)
    sharing.revoke(invitation=found, actor=person)
    if found.user_id == person.pk:
        messages.success(request, "Vous avez quitté ce dossier.")
        return redirect("dossiers:list")
    messages.success(request, f"L’invitation de {found.email} est annulée : elle n’ouvre plus rien.")
    return redirect("dossiers:people", found.dossier_id)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
    """What the link of the mail leads to: who invites to what, for who has its address; the POST accepts.

    Another account reads that it is not for them, and nothing of the dossier.
    """
    related = ("dossier__type", "dossier__organisation", "invited_by")
    found = DossierInvitation.objects.select_related(*related).filter(pk=invitation_id).first()
    if found is None or found.dossier.binned_at is not None:
        raise Http404
    person = person_of(request)
    if not sharing.is_addressed_to(found, person):
        return render(request, "dossiers/sharing/other.html", status=403 if request.method == "POST" else 200)
    error, status = "", 200
    if request.method == "POST":
        try:
            sharing.accept(invitation=found, actor=person)
        except DossierRefused as refusal:
            error, status = refusal.message, status_of(refusal)
        else:
            messages.success(request, f"Vous pouvez maintenant {MAY[found.right]}.")
            return redirect("dossiers:detail", found.dossier_id)
    context = {"invitation": found, "dossier": found.dossier, "may": MAY[found.right], "error": error}
    return render(request, "dossiers/sharing/invitation.html", context, status=status)


def _shared(request: HttpRequest, dossier_id: uuid.UUID) -> Dossier:
    dossier, rights = get_dossier(person_of(request), dossier_id, Side.ORGANISATION)
    if not rights.deposits:
        raise Http404
    return dossier
