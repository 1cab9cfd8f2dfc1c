"""State changes of a person's data, one function each."""

from .erasure import ErasureRefusedError, cancel_erasure, erase_account, erase_due, request_erasure
from .inactivity import watch_inactive

__all__ = [
    "ErasureRefusedError",
    "cancel_erasure",
    "erase_account",
    "erase_due",
    "request_erasure",
    "watch_inactive",
]
