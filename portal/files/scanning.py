"""The antivirus: what it says of files (docs/files.md). A scan is asked for after the commit; ``tick`` catches up."""

from __future__ import annotations

from django.conf import settings

from .enums import ScanState
from .models import StoredFile


def scanner_is_left_out() -> bool:
    """Whether the operator runs without a scanner, and said so."""
    return bool(settings.FILES_WITHOUT_SCANNER and not settings.CLAMD_URL)


def first_state() -> ScanState:
    """The state of a file that was just stored."""
    return ScanState.NOT_SCANNED if scanner_is_left_out() else ScanState.PENDING


def ask_for_scan(stored: StoredFile) -> None:
    """Wake a worker up for ``stored``, once the transaction is committed."""
