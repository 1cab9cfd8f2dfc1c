"""State changes of notifications, one function each. Others call :func:`notify` alone."""

from .preferences import set_frequencies
from .reading import forget_read_notices, mark_all_read, mark_read
from .telling import notify

__all__ = ["forget_read_notices", "mark_all_read", "mark_read", "notify", "set_frequencies"]
