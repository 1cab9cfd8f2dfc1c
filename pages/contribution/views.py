"""« Contribuer »: what one may propose, one's proposals, their form. Private, never cached; a GET changes nothing."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.abilities import get_abilities, person_of
from portal.core.contribution import contribution_by_slug, contribution_kind, contribution_kinds
from portal.core.ratelimit import too_many

from ..enums import ProposalKind, ProposalState
from ..models import Proposal
from . import kept, screens
from .editing import DraftEditor
from .selectors import may_propose, readable_proposals
from .services import ProposalError, delete_draft, submit_proposal, withdraw_proposal
from .services.duplicates import possible_duplicates
from .services.errors import DraftConflict, InvalidProposal

PER_PAGE = 20
SAVES_AN_HOUR = 1_000
SUBMISSIONS_AN_HOUR = 30


@never_cache
@kept.signed_in_or_kept
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What one may propose, and one's own proposals."""
    person = person_of(request)
    state = request.GET.get("etat", "")
    mine = Proposal.objects.of(person).select_related("space__territory", "page").defer("data", "submitted_data")
    if state in ProposalState.values:
        mine = mine.filter(state=state)
    page = Paginator(mine.order_by("-updated_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "kinds": contribution_kinds() if may_propose(get_abilities(person)) else [],
        "items": page,
        "rows": [(each, screens.BADGES[ProposalState(each.state)]) for each in page],
        "states": [(value, label, value == state) for value, label in ProposalState.choices],
        "state": state,
    }
    return render(request, "contribution/index.html", context)


@never_cache
@kept.signed_in_or_kept
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """A new proposal; its row is made when something is first saved."""
    kind = contribution_by_slug(slug)
    if kind is None:
        raise Http404
    person = person_of(request)
    if not may_propose(get_abilities(person)) and request.method != "POST":
        return render(request, "contribution/not_a_contributor.html", status=403)
    return DraftEditor(request, person, kind).answer()


@never_cache
@kept.signed_in_or_kept
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """The form of a draft, or of what is to be completed."""
    proposal = _own(request, proposal_id)
    kind = contribution_kind(proposal.kind)
    if kind is None or not proposal.is_editable:
        messages.info(request, f"Cette contribution est « {proposal.get_state_display().lower()} ».")
        return redirect("contribution:detail", proposal_id)
    return DraftEditor(request, person_of(request), kind, proposal).answer()


@never_cache
@kept.signed_in_or_kept
@require_safe
def detail(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """Where a proposal stands, what is asked, what one may do now."""
    proposal = _own(request, proposal_id)
    state = ProposalState(proposal.state)
    decided = proposal.reviews.order_by("-submitted_at").first() if state == ProposalState.REFUSED else None
    context = {
        "proposal": proposal,
        "badge": screens.BADGES[state],
        "next": screens.NEXT[state],
        "asked": screens.asked_of(proposal),
        "files": list(proposal.files.select_related("file")),
        "reason": decided.reason if decided else "",
        "is_correction": proposal.kind == ProposalKind.CORRECTION,
    }
    return render(request, "contribution/detail.html", context)


@never_cache
@kept.signed_in_or_kept
@require_safe
def preview(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """The page in its real design, for its author and who reviews it."""
    proposal = (
        readable_proposals(request.user)
        .exclude(kind=ProposalKind.CORRECTION)
        .select_related("page", "author")
        .filter(pk=proposal_id)
        .first()
    )
    if proposal is None:
        raise Http404
    return screens.preview(request, proposal)


@never_cache
@kept.signed_in_or_kept
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """Before it leaves: what may exist already; then the submission."""
    proposal = _own(request, proposal_id)
    if not proposal.is_editable:
        return redirect("contribution:detail", proposal_id)
    if request.method == "POST":
        if too_many(request, "contribution", SUBMISSIONS_AN_HOUR):
            messages.error(request, "Trop de contributions à la suite : réessayez dans une heure. Rien n’est perdu.")
            return redirect("contribution:detail", proposal_id)
        try:
            submit_proposal(proposal=proposal, actor=person_of(request))
        except InvalidProposal:
            messages.error(request, "Des informations manquent ou sont à corriger.")
            return redirect("contribution:edit", proposal_id)
        except ProposalError as error:
            messages.error(request, str(error))
            return redirect("contribution:detail", proposal_id)
        messages.success(request, "C’est parti : votre contribution est en relecture.")
        return redirect("contribution:detail", proposal_id)
    return render(
        request, "contribution/submit.html", {"proposal": proposal, "duplicates": possible_duplicates(proposal)}
    )


@never_cache
@kept.signed_in_or_kept
@require_POST
def save(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """The saving that the script asks for while one types: JSON, with the version to send next."""
    proposal = _own(request, proposal_id)
    kind = contribution_kind(proposal.kind)
    if kind is None:
        raise Http404
    if too_many(request, "contribution-save", SAVES_AN_HOUR):
        return JsonResponse({"message": "Enregistrements trop fréquents."}, status=429)
    try:
        saved = DraftEditor(request, person_of(request), kind, proposal).save_text()
    except DraftConflict as conflict:
        return JsonResponse({"message": str(conflict)}, status=409)
    except ProposalError as error:
        return JsonResponse({"message": str(error)}, status=410)
    return JsonResponse({"version": saved.version})


@never_cache
@kept.signed_in_or_kept
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """Take back what waits."""
    return _confirmed(
        request, proposal_id, withdraw_proposal, "contribution/withdraw.html", "Votre contribution est retirée."
    )


@never_cache
@kept.signed_in_or_kept
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """Delete a draft."""
    return _confirmed(request, proposal_id, delete_draft, "contribution/delete.html", "Le brouillon est supprimé.")


def _confirmed(request: HttpRequest, proposal_id: uuid.UUID, act: Any, template: str, done: str) -> HttpResponse:
    proposal = _own(request, proposal_id)
    if request.method != "POST":
        return render(request, template, {"proposal": proposal})
    try:
        act(proposal=proposal, actor=person_of(request))
    except ProposalError as error:
        messages.error(request, str(error))
        return redirect("contribution:detail", proposal_id)
    messages.success(request, done)
    return redirect("contribution:index")


def _own(request: HttpRequest, proposal_id: uuid.UUID) -> Proposal:
    """One's own proposal, whatever its state; another's does not exist."""
    found = (
        Proposal.objects.of(person_of(request))
        .select_related("space__territory", "territory", "page", "author")
        .filter(pk=proposal_id)
        .first()
    )
    if found is None:
        raise Http404
    return found
