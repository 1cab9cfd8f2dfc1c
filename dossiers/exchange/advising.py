"""What an advisor sees of a dossier: its form and pieces as they were last sent, and nothing of the exchanges."""

from __future__ import annotations

from typing import Any

from ..models import Dossier
from .reading import as_sent


def dossier_for_advisor(dossier: Dossier) -> dict[str, Any]:
    return {"rows": as_sent(dossier)}
