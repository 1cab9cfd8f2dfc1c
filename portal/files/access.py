"""Who may read a file: each purpose says it, by a function of the app that uses the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from .models import StoredFile

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User

#: From a person to the files of the purpose that this person may read.
Readable = Callable[["User | AnonymousUser"], QuerySet[StoredFile]]
_readers: dict[str, Readable] = {}


def register_reader(purpose: str, readable: Readable) -> None:
    """Declare, in ``AppConfig.ready``, who reads the files of ``purpose``; declaring it again replaces it.

    A purpose without a reader is read by who sent the file alone, as long as nothing uses it.
    """
    _readers[purpose] = readable


def readable_files(user: User | AnonymousUser, purpose: str) -> QuerySet[StoredFile]:
    """The files of ``purpose`` that ``user`` may read, whatever their scan says."""
    readable = _readers.get(purpose)
    return readable(user).filter(purpose=purpose) if readable else StoredFile.objects.none()
