"""Several at once: what would be done and why each one cannot, then doing it, each in its own transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.accounts.models import User

from ...enums import ReviewOrigin, ReviewState
from ...models import ReviewItem
from ..errors import ReviewError
from ..rights import may_approve
from .decisions import approve, reassign, refuse, request_changes
from .locking import what_was_done

ACTIONS = {
    "approve": "Approuver",
    "changes": "Demander des changements",
    "refuse": "Refuser",
    "reassign": "Confier à quelqu’un",
}
MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Outcome:
    """One of several: ``problem`` is empty where it can be (or was) done."""

    item: ReviewItem
    problem: str = ""


def foresee(*, items: Iterable[ReviewItem], actor: User, action: str) -> list[Outcome]:
    """What would be refused, without a query an item: state and four eyes. The service asks again."""
    return [Outcome(item, _problem(item, actor, action)) for item in items]


def _problem(item: ReviewItem, actor: User, action: str) -> str:
    if not item.is_open:
        return what_was_done(item)
    if action in ("approve", "changes") and item.state != ReviewState.WAITING:
        return "Des changements sont déjà demandés : c’est à son auteur de répondre."
    if action == "approve" and item.origin == ReviewOrigin.CORRECTION:
        return "Une correction s’accepte champ par champ, depuis sa page."
    if action == "approve" and not may_approve(actor, item):
        return "Vous l’avez modifiée en dernier : une autre personne doit l’approuver."
    if not item.space.is_open:
        return "L’espace est fermé."
    return ""


def act_on_several(
    *, items: Iterable[tuple[ReviewItem, int]], actor: User, action: str, text: str = "", assignee: User | None = None
) -> list[Outcome]:
    """Do ``action`` on each (item, the version shown); one refused stops no other. Returns what became of each.

    ``text`` is the comment or the reason. Side effects: those of each decision.
    """
    outcomes = []
    for item, version in items:
        try:
            if action == "approve":
                approve(item=item, actor=actor, version=version, comment=text)
            elif action == "changes":
                request_changes(item=item, actor=actor, version=version, comments=[("", text)])
            elif action == "refuse":
                refuse(item=item, actor=actor, version=version, reason=text)
            elif action == "reassign":
                reassign(item=item, actor=actor, assignee=assignee, version=version)
            else:
                raise ReviewError("Choisissez ce qu’il faut faire.")
        except ReviewError as error:
            outcomes.append(Outcome(item, str(error)))
        else:
            outcomes.append(Outcome(item))
    return outcomes
