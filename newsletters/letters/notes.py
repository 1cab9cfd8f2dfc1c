"""What a check says of a letter."""

from __future__ import annotations

from typing import NamedTuple

ERROR, WARNING = "error", "warning"


class Note(NamedTuple):
    """``level``: :data:`ERROR` forbids sending, :data:`WARNING` does not. ``message`` is French."""

    level: str
    code: str
    message: str
