"""Why a file is not taken, told to who sent it."""

from __future__ import annotations

from django.core.exceptions import ValidationError


class FileRefused(ValidationError):  # noqa: N818 - a refusal is an answer
    """``message`` is a French sentence for the person; ``code`` is for logs and tests. A form shows it by the field."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message, code=code)


def megabytes(size: int) -> str:
    """Bytes as a French reader counts them: « 4,2 Mo » (10^6 bytes, as computers show them), « 12 ko », « 0 octet »."""
    if size < 1000:
        return f"{size} octet{'s' if size > 1 else ''}"
    if size < 1_000_000:
        return f"{size // 1000} ko"
    return f"{size / 1_000_000:.1f}".replace(".", ",").removesuffix(",0") + " Mo"
