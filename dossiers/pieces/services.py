"""Pieces of a dossier."""

from __future__ import annotations

from typing import Any

from ..models import Dossier


def problems(dossier: Dossier) -> dict[str, list[str]]:
    """Why pieces stand in the way of a deposit, by the key of the field."""
    return {}


def counts(dossier: Dossier) -> dict[str, int]:
    """How many files each field has."""
    return {}


def snapshot(dossier: Dossier) -> dict[str, Any]:
    """The files as they are now, for a revision."""
    return {}
