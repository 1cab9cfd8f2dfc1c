"""Why a file is not read, told to who sent it."""

from __future__ import annotations

from django.core.exceptions import ValidationError


class TableRefused(ValidationError):  # noqa: N818 - a refusal is an answer
    """``message`` is a French sentence for the person; ``code`` is for tests and the log."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message, code=code)
