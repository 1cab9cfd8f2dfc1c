"""The screen of one dossier, for who instructs it: what it shows, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.accounts.models import User

from ..access import Rights
from ..enums import OPEN, Action, DecisionState, Side
from ..exchange.panels import opinions_panel, requests_panel, thread_panel
from ..exchange.reading import Difference, as_sent, differences
from ..fields.schema import load_schema
from ..models import Decision, Dossier, DossierRevision
from ..outputs.documents import documents_panel
from ..outputs.history import history_panel
from ..rules import TRANSITIONS, may
from ..territory.panels import territory_panel


@dataclass(frozen=True)
class Button:
    """What may be done now. ``url``: the address of its screen; ``posts``: it is done at once."""

    label: str
    url: str
    style: str = ""
    posts: bool = False


def buttons(dossier: Dossier, rights: Rights, user: User, proposal: Decision | None) -> list[Button]:
    """What ``user`` may do to the state of ``dossier``, the first being what is expected most."""

    def offered(action: Action) -> bool:
        return may(dossier.state, action) and bool(TRANSITIONS[action].actors & rights.actors)

    found = []
    if offered(Action.TAKE):
        found.append(Button("Prendre en instruction", "instruction:take", posts=True))
    if proposal is not None and offered(Action.SEND_BACK):
        mine = proposal.proposed_by_id == user.pk
        if rights.validates and not (dossier.type.second_person and mine):
            found.append(Button("Signer la décision proposée", "instruction:sign"))
        found.append(Button("Reprendre ma proposition" if mine else "Renvoyer la proposition", "instruction:send-back"))
    elif offered(Action.PROPOSE):
        if dossier.type.second_person:
            found.append(Button("Proposer une décision", "instruction:propose"))
        else:
            found.append(Button("Décider", "instruction:decide"))
            found.append(Button("Proposer une décision", "instruction:propose"))
    if offered(Action.REQUEST):
        found.append(Button("Demander des compléments", "dossiers:desk-requests"))
    if offered(Action.REOPEN):
        found.append(Button("Rouvrir le dossier", "instruction:reopen"))
    styles = ["", *["fr-btn--secondary"] * len(found)]
    return [Button(each.label, each.url, style, each.posts) for each, style in zip(found, styles, strict=False)]


def proposal_of(dossier: Dossier) -> Decision | None:
    """The decision that waits for a signature. One query."""
    found = Decision.objects.filter(dossier=dossier, state=DecisionState.PROPOSED).select_related("proposed_by")
    return found.first()


@dataclass(frozen=True)
class Form:
    """The form as it was last sent, and what that changed, by the key of the field."""

    rows: list[Any]
    changes: dict[str, Difference]
    revision: DossierRevision | None


def form_of(dossier: Dossier) -> Form:
    """What the organisation last sent, beside what it had sent before. At most six queries."""
    revisions = list(DossierRevision.objects.filter(dossier=dossier).select_related("by").order_by("-number")[:2])
    changes = differences(load_schema(dossier.type_version), revisions[1], revisions[0]) if revisions[1:] else []
    return Form(
        rows=as_sent(dossier),
        changes={each.field.key: each for each in changes},
        revision=revisions[0] if revisions else None,
    )


def context_of(dossier: Dossier, rights: Rights, user: User) -> dict[str, Any]:
    """All that the screen shows."""
    proposal = proposal_of(dossier)
    decisions = [
        each
        for each in Decision.objects.filter(dossier=dossier)
        .select_related("proposed_by")
        .order_by("-proposed_at", "pk")
        if each.state != DecisionState.PROPOSED
    ]
    reasons = {each.get("code"): each.get("label", "") for each in dossier.type.reasons}
    return {
        "dossier": dossier,
        "state_label": dossier.state_label(Side.INSTRUCTION),
        "what_next": dossier.what_next(Side.INSTRUCTION),
        "buttons": buttons(dossier, rights, user, proposal),
        "proposal": proposal,
        "proposal_reason": reasons.get(proposal.reason_code, "") if proposal is not None else "",
        "decisions": [(each, reasons.get(each.reason_code, "")) for each in decisions],
        "sent": form_of(dossier),
        "territory": territory_panel(dossier, user, rights, Side.INSTRUCTION),
        "requests": requests_panel(dossier, user, rights, side=Side.INSTRUCTION),
        "thread": thread_panel(dossier, user, rights, side=Side.INSTRUCTION),
        "opinions": opinions_panel(dossier, user, rights, side=Side.INSTRUCTION),
        "documents": documents_panel(dossier, user, rights),
        "history": history_panel(dossier, rights, Side.INSTRUCTION),
        "open": dossier.state in OPEN,
        "labels": list(dossier.labels.all()),
        "anchors": [
            ("formulaire", "Formulaire et pièces"),
            ("complements", "Compléments"),
            ("avis", "Avis"),
            *([("decisions", "Décisions")] if decisions else []),
            ("documents", "Documents"),
            ("messages", "Messages"),
            ("notes", "Notes internes"),
            ("historique", "Historique"),
        ],
    }
