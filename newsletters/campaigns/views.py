"""Preparing a sending and following it. Rights are checked here for what is shown, by the services for what is done."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from portal.accounts.abilities import person_of
from portal.accounts.stepup import step_up_required
from portal.core.listing.paging import page_of

from .. import access
from ..enums import CampaignState
from ..models import Campaign, NewsletterPage
from ..rules import Action, CampaignRefused, may
from ..sending.audience import audience_count
from ..services import campaigns as services
from . import selectors
from .forms import CampaignForm, ReasonForm, initial_of
from .guards import composers_only, own_campaign, own_letter, own_letters
from .progress import Progress, progress_of
from .screens import posted, refusals_told, screen, version_seen

PER_PAGE = 30


@composers_only
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The letters one may prepare a sending of. A constant number of queries."""
    context = {"items": page_of(request, own_letters(request.user), PER_PAGE), "query": ""}
    return screen(request, "newsletters/campaigns/choose.html", context, "Préparer un envoi", "Choisir la lettre")


@composers_only
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, letter_id: int) -> HttpResponse:
    """To whom a letter goes and how fast; « Compter » counts and changes nothing."""
    letter = own_letter(request, letter_id)
    assert letter.space is not None
    territory = letter.space.territory
    settings = services.settings_of(territory)
    own = letter.list_id or territory.mailing_lists.filter(is_default=True).values_list("pk", flat=True).first()  # type: ignore[attr-defined]
    initial = {
        "lists": [own] if own else [],
        "time_zone": territory.time_zone,
        "per_hour": settings.per_hour,
        "error_percent": settings.error_percent,
    }
    form = CampaignForm(posted(request), user=request.user, territory=territory, initial=initial)
    if request.method == "POST" and "compter" not in request.POST and form.is_valid():
        said = form.cleaned_data
        try:
            made = services.create_campaign(
                letter=letter, actor=person_of(request), lists=said["lists"], segments=said["segments"], **form.options
            )
        except CampaignRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "L’envoi est en préparation : rien n’est encore parti.")
            return redirect("campaign", made.uuid)
    begun = letter.campaigns.filter(state=CampaignState.DRAFT).order_by("-pk").first()
    return _form(request, form, letter, {"begun": begun if request.method != "POST" else None}, "Préparer l’envoi")


@composers_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The same form, for a sending in preparation. Who saves second is told so, and finds what they typed."""
    campaign = own_campaign(request, uid)
    if campaign.state != CampaignState.DRAFT:
        messages.error(request, "Cet envoi n’est plus en préparation : il ne se modifie plus.")
        return redirect("campaign", uid)
    form = CampaignForm(posted(request), user=request.user, territory=campaign.territory, initial=initial_of(campaign))
    if request.method == "POST" and "compter" not in request.POST and form.is_valid():
        said = form.cleaned_data
        try:
            services.change_campaign(
                campaign=campaign, actor=person_of(request), version=version_seen(request), lists=said["lists"],
                segments=said["segments"], **form.options,
            )  # fmt: skip
        except CampaignRefused as refusal:
            form.refuse(refusal)
            if refusal.code == "stale":
                form.add_error(None, "Ce que vous aviez choisi est encore ci-dessous : enregistrez pour le garder.")
            campaign.refresh_from_db()
        else:
            messages.success(request, "Enregistré.")
            return redirect("campaign", uid)
    return _form(request, form, campaign.letter, {"campaign": campaign}, "Modifier l’envoi")


def _form(
    request: HttpRequest, form: CampaignForm, letter: NewsletterPage, context: dict[str, Any], title: str
) -> HttpResponse:
    counting = "compter" in request.POST
    if counting:
        form.is_valid()
        lists, segments = (form.cleaned_data.get(name, ()) for name in ("lists", "segments"))
        context["count"] = audience_count(lists=lists, segments=segments)
        if getattr(request, "htmx", False):
            return render(request, "newsletters/campaigns/_count.html", context)
    context |= {
        "form": form,
        "letter": letter,
        "lists": form.fields["lists"].queryset[: selectors.MOST_LISTS],  # type: ignore[attr-defined]
        "segments": form.fields["segments"].queryset[: selectors.MOST_LISTS],  # type: ignore[attr-defined]
        "chosen": form.chosen,
    }
    status = 422 if form.is_bound and form.errors and not counting else 200
    return screen(request, "newsletters/campaigns/form.html", context, title, str(letter), status)


@composers_only
@require_safe
def campaign(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Where a sending stands, and what its reader may do of it. A constant number of queries."""
    one = own_campaign(request, uid)
    user = person_of(request)
    composes, sends = access.may_compose(user, one.territory), selectors.may_let_go(user, one)
    preparing = one.state == CampaignState.DRAFT
    context: dict[str, Any] = {
        "campaign": one,
        "lists": list(one.lists.select_related("territory").order_by("name", "pk")),
        "segments": list(one.segments.order_by("name", "pk")),
        "senders": selectors.senders_of(one),
        "history": selectors.history_of(one),
        "emergency": selectors.emergency(),
        "may_send": sends,
        "reads_addresses": access.may_send(user, one.territory),
        "progress": progress_of(one) if one.started_at else None,
    }
    if preparing:
        context |= _preparation(one, user)
    if preparing or one.state == CampaignState.SCHEDULED:
        context["count"] = audience_count(lists=one.lists.all(), segments=one.segments.all())
    context["acts"] = _acts(one, composes=composes, sends=sends, context=context)
    return screen(request, "newsletters/campaigns/campaign.html", context, str(one), one.get_state_display())


def _preparation(one: Campaign, user: Any) -> dict[str, Any]:
    """What is to be known before a sending leaves: the letter's mistakes, whether somebody must approve, and who."""
    checked = selectors.check_letter(one.letter)
    latest = one.letter.latest_revision_id
    approvers = selectors.approvers_of(one)
    return {
        "checked": checked,
        "needs_approval": services.needs_approval(one),
        "threshold": services.settings_of(one.territory).approval_threshold,
        "approvers": approvers,
        "may_approve": bool(one.requested_at) and not one.approved_at and user.pk in {each.pk for each in approvers},
        "has_changed": bool(one.requested_at) and latest != one.frozen_revision_id,
    }


def _acts(one: Campaign, *, composes: bool, sends: bool, context: dict[str, Any]) -> set[str]:
    """The buttons to show. The services refuse whoever presses one that is not there."""
    found = {str(each) for each in Action if may(one.state, each)}
    if not sends:
        found -= {"schedule", "unschedule", "pause", "resume", "approve"}
        if one.state != CampaignState.DRAFT:
            found.discard("cancel")
    if not composes:
        found -= {"change", "request"}
    if one.state == CampaignState.DRAFT:
        asked, approved = one.requested_at is not None, one.approved_at is not None
        if not context["may_approve"] or context["has_changed"]:
            found.discard("approve")
        if not asked or approved:
            found.discard("send_back")
        if asked and not context["has_changed"]:
            found.discard("request")
        if context["needs_approval"] and not approved:
            found.discard("schedule")
        if (checked := context["checked"]) is None or checked.forbids or not _is_addressed(context):
            found -= {"schedule", "request"}
    return found


def _is_addressed(context: dict[str, Any]) -> bool:
    """Whether a list or a segment is chosen at all."""
    return bool(context["lists"] or context["segments"])


@composers_only
@require_safe
def progress(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The part of the screen that moves, asked for every few seconds while it is sent. Once the sending's state has
    changed the whole screen is asked for again (« HX-Refresh »)."""
    one = own_campaign(request, uid)
    found: Progress | None = progress_of(one) if one.started_at else None
    context = {"campaign": one, "progress": found, "reads_addresses": access.may_send(request.user, one.territory)}
    response = render(request, "newsletters/campaigns/_progress.html", context)
    if request.GET.get("version", "") != str(one.version):
        response["HX-Refresh"] = "true"
    return response


#: Done at once by a button: (service, what is said once it is done).
DIRECT = {
    "request": (services.request_approval, "L’approbation est demandée."),
    "approve": (services.approve, "L’envoi est approuvé."),
    "unschedule": (services.unschedule, "L’envoi n’est plus programmé : il est de nouveau en préparation."),
    "pause": (services.pause, "L’envoi est en pause : les messages déjà confiés au serveur partent encore."),
    "resume": (services.resume, "L’envoi reprend là où il s’était arrêté."),
}
#: Done with a reason: (service, title, what it does, what is said once it is done).
REASONED = {
    "annuler": (
        services.cancel,
        "Annuler l’envoi",
        "Ce qui n’est pas parti ne partira pas. Cela ne se défait pas.",
        "L’envoi est annulé.",
    ),
    "renvoyer": (
        services.send_back,
        "Renvoyer à l’auteur",
        "La lettre redevient modifiable ; l’auteur reçoit votre raison.",
        "L’envoi est renvoyé à son auteur.",
    ),
}


@composers_only
@require_POST
def act(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """What is done with one button. Approving asks for a recent proof of who does."""
    one = own_campaign(request, uid)
    action = request.POST.get("action", "")
    if action not in DIRECT:
        messages.error(request, "Cette action n’existe pas.")
        return redirect("campaign", uid)
    if action == "approve" and access.may_send(request.user, one.territory):
        return _proved_act(request, uid)
    return _do(request, one)


@step_up_required
def _proved_act(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    return _do(request, own_campaign(request, uid))


def _do(request: HttpRequest, one: Campaign) -> HttpResponse:
    service, said = DIRECT[request.POST["action"]]
    with refusals_told(request):
        service(campaign=one, actor=person_of(request), version=version_seen(request))  # type: ignore[operator]
        messages.success(request, said)
    return redirect("campaign", one.uuid)


@composers_only
@require_http_methods(["GET", "HEAD", "POST"])
def reasoned(request: HttpRequest, uid: uuid.UUID, verb: str) -> HttpResponse:
    """What is done with a reason: cancelling, sending back."""
    one = own_campaign(request, uid)
    service, title, explained, said = REASONED[verb]
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_told(request):
            service(
                campaign=one,
                actor=person_of(request),
                version=version_seen(request),
                reason=form.cleaned_data["reason"],
            )  # type: ignore[operator]
            messages.success(request, said)
        return redirect("campaign", uid)
    context = {"campaign": one, "form": form, "explained": explained}
    return screen(request, "newsletters/campaigns/reason.html", context, title, str(one), 422 if form.errors else 200)
