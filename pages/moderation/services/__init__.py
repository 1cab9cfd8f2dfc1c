"""The decisions on what waits, one function each."""

from .corrections import accept_correction, queue_correction
from .decisions import approve, reassign, refuse, request_changes, take
from .several import Outcome, act_on_several, foresee

__all__ = [
    "Outcome",
    "accept_correction",
    "act_on_several",
    "approve",
    "foresee",
    "queue_correction",
    "reassign",
    "refuse",
    "request_changes",
    "take",
]
