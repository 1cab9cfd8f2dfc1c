"""« Imports » in Wagtail's admin: addresses, menu, words of the log."""

from __future__ import annotations

from typing import Any


def log_actions(actions: Any) -> None:
    """For ``register_log_actions``."""
    actions.register_action("events.import", "Importer", "Événements importés")
