"""Letting a sending go, saying what became of uncertain copies, stopping everything."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from portal.accounts.abilities import person_of
from portal.accounts.stepup import step_up_required

from ..enums import CampaignState
from ..models import Campaign
from ..rules import CampaignRefused
from ..sending.audience import audience_count
from ..services import campaigns as services
from ..services.deliveries import settle_unknown
from . import selectors
from .forms import ReasonForm, SendForm, UnknownForm
from .guards import national_only, senders_only, sent_campaign
from .progress import expected_end
from .screens import posted, refusals_told, screen, version_seen

UNKNOWN_SHOWN = 100


@senders_only
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """When it leaves; then how many people, from which address, until when; then, after a proof of who sends, it goes.

    The second of two people is told that it went already.
    """
    one = sent_campaign(request, uid)
    if not selectors.may_let_go(request.user, one):
        raise PermissionDenied
    if request.method == "POST" and "envoyer" in request.POST:
        return _proved_send(request, uid)
    if one.state != CampaignState.DRAFT:
        messages.error(request, f"Cet envoi n’est plus en préparation : {one.get_state_display().lower()}.")
        return redirect("campaign", uid)
    form = SendForm(posted(request), campaign=one)
    return _when(request, one, form)


@step_up_required
def _proved_send(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    one = sent_campaign(request, uid)
    form = SendForm(request.POST, campaign=one)
    if not form.is_valid():
        return _when(request, one, form)
    try:
        services.schedule(campaign=one, actor=person_of(request), version=version_seen(request), at=form.moment)
    except CampaignRefused as refusal:
        if refusal.code in ("stale", "state"):
            messages.error(request, refusal.message)
            return redirect("campaign", uid)
        form.refuse(refusal)
        return _when(request, one, form)
    messages.success(request, "L’envoi est programmé." if form.moment else "L’envoi part.")
    return redirect("campaign", uid)


def _when(request: HttpRequest, one: Campaign, form: SendForm) -> HttpResponse:
    context: dict[str, Any] = {"campaign": one, "form": form}
    if form.is_bound and form.is_valid() and "modifier" not in request.POST:
        count = audience_count(lists=one.lists.all(), segments=one.segments.all())
        starts = form.moment or timezone.now()
        context |= {
            "confirming": True,
            "count": count,
            "senders": selectors.senders_of(one),
            "lists": list(one.lists.order_by("name", "pk")),
            "segments": list(one.segments.order_by("name", "pk")),
            "starts": form.moment,
            "ends": expected_end(one, count, starts) if count else None,
            "emergency": selectors.emergency(),
            "subject": one.subject or one.letter.subject or one.letter.title,
        }
    failed = form.is_bound and bool(form.errors)
    return screen(request, "newsletters/campaigns/send.html", context, "Envoyer", str(one), 422 if failed else 200)


@senders_only
@require_http_methods(["GET", "HEAD", "POST"])
def unknown(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The copies that nobody knows the fate of, and what a person says of them. Sending again is their decision."""
    one = sent_campaign(request, uid)
    items = Paginator(selectors.uncertain(one), UNKNOWN_SHOWN).get_page(request.GET.get("page"))
    shown = {copy.pk: copy for copy in items}
    form = UnknownForm(posted(request), keys=list(shown))
    if request.method == "POST" and form.is_valid():
        decision, settled = form.cleaned_data["decision"], 0
        for key in form.cleaned_data["copies"]:
            with refusals_told(request):
                settle_unknown(
                    delivery=shown[key],
                    actor=person_of(request),
                    sent=decision == "sent",
                    resend=decision == "resend",
                )
                settled += 1
        if settled:
            plural = "s" if settled > 1 else ""
            messages.success(request, f"{settled} copie{plural} réglée{plural}.")
        return redirect("campaign_unknown", uid)
    chosen = set(request.POST.getlist("copies"))
    context = {"campaign": one, "items": items, "form": form, "chosen": chosen, "query": ""}
    return screen(
        request,
        "newsletters/campaigns/unknown.html",
        context,
        "Copies incertaines",
        str(one),
        422 if form.errors else 200,
    )


@national_only
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: HttpRequest) -> HttpResponse:
    """The emergency stop of all sendings, for who answers for the whole country."""
    switch = selectors.emergency()
    form = ReasonForm(posted(request) if "arreter" in request.POST else None)
    if request.method == "POST" and "reprendre" in request.POST:
        services.allow_sending(actor=person_of(request))
        messages.success(request, "Les envois peuvent reprendre.")
        return redirect("campaign_emergency")
    if request.method == "POST" and form.is_valid():
        services.stop_all_sending(actor=person_of(request), reason=form.cleaned_data["reason"])
        messages.success(request, "Tous les envois sont arrêtés.")
        return redirect("campaign_emergency")
    context = {
        "switch": switch,
        "form": form,
        "header_icon": "warning",
        "running": Campaign.objects.filter(state=CampaignState.RUNNING).count(),
    }
    failed = request.method == "POST" and not (form.is_bound and form.is_valid())
    return screen(
        request,
        "newsletters/campaigns/emergency.html",
        context,
        "Arrêt d’urgence",
        "Tous les envois",
        422 if failed else 200,
    )
