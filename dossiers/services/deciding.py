"""Decisions: proposed, signed, sent back, lapsed when the dossier is reopened."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from ..enums import DecisionState, OpinionState, State
from ..models import Decision, Envelope, Opinion
from ..money import euros
from ..rules import DECISIONS, DossierRefused
from ..territory import guards as territory
from . import envelopes
from .acting import Act
from .depositing import close

#: Without what looks alike: I, L, O, U, 0, 1.
ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
MOST = Decimal("999999999999.99")


@dataclass(frozen=True)
class Content:
    """What a decision says, checked."""

    outcome: State
    reason_code: str
    reason: str
    amount: Decimal | None
    waived: bool


def propose(act: Act) -> dict[str, Any]:
    """Write a decision that somebody else signs. Nothing is notified, nothing taken from an enveloppe.

    Raises :class:`DossierRefused`: ``proposal`` (there is one already), ``outcome``, ``reason``, ``amount``,
    ``envelope``, ``opinions``, and the codes of ``territory.guards``.
    """
    if Decision.objects.filter(dossier=act.dossier, state=DecisionState.PROPOSED).exists():
        raise DossierRefused("proposal", "Une décision est déjà proposée : renvoyez-la d’abord.")
    content = _content(act, act.payload.get("outcome"))
    _require_decidable(act, content)
    if content.amount is not None and act.dossier.type.uses_envelopes:
        _require_left(act, content.amount)
    Decision.objects.create(
        dossier=act.dossier,
        state=DecisionState.PROPOSED,
        outcome=content.outcome,
        reason_code=content.reason_code,
        reason=content.reason,
        amount=content.amount,
        waived_opinions=content.waived,
        proposed_by=act.person,
        proposed_at=act.now,
    )
    return _told(content)


def send_back(act: Act) -> dict[str, Any]:
    """Give a proposal back to who wrote it, with a reason; or take back one's own."""
    reason = act.text("reason", required="Dites pourquoi vous renvoyez cette proposition.")
    decision = _proposal(act)
    decision.state = DecisionState.SENT_BACK
    decision.save(update_fields=["state"])
    return {"reason": reason}


def decide(act: Act, outcome: State) -> dict[str, Any]:
    """Sign the proposal (``signing``), or decide at once where the type lets one person do it.

    Side effects: the decision in force with its code, money taken from the enveloppe under its lock, communes freed
    unless accepted, open requests of avis revoked. Raises as :func:`propose`, and ``same_person``.
    """
    dossier = act.dossier
    proposed = Decision.objects.filter(dossier=dossier, state=DecisionState.PROPOSED).first()
    if act.payload.get("signing"):
        decision = proposed or _proposal(act)
        if decision.outcome != outcome:
            raise DossierRefused("proposal", "La décision proposée n’est pas celle-ci.")
        if not act.rights.validates:
            raise DossierRefused("same_person", "Vous ne signez pas les décisions de ce service.")
        if dossier.type.second_person and decision.proposed_by_id == act.person.pk:
            raise DossierRefused("same_person", "Une autre personne que celle qui a proposé la décision la signe.")
        content = Content(outcome, decision.reason_code, decision.reason, decision.amount, decision.waived_opinions)
    else:
        if dossier.type.second_person:
            raise DossierRefused("same_person", "Une seconde personne signe : proposez d’abord la décision.")
        if proposed is not None:
            raise DossierRefused("proposal", "Une décision est déjà proposée : signez-la, ou renvoyez-la.")
        content = _content(act, outcome)
        decision = Decision(
            dossier=dossier,
            outcome=outcome,
            reason_code=content.reason_code,
            reason=content.reason,
            amount=content.amount,
            waived_opinions=content.waived,
            proposed_by=act.person,
            proposed_at=act.now,
        )
    _require_decidable(act, content)
    if content.amount is not None and dossier.type.uses_envelopes:
        decision.envelope = envelopes.commit(dossier, content.amount, act.now)
    decision.state, decision.code = DecisionState.FINAL, new_code()
    decision.signed_by, decision.signed_label, decision.signed_at = act.person, str(act.person)[:200], act.now
    decision.save()
    close(dossier, outcome, act)
    dossier.amount_granted = content.amount
    return _told(content) | {"code": decision.code, "decision": str(decision.pk)}


def reopen(act: Act) -> dict[str, Any]:
    """Back to instruction, with a reason. The former decision is kept, lapsed; its money goes back.

    Raises :class:`DossierRefused` where another dossier has taken its communes meanwhile.
    """
    reason = act.text("reason", required="Dites pourquoi vous rouvrez ce dossier.")
    dossier = act.dossier
    lapsed = Decision.objects.filter(dossier=dossier, state=DecisionState.FINAL).first()
    if lapsed is not None:
        lapsed.state, lapsed.lapsed_at = DecisionState.LAPSED, act.now
        lapsed.save(update_fields=["state", "lapsed_at"])
        envelopes.give_back(lapsed)
    if dossier.state != State.ACCEPTED:
        problems = [each for each in territory.deposit_problems(dossier) if each.code == "overlap"]
        if problems:
            raise DossierRefused(problems[0].code, problems[0].message)
        territory.claim(dossier)
    dossier.state, dossier.closed_at, dossier.amount_granted = State.INSTRUCTION, None, None
    dossier.retention_notice_at = dossier.kept_until = None
    dossier.due_at = act.now + timedelta(days=dossier.type.instruction_days)
    return {"reason": reason, "lapsed": lapsed.code if lapsed else ""}


def new_code() -> str:
    """« KX3FD-… »: 20 characters of 30, about 98 bits: nobody guesses one."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(20))
    return "-".join(letters[start : start + 5] for start in range(0, 20, 5))


def _proposal(act: Act) -> Decision:
    decision = Decision.objects.filter(dossier=act.dossier, state=DecisionState.PROPOSED).first()
    if decision is None:
        raise DossierRefused("proposal", "Aucune décision n’est proposée.")
    return decision


def _content(act: Act, outcome: Any) -> Content:
    if not isinstance(outcome, str) or outcome not in DECISIONS:
        raise DossierRefused("outcome", "Choisissez le sens de la décision.", "outcome")
    outcome = State(outcome)
    code, reason = act.text("reason_code"), act.text("reason")
    known = {
        each["code"]: each
        for each in act.dossier.type.reasons
        if outcome in each.get("for", [State.REFUSED, State.DROPPED])
    }
    if code and code not in known:
        raise DossierRefused("reason", "Ce motif n’existe pas pour cette décision.", "reason_code")
    if code and not reason:
        reason = known[code].get("text") or known[code].get("label", "")
    if outcome != State.ACCEPTED and not reason:
        raise DossierRefused("reason", "Une décision défavorable est motivée.", "reason")
    return Content(outcome, code, reason, _amount(act, outcome), bool(act.payload.get("waive_opinions")))


def _amount(act: Act, outcome: State) -> Decimal | None:
    amount = act.payload.get("amount")
    if outcome != State.ACCEPTED or not act.dossier.type.has_amount:
        return None
    if not isinstance(amount, Decimal) or not amount.is_finite():
        raise DossierRefused("amount", "Indiquez le montant accordé, en euros.", "amount")
    if amount < 0 or amount > MOST or amount != amount.quantize(Decimal("0.01")):
        raise DossierRefused("amount", "Ce montant n’est pas possible : positif, au centime près.", "amount")
    requested = act.dossier.amount_requested
    if requested is not None and amount > requested:
        raise DossierRefused(
            "amount", f"L’organisation a demandé {euros(requested)} : accordez au plus cela.", "amount"
        )
    return amount.quantize(Decimal("0.01"))


def _require_decidable(act: Act, content: Content) -> None:
    open_opinions = Opinion.objects.filter(dossier=act.dossier, state=OpinionState.ASKED).count()
    if open_opinions and not content.waived:
        raise DossierRefused(
            "opinions",
            "Un avis demandé n’est pas rendu : attendez-le, ou dites que vous passez outre.",
            "waive_opinions",
        )
    if content.outcome == State.ACCEPTED:
        problems = territory.acceptance_problems(act.dossier)
        if problems:
            raise DossierRefused(problems[0].code, problems[0].message, problems[0].field)


def _require_left(act: Act, amount: Decimal) -> None:
    """Said to who proposes; the lock decides at the signature."""
    envelope: Envelope | None = envelopes.envelope_of(act.dossier, act.now)
    if envelope is None or amount > envelope.left:
        left = euros(envelope.left) if envelope is not None else "rien"
        raise DossierRefused("envelope", f"Il ne reste que {left} dans l’enveloppe.", "amount")


def _told(content: Content) -> dict[str, Any]:
    return {
        "outcome": str(content.outcome),
        "reason_code": content.reason_code,
        "reason": content.reason,
        "amount": str(content.amount) if content.amount is not None else "",
        "waived_opinions": content.waived,
    }
