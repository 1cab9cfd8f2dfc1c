"""What lists read of a dossier's form, kept in columns of its own."""

from __future__ import annotations

from ..models import Dossier


def refresh(dossier: Dossier, *, save: bool = True) -> None:
    """Take title, amount, perimeter and words to search from the form."""
    dossier.title = str(dossier.values.get("nom", ""))[:200]
    if save:
        dossier.save(update_fields=["title"])
