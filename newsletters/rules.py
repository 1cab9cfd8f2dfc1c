"""What may become of a campaign, as one table; and the refusal that people read. Knows no models."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from .enums import CampaignState as State


class Action(StrEnum):
    """Something done to a campaign, by a person or (``start``, ``finish``, ``halt``) by the portal."""

    CHANGE = "change"
    REQUEST = "request"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    START = "start"
    PAUSE = "pause"
    HALT = "halt"
    RESUME = "resume"
    FINISH = "finish"
    REOPEN = "reopen"
    CANCEL = "cancel"


#: (states it may be done in, state it leads to).
TRANSITIONS: Final[dict[Action, tuple[frozenset[State], State]]] = {
    Action.CHANGE: (frozenset({State.DRAFT}), State.DRAFT),
    Action.REQUEST: (frozenset({State.DRAFT}), State.DRAFT),
    Action.APPROVE: (frozenset({State.DRAFT}), State.DRAFT),
    Action.SEND_BACK: (frozenset({State.DRAFT}), State.DRAFT),
    Action.SCHEDULE: (frozenset({State.DRAFT}), State.SCHEDULED),
    Action.UNSCHEDULE: (frozenset({State.SCHEDULED}), State.DRAFT),
    Action.START: (frozenset({State.SCHEDULED}), State.RUNNING),
    Action.PAUSE: (frozenset({State.RUNNING}), State.PAUSED),
    Action.HALT: (frozenset({State.RUNNING}), State.PAUSED),
    Action.RESUME: (frozenset({State.PAUSED}), State.RUNNING),
    Action.FINISH: (frozenset({State.RUNNING}), State.FINISHED),
    # A person has an uncertain copy sent again.
    Action.REOPEN: (frozenset({State.FINISHED}), State.RUNNING),
    Action.CANCEL: (frozenset({State.DRAFT, State.SCHEDULED, State.RUNNING, State.PAUSED}), State.CANCELLED),
}

_DONE: Final[dict[State, str]] = {
    State.DRAFT: "Cet envoi est encore en préparation.",
    State.SCHEDULED: "Cet envoi est déjà programmé.",
    State.RUNNING: "Cet envoi est déjà en cours.",
    State.PAUSED: "Cet envoi est en pause.",
    State.FINISHED: "Cet envoi est terminé.",
    State.CANCELLED: "Cet envoi est annulé.",
}


class CampaignRefused(Exception):  # noqa: N818 - a refusal that is shown, not a fault
    """What was asked cannot be done. ``message`` is shown, in French, beside ``field`` where one is at fault.

    Codes: ``stale`` (somebody acted meanwhile), ``state``, ``approval``, ``same_person``, ``changed``, ``problems``,
    ``nobody``, ``lists``, ``past``, ``window``, ``option``.
    """

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.field = code, message, field


def target(state: str, action: Action) -> State:
    """The state ``action`` leads to. Raises :class:`CampaignRefused` where it may not be done in ``state``."""
    allowed, to = TRANSITIONS[action]
    if state not in allowed:
        raise CampaignRefused("state", _DONE[State(state)])
    return to


def may(state: str, action: Action) -> bool:
    """Whether ``action`` exists in ``state``: what buttons are shown by."""
    return state in TRANSITIONS[action][0]
