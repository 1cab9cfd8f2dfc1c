"""Which files a person may be given."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AnonymousUser

from portal.accounts.models import User

from .access import readable_files
from .enums import ScanState
from .models import StoredFile
from .references import known_purposes, unused
from .scanning import scanner_is_left_out


def served_states() -> set[str]:
    """The states in which others than its sender are given a file: no other is ever served to a reader."""
    return {ScanState.CLEAN, ScanState.NOT_SCANNED} if scanner_is_left_out() else {ScanState.CLEAN}


def file_for(user: User | AnonymousUser, file_id: uuid.UUID) -> StoredFile | None:
    """The file, where ``user`` may know of it: who its purpose lets read it, and its sender until something uses it."""
    stored = StoredFile.objects.filter(pk=file_id).first()
    if stored is None:
        return None
    if readable_files(user, stored.purpose).filter(pk=file_id).exists():
        return stored
    return stored if _is_a_senders_draft(user, stored) else None


def _is_a_senders_draft(user: User | AnonymousUser, stored: StoredFile) -> bool:
    if not user.is_authenticated or stored.uploaded_by_id != user.pk:
        return False
    if stored.purpose not in known_purposes():
        return True
    return unused(StoredFile.objects.filter(pk=stored.pk), stored.purpose).exists()


def may_be_served(user: User | AnonymousUser, stored: StoredFile) -> bool:
    """Whether the content of a file that ``user`` may know of is given: fail closed for readers.

    Its sender has it back meanwhile, but for one that is infected.
    """
    if stored.erased_at is not None or stored.scan_state == ScanState.INFECTED:
        return False
    if stored.scan_state in served_states():
        return True
    return user.is_authenticated and stored.uploaded_by_id == user.pk
