"""What the organisation does to a dossier's state: deposit, answer, withdraw."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ..enums import DecisionState, OpinionState, RequestState, State
from ..fields.forms import missing
from ..fields.schema import load_schema
from ..models import ComplementItem, ComplementRequest, Decision, Dossier, DossierRevision, Opinion, Reminder
from ..pieces import services as pieces
from ..rules import DossierRefused
from ..territory import guards as territory
from .acting import Act
from .numbers import next_number
from .routing import route

#: The reminder after the due date, without which nothing is held against the organisation.
LAST_REMINDER = "J+1"


def deposit(act: Act) -> dict[str, Any]:
    """Give it a number and hand it to the service that instructs. Its communes are its own from now on.

    Raises :class:`DossierRefused`: ``window``, ``incomplete`` (with ``errors`` by field), and the codes of
    ``territory.guards``.
    """
    dossier = act.dossier
    if not dossier.type.is_open:
        raise DossierRefused(
            "window", "Le dépôt n’est pas ouvert pour ce type de dossier. Votre brouillon est conservé."
        )
    _require_complete(dossier)
    problems = territory.deposit_problems(dossier)
    if problems:
        first = problems[0]
        raise DossierRefused(first.code, first.message, first.field, _by_field(problems))
    territory.claim(dossier)
    dossier.number = next_number(dossier.type, dossier.territory, act.now)
    dossier.routed_to = route(dossier.type, dossier.territory)
    dossier.state, dossier.deposited_at = State.DEPOSITED, act.now
    dossier.due_at = act.now + timedelta(days=dossier.type.instruction_days)
    revision = revise(act)
    return {"number": dossier.number, "revision": revision.number, "routed_to": dossier.routed_to.key}


def withdraw(act: Act) -> dict[str, Any]:
    """Give it up, with a reason. What was asked of anybody is no longer."""
    reason = act.text("reason", required="Dites pourquoi votre organisation retire ce dossier.")
    close(act.dossier, State.WITHDRAWN, act)
    return {"reason": reason}


def answer(act: Act) -> dict[str, Any]:
    """Send the answers to the open request; the dossier goes back to where it was.

    Raises :class:`DossierRefused` (``items``, with ``errors`` by field) where a mandatory one is not answered, or what
    was answered does not fit its field; and the codes of ``territory.guards`` where the perimeter changed.
    """
    dossier = act.dossier
    request = open_request(dossier)
    items = list(request.items.order_by("position"))
    errors = {item.field: ["Répondez à cette demande."] for item in items if item.mandatory and not item.answered_at}
    asked = {item.field for item in items}
    wrong = _wrong_fields(dossier)
    errors = {key: told for key, told in wrong.items() if key in asked} | errors
    if errors:
        raise DossierRefused("items", "Il reste des demandes sans réponse valable.", errors=errors)
    _claim_again(dossier, items)
    request.state, request.closed_at = RequestState.ANSWERED, act.now
    request.save(update_fields=["state", "closed_at"])
    resume(dossier, request, act)
    revision = revise(act)
    return {"request": request.number, "revision": revision.number}


def expire(act: Act) -> dict[str, Any]:
    """The organisation did not answer in time. Back to where it was, or without follow-up where the type says so.

    The reminders must have been sent (``exchange.complements``). Raises :class:`DossierRefused` (``due``) before.
    """
    dossier = act.dossier
    request = open_request(dossier)
    reminded = Reminder.objects.filter(subject=request.pk, kind=LAST_REMINDER).exists()
    if not reminded or act.now < request.due_at + timedelta(days=dossier.type.grace_days):
        raise DossierRefused("due", "L’échéance n’est pas passée.")
    _take_back_unsent(dossier, request)
    request.state, request.closed_at = RequestState.EXPIRED, act.now
    request.save(update_fields=["state", "closed_at"])
    if dossier.type.drop_when_overdue:
        close(dossier, State.DROPPED, act)
        return {"request": request.number, "reason": "Les compléments demandés n’ont pas été reçus à temps."}
    resume(dossier, request, act)
    return {"request": request.number}


def close(dossier: Dossier, state: State, act: Act) -> None:
    """Bring to an end: nobody is waited for any more, and the communes are free unless it is accepted."""
    for request in ComplementRequest.objects.filter(dossier=dossier, state=RequestState.OPEN):
        _take_back_unsent(dossier, request)
    dossier.state, dossier.closed_at = state, act.now
    dossier.previous_state, dossier.complement_due_at = "", None
    ComplementRequest.objects.filter(dossier=dossier, state=RequestState.OPEN).update(
        state=RequestState.CANCELLED, closed_at=act.now
    )
    Opinion.objects.filter(dossier=dossier, state=OpinionState.ASKED).update(
        state=OpinionState.REVOKED, revoked_at=act.now
    )
    Decision.objects.filter(dossier=dossier, state=DecisionState.PROPOSED).update(state=DecisionState.SENT_BACK)
    if state != State.ACCEPTED:
        territory.release(dossier)


def _take_back_unsent(dossier: Dossier, request: ComplementRequest) -> None:
    """The form as it was last sent: what was typed in answer to ``request`` and never sent is the organisation's own,
    and a perimeter that nobody checked claims nothing. The items keep it. Files stay in their slots."""
    pieces_of = {each.key for each in load_schema(dossier.type_version).pieces()}
    for item in request.items.filter(answered_at__isnull=False).exclude(field__in=pieces_of):
        values = {key: each for key, each in dossier.values.items() if key != item.field}
        dossier.values = values if item.before is None else values | {item.field: item.before}


def open_request(dossier: Dossier) -> ComplementRequest:
    """The one request that waits for the organisation; there is one in « à compléter »."""
    return ComplementRequest.objects.get(dossier=dossier, state=RequestState.OPEN)


def resume(dossier: Dossier, request: ComplementRequest, act: Act) -> None:
    """Back to where the request found it. The time spent waiting does not count against instruction."""
    dossier.state = request.back_to
    dossier.previous_state, dossier.complement_due_at = "", None
    if dossier.due_at is not None:
        dossier.due_at += act.now - request.asked_at


def revise(act: Act) -> DossierRevision:
    """Keep the form as it is sent now."""
    number = DossierRevision.objects.filter(dossier=act.dossier).count() + 1
    return DossierRevision.objects.create(
        dossier=act.dossier,
        number=number,
        values=act.dossier.values,
        pieces=pieces.snapshot(act.dossier),
        at=act.now,
        by=act.actor,
    )


def _wrong_fields(dossier: Dossier) -> dict[str, list[str]]:
    """What is wrong with the form and its pieces, by field."""
    schema = load_schema(dossier.type_version)
    errors = {key: list(told) for key, told in missing(schema, dossier.values, pieces.counts(dossier)).items()}
    for key, told in pieces.problems(dossier).items():
        errors.setdefault(key, []).extend(told)
    return errors


def _require_complete(dossier: Dossier) -> None:
    errors = _wrong_fields(dossier)
    if errors:
        count = len(errors)
        told = "Un champ est à revoir." if count == 1 else f"{count} champs sont à revoir."
        raise DossierRefused("incomplete", f"{told} Votre brouillon est conservé.", errors=errors)


def _claim_again(dossier: Dossier, items: list[ComplementItem]) -> None:
    """The perimeter may be what was asked for."""
    if not any(item.before != item.after for item in items):
        return
    problems = territory.deposit_problems(dossier)
    if problems:
        raise DossierRefused(problems[0].code, problems[0].message, problems[0].field, _by_field(problems))
    territory.release(dossier)
    territory.claim(dossier)


def _by_field(problems: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in problems:
        if problem.field:
            found.setdefault(problem.field, []).append(problem.message)
    return found
