"""What editing dates may refuse."""

from __future__ import annotations


class EditingError(Exception):
    """Why it is not done, in French, and the field it is about (empty: none)."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
