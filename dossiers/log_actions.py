"""The words of the log for what is done around dossiers; what is done to a dossier has a log of its own."""

from __future__ import annotations

from typing import Any

ACTIONS = {
    "dossiers.api_token.create": ("Créer une clé d’API", "Clé d’API créée"),
    "dossiers.api_token.revoke": ("Révoquer une clé d’API", "Clé d’API révoquée"),
    "dossiers.export": ("Exporter des dossiers", "Export de dossiers demandé"),
    "dossiers.webhook.create": ("Créer un webhook", "Webhook créé"),
    "dossiers.webhook.enable": ("Reprendre un webhook", "Webhook repris"),
    "dossiers.webhook.disable": ("Arrêter un webhook", "Webhook arrêté"),
    "dossiers.webhook.delete": ("Supprimer un webhook", "Webhook supprimé"),
}


def log_actions(actions: Any) -> None:
    """For ``register_log_actions``."""
    for name, (label, message) in ACTIONS.items():
        actions.register_action(name, label, message)
