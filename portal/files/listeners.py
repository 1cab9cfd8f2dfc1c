"""What apps do when a file of theirs was handed out or was found infected: each purpose may name functions for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import transaction

from .models import StoredFile

if TYPE_CHECKING:
    from portal.accounts.models import User

logger = logging.getLogger(__name__)
#: Called with the file and who was given it; None for somebody who is not signed in.
Downloaded = Callable[[StoredFile, "User | None"], None]
#: Called with the file once the verdict is written.
Infected = Callable[[StoredFile], None]
_downloaded: dict[str, list[Downloaded]] = {}
_infected: dict[str, list[Infected]] = {}


def register_download_listener(purpose: str, listener: Downloaded) -> None:
    """Declare, in ``AppConfig.ready``, what notes a download of a file of ``purpose``, beside ``FileDownload``.

    Called in the transaction of that row, before the content leaves: where it fails, nothing is handed out.
    """
    found = _downloaded.setdefault(purpose, [])
    if listener not in found:
        found.append(listener)


def register_infected_listener(purpose: str, listener: Infected) -> None:
    """Declare, in ``AppConfig.ready``, what is done once a file of ``purpose`` was found infected.

    Called after the verdict is committed, in a transaction of its own: it must bear being called twice, and what was
    killed before it ran is for the app to catch up with.
    """
    found = _infected.setdefault(purpose, [])
    if listener not in found:
        found.append(listener)


def tell_download(stored: StoredFile, user: User | None) -> None:
    for listener in _downloaded.get(stored.purpose, []):
        listener(stored, user)


def tell_infected(stored: StoredFile) -> None:
    """A listener that fails changes nothing of the verdict, and stops no other."""
    for listener in _infected.get(stored.purpose, []):
        try:
            with transaction.atomic():
                listener(stored)
        except Exception:
            logger.exception("What follows an infected file of %s failed.", stored.purpose)
