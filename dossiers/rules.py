"""What may become of a dossier, as one table; and the refusals that people read. Knows no models.

Source: the table of states in docs/dossier-states.md, which is generated from this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from .enums import CLOSED, FINAL, Action, EventKind, State


class Actor(StrEnum):
    """Who may do something to a dossier, as one of its parties."""

    DEPOSITOR = "depositor"  # A member of the organisation with the right to deposit; not a guest.
    INSTRUCTOR = "instructor"  # Instructs where the dossier is routed.
    VALIDATOR = "validator"  # Signs decisions where the dossier is routed.
    SYSTEM = "system"


@dataclass(frozen=True)
class Transition:
    """One row. ``to`` None: where the dossier came from (``previous_state``), or where it is."""

    action: Action
    sources: frozenset[State]
    to: State | None
    actors: frozenset[Actor]
    event: EventKind
    needs_reason: bool = False


_DEPOSITOR = frozenset({Actor.DEPOSITOR})
_INSTRUCTOR = frozenset({Actor.INSTRUCTOR})
_VALIDATOR = frozenset({Actor.VALIDATOR})
_DECIDERS = frozenset({Actor.INSTRUCTOR, Actor.VALIDATOR})

TRANSITIONS: Final[dict[Action, Transition]] = {
    each.action: each
    for each in (
        Transition(Action.DEPOSIT, frozenset({State.DRAFT}), State.DEPOSITED, _DEPOSITOR, EventKind.DEPOSITED),
        Transition(
            Action.WITHDRAW,
            frozenset({State.DEPOSITED, State.INCOMPLETE, State.INSTRUCTION}),
            State.WITHDRAWN,
            _DEPOSITOR,
            EventKind.WITHDRAWN,
            needs_reason=True,
        ),
        Transition(Action.TAKE, frozenset({State.DEPOSITED}), State.INSTRUCTION, _INSTRUCTOR, EventKind.TAKEN),
        Transition(
            Action.REQUEST,
            frozenset({State.DEPOSITED, State.INSTRUCTION}),
            State.INCOMPLETE,
            _INSTRUCTOR,
            EventKind.REQUESTED,
        ),
        Transition(Action.ANSWER, frozenset({State.INCOMPLETE}), None, _DEPOSITOR, EventKind.ANSWERED),
        # To where it came from, or without follow-up where the type says so.
        Transition(Action.EXPIRE, frozenset({State.INCOMPLETE}), None, frozenset({Actor.SYSTEM}), EventKind.EXPIRED),
        Transition(Action.PROPOSE, frozenset({State.INSTRUCTION}), None, _INSTRUCTOR, EventKind.PROPOSED),
        Transition(
            Action.SEND_BACK,
            frozenset({State.INSTRUCTION}),
            None,
            _DECIDERS,
            EventKind.SENT_BACK,
            needs_reason=True,
        ),
        Transition(Action.ACCEPT, frozenset({State.INSTRUCTION}), State.ACCEPTED, _DECIDERS, EventKind.ACCEPTED),
        Transition(
            Action.REFUSE,
            frozenset({State.INSTRUCTION}),
            State.REFUSED,
            _DECIDERS,
            EventKind.REFUSED,
            needs_reason=True,
        ),
        Transition(
            Action.DROP, frozenset({State.INSTRUCTION}), State.DROPPED, _DECIDERS, EventKind.DROPPED, needs_reason=True
        ),
        Transition(Action.REOPEN, FINAL, State.INSTRUCTION, _VALIDATOR, EventKind.REOPENED, needs_reason=True),
    )
}
#: What a decision may conclude, and the action that concludes so.
DECISIONS: Final[dict[State, Action]] = {
    State.ACCEPTED: Action.ACCEPT,
    State.REFUSED: Action.REFUSE,
    State.DROPPED: Action.DROP,
}

_WHERE: Final[dict[State, str]] = {
    State.DRAFT: "Ce dossier est encore un brouillon.",
    State.DEPOSITED: "Ce dossier est déposé et n’est pas encore pris en instruction.",
    State.INSTRUCTION: "Ce dossier est en instruction.",
    State.INCOMPLETE: "Ce dossier attend les compléments de l’organisation.",
    State.ACCEPTED: "Ce dossier est accepté.",
    State.REFUSED: "Ce dossier est refusé.",
    State.DROPPED: "Ce dossier est classé sans suite.",
    State.WITHDRAWN: "L’organisation a retiré ce dossier.",
}


class DossierRefused(Exception):  # noqa: N818 - a refusal that is shown, not a fault
    """What was asked cannot be done. ``message`` is shown, in French, beside ``field`` where one is at fault.

    ``errors``: further messages by the key of a field of the form. Codes: ``incomplete``, ``window``, ``infected``,
    ``scan``, ``overlap``, ``coverage``, ``axes``, ``carrier``, ``reason``, ``items``, ``due``, ``amount``,
    ``envelope``, ``opinions``, ``same_person``, ``proposal``, ``version``, ``past`` and others of the services.
    """

    def __init__(self, code: str, message: str, field: str = "", errors: dict[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.field, self.errors = code, message, field, errors or {}


class DossierConflict(DossierRefused):
    """Somebody acted meanwhile, or the state does not allow it: HTTP 409. ``message`` says who did what and when.

    What the person typed is to be shown again with it. ``event`` is the last of the log (a ``DossierEvent``), or None.
    """

    def __init__(self, message: str, event: Any = None) -> None:
        super().__init__("conflict", message)
        self.event = event


def transition(action: Action | str) -> Transition:
    """The row of ``action``. Raises ValueError where there is none such (a forged one)."""
    return TRANSITIONS[Action(action)]


def may(state: State | str, action: Action) -> bool:
    """Whether ``action`` exists in ``state``: what buttons are shown by."""
    return State(state) in TRANSITIONS[action].sources


def where(state: State | str) -> str:
    """A sentence on where a dossier stands, for refusals."""
    return _WHERE[State(state)]


def is_closed(state: State | str) -> bool:
    return State(state) in CLOSED
