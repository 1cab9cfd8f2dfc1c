"""What the inspectors share."""

from __future__ import annotations

import time
from typing import Final

from ..refusal import FileRefused

#: Seconds of computing, of this thread, after which a file is refused. What people send takes a tenth of it.
SECONDS: Final = 1.5


class Clock:
    """Ends a loop over what a file holds, however the file was made to prolong it."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.end = time.thread_time() + seconds

    def check(self) -> None:
        if time.thread_time() > self.end:
            raise FileRefused("Ce fichier est trop complexe pour être vérifié : il est refusé.", "too_complex")


def other_content(extension: str) -> FileRefused:
    return FileRefused(
        f"Ce fichier n’est pas un fichier .{extension} : son contenu est autre que son nom ne l’annonce.",
        "other_content",
    )


def broken(extension: str) -> FileRefused:
    return FileRefused(f"Ce fichier .{extension} est abîmé ou incomplet : il ne s’ouvre pas.", "broken")


def encrypted() -> FileRefused:
    return FileRefused(
        "Ce fichier est protégé (chiffré, avec ou sans mot de passe) : son contenu ne peut pas être vérifié. "
        "Enregistrez-le sans protection, puis envoyez-le à nouveau.",
        "encrypted",
    )


def polyglot() -> FileRefused:
    return FileRefused(
        "Ce fichier contient autre chose que ce que son nom annonce (page, programme ou archive) : il est refusé.",
        "polyglot",
    )


def active(what: str, remedy: str = "Enregistrez-le sans") -> FileRefused:
    return FileRefused(
        f"Ce fichier contient {what} : il est refusé, car il pourrait agir sur l’ordinateur de qui l’ouvre. "
        f"{remedy}, puis envoyez-le à nouveau.",
        "active",
    )
