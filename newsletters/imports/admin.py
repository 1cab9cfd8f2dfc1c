"""« Imports » in Wagtail's admin: words of the log."""

from __future__ import annotations

from typing import Any


def log_actions(actions: Any) -> None:
    """For ``register_log_actions``."""
    actions.register_action("newsletters.import", "Importer des abonnés", "Abonnés importés")
    actions.register_action("newsletters.import_undo", "Annuler un import d’abonnés", "Import d’abonnés annulé")
    actions.register_action("newsletters.export_subscribers", "Exporter des abonnés", "Abonnés exportés")
