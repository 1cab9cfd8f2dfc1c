"""The words of the log for what is done to types."""

from __future__ import annotations

from typing import Any

ACTIONS = {
    "dossiers.type.publish": ("Publier un type de dossier", "Version publiée"),
    "dossiers.type.archive": ("Retirer un type de dossier", "Type de dossier retiré"),
    "dossiers.type.restore": ("Remettre un type de dossier en service", "Type de dossier remis en service"),
}


def log_actions(actions: Any) -> None:
    """For ``register_log_actions``."""
    for name, (label, message) in ACTIONS.items():
        actions.register_action(name, label, message)
