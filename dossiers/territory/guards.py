"""Rules that territories make."""

from __future__ import annotations

from typing import Any

from ..models import Dossier


def deposit_problems(dossier: Dossier) -> list[Any]:
    """Why it cannot be deposited."""
    return []


def acceptance_problems(dossier: Dossier) -> list[Any]:
    """Why it cannot be accepted."""
    return []


def claim(dossier: Dossier) -> None:
    """Keep its communes to itself."""


def release(dossier: Dossier) -> None:
    """Free its communes."""
