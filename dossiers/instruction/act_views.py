"""The acts that have a form of their own: proposals, decisions, reopening. Complements are asked for in ``exchange``.

A refusal shows the same screen with what was typed: 422, or 409 where somebody acted meanwhile.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from portal.accounts.abilities import person_of
from portal.accounts.models import User
from portal.accounts.stepup import step_up_required

from ..access import Rights, get_dossier
from ..enums import Action, OpinionState, Side, State
from ..models import Decision, Dossier, Opinion
from ..money import euros
from ..rules import TRANSITIONS, DossierConflict, DossierRefused, may, where
from ..screens import private, require_rate, status_of
from ..services.envelopes import envelope_of
from ..services.keys import act_of
from ..services.transitions import perform
from .detail import proposal_of
from .forms import ActForm, DecisionForm, ReasonForm, SignForm

DECIDES = {State.ACCEPTED: Action.ACCEPT, State.REFUSED: Action.REFUSE, State.DROPPED: Action.DROP}


@dataclass(frozen=True)
class Screen:
    """One act's screen: what it is called, its form, what is said when it is done."""

    action: Action
    title: str
    submit: str
    done: str
    form: type[ActForm]
    template: str = "dossiers/instruction/act.html"
    #: Said above the form.
    intro: str = ""
    #: What the form is made with beside the dossier.
    given: Callable[[Dossier], dict[str, Any]] = field(default=lambda dossier: {})
    #: It signs what somebody proposed.
    signing: bool = False
    #: Acting asks for a recent proof of who one is.
    proved: bool = False


def _run(request: HttpRequest, dossier_id: uuid.UUID, screen: Screen) -> HttpResponseBase:
    """GET shows the form; POST does it, or shows the form again."""
    person = person_of(request)
    dossier, rights = get_dossier(person, dossier_id, Side.INSTRUCTION)
    proposal = proposal_of(dossier)
    possible = _possible(dossier, rights, screen, proposal)
    if request.method != "POST":
        if not possible:
            messages.warning(request, _why_not(dossier, screen, proposal))
            return redirect("instruction:detail", dossier.pk)
        return _show(request, dossier, screen, screen.form(dossier=dossier, **screen.given(dossier)), proposal)
    form = screen.form(request.POST, dossier=dossier, **screen.given(dossier))
    status = 422
    if screen.signing and _signed_already(request, dossier, person):
        return redirect("instruction:detail", dossier.pk)
    if form.is_valid():
        try:
            require_rate(request)
            said = form.about | _signed(screen, proposal)
            action = DECIDES[State(said.pop("outcome"))] if screen.action == Action.ACCEPT else screen.action
            perform(
                action,
                dossier=dossier,
                actor=person,
                version=form.cleaned_data["version"],
                key=form.cleaned_data["key"],
                **said,
            )
        except DossierRefused as refusal:
            status = status_of(refusal)
            if isinstance(refusal, DossierConflict):
                dossier, rights = get_dossier(person, dossier_id, Side.INSTRUCTION)
                proposal = proposal_of(dossier)
                possible = _possible(dossier, rights, screen, proposal)
                form.dossier = dossier
            form.refuse(refusal)
        else:
            messages.success(request, screen.done)
            return redirect("instruction:detail", dossier.pk)
    return _show(request, dossier, screen, form, proposal, status, possible)


def _show(
    request: HttpRequest,
    dossier: Dossier,
    screen: Screen,
    form: ActForm,
    proposal: Decision | None,
    status: int = 200,
    possible: bool = True,
) -> HttpResponseBase:
    reasons = {each.get("code"): each.get("label", "") for each in dossier.type.reasons}
    context = {
        "dossier": dossier,
        "screen": screen,
        "form": form,
        "proposal": proposal,
        "proposal_reason": reasons.get(proposal.reason_code, "") if proposal is not None else "",
        "possible": possible,
        "has_errors": status != 200,
        "conflict": status == 409,
    }
    return render(request, screen.template, context, status=status)


def _signed(screen: Screen, proposal: Decision | None) -> dict[str, Any]:
    """What the service is given beside what was typed: the outcome that is signed."""
    if not screen.signing:
        return {}
    return {"signing": True, "outcome": proposal.outcome if proposal is not None else State.ACCEPTED}


def _signed_already(request: HttpRequest, dossier: Dossier, person: User) -> bool:
    """Whether this very form signed it: pressed twice, it no longer knows which outcome was proposed."""
    done = act_of(person, request.POST.get("key", ""))
    return done is not None and done.dossier_id == dossier.pk and done.action in DECIDES.values()


def _possible(dossier: Dossier, rights: Rights, screen: Screen, proposal: Decision | None) -> bool:
    """Whether the act exists now: what its screen is opened for."""
    if not may(dossier.state, screen.action) or not TRANSITIONS[screen.action].actors & rights.actors:
        return False
    if screen.action == Action.SEND_BACK or screen.signing:
        return proposal is not None
    if screen.action == Action.PROPOSE:
        return proposal is None
    return screen.action != Action.ACCEPT or (proposal is None and not dossier.type.second_person)


def _why_not(dossier: Dossier, screen: Screen, proposal: Decision | None) -> str:
    if not may(dossier.state, screen.action):
        return where(dossier.state)
    if screen.action == Action.REOPEN:
        return "Vous ne signez pas les décisions de ce service."
    if proposal is not None:
        return "Une décision est déjà proposée : signez-la, ou renvoyez-la."
    if screen.action == Action.ACCEPT and not screen.signing:
        return "Une seconde personne signe les décisions de ce type : proposez la décision."
    return "Aucune décision n’est proposée."


def _about_decision(dossier: Dossier) -> dict[str, Any]:
    """What a decision's form says: avis not given, what is left of the enveloppe. Two queries."""
    left = ""
    if dossier.type.has_amount and dossier.type.uses_envelopes:
        envelope = envelope_of(dossier, timezone.now())
        left = (
            f"Il reste {euros(envelope.left)} dans l’enveloppe {envelope.year} ({euros(envelope.ceiling)})."
            if envelope is not None
            else "Aucune enveloppe n’est ouverte cette année pour ce département."
        )
    waiting = Opinion.objects.filter(dossier=dossier, state=OpinionState.ASKED).count()
    return {"waiting": waiting, "left": left}


NOTIFIED = "La décision est notifiée aussitôt à l’organisation. Votre identité peut vous être demandée à nouveau."
SCREENS: dict[str, Screen] = {
    "propose": Screen(
        Action.PROPOSE,
        "Proposer une décision",
        "Proposer cette décision",
        "La décision est proposée : une autre personne du service la signe, ou la renvoie.",
        DecisionForm,
        intro="Rien n’est notifié à l’organisation avant la signature.",
        given=_about_decision,
    ),
    "send-back": Screen(
        Action.SEND_BACK,
        "Renvoyer la proposition",
        "Renvoyer la proposition",
        "La proposition est renvoyée.",
        ReasonForm,
        intro="La personne qui l’a écrite est prévenue, avec votre motif. L’organisation n’en sait rien.",
    ),
    "reopen": Screen(
        Action.REOPEN,
        "Rouvrir le dossier",
        "Rouvrir le dossier",
        "Le dossier est de nouveau en instruction. L’ancienne décision est gardée, caduque.",
        ReasonForm,
        intro="La décision devient caduque et le montant accordé revient à l’enveloppe. L’organisation est prévenue.",
    ),
    "decide": Screen(
        Action.ACCEPT,
        "Décider",
        "Signer cette décision",
        "La décision est signée. L’organisation en est prévenue.",
        DecisionForm,
        intro=NOTIFIED,
        given=_about_decision,
        proved=True,
    ),
    "sign": Screen(
        Action.ACCEPT,
        "Signer la décision proposée",
        "Signer cette décision",
        "La décision est signée. L’organisation en est prévenue.",
        SignForm,
        template="dossiers/instruction/sign.html",
        intro=NOTIFIED,
        signing=True,
        proved=True,
    ),
}


@private
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, dossier_id: uuid.UUID, name: str) -> HttpResponseBase:
    """One act (a key of :data:`SCREENS`): its form for all who instruct the dossier, its proof for who acts there."""
    screen = SCREENS[name]
    if request.method != "POST" or not screen.proved:
        return _run(request, dossier_id, screen)
    get_dossier(person_of(request), dossier_id, Side.INSTRUCTION)
    return step_up_required(_run)(request, dossier_id, screen)
