"""What the log of downloads holds about a person. The files they sent are the account's own part to give and erase."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.core.personal_data import Record, register

from .models import FileDownload


def exported(user: Any) -> Iterator[Record]:
    """When, and of which use: the name of a file is its sender's."""
    for row in FileDownload.objects.filter(user=user).select_related("file").order_by("at", "pk"):
        yield {"date": row.at, "usage": row.file.purpose}


def erased(user: Any) -> None:
    """That a file was downloaded stays for its year, by whom does not."""
    FileDownload.objects.filter(user=user).update(user=None)


def register_downloads() -> None:
    register("downloads", "Mes téléchargements de fichiers", export=exported, erase=erased, order=60)
