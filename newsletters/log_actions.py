"""The words of the log for what is done to letters, campaigns and copies."""

from __future__ import annotations

from typing import Any

ACTIONS = {
    "newsletters.campaign.create": ("Préparer un envoi", "Envoi préparé"),
    "newsletters.campaign.change": ("Modifier un envoi", "Envoi modifié"),
    "newsletters.campaign.request": ("Demander une approbation", "Approbation demandée"),
    "newsletters.campaign.approve": ("Approuver un envoi", "Envoi approuvé"),
    "newsletters.campaign.send_back": ("Renvoyer un envoi à son auteur", "Approbation refusée ou retirée"),
    "newsletters.campaign.schedule": ("Programmer un envoi", "Envoi programmé"),
    "newsletters.campaign.unschedule": ("Déprogrammer un envoi", "Envoi déprogrammé"),
    "newsletters.campaign.start": ("Départ d’un envoi", "Envoi parti"),
    "newsletters.campaign.pause": ("Mettre un envoi en pause", "Envoi mis en pause"),
    "newsletters.campaign.halt": ("Pause automatique d’un envoi", "Envoi mis en pause automatiquement"),
    "newsletters.campaign.resume": ("Reprendre un envoi", "Envoi repris"),
    "newsletters.campaign.finish": ("Fin d’un envoi", "Envoi terminé"),
    "newsletters.campaign.reopen": ("Rouvrir un envoi", "Envoi rouvert"),
    "newsletters.campaign.cancel": ("Annuler un envoi", "Envoi annulé"),
    "newsletters.delivery.settle": ("Trancher le sort d’une copie", "Sort d’une copie incertaine tranché"),
    "newsletters.letter.trial": ("Envoyer un essai", "Essai envoyé"),
    "newsletters.sending.stop": ("Arrêt d’urgence des envois", "Tous les envois arrêtés"),
    "newsletters.sending.allow": ("Fin de l’arrêt d’urgence", "Envois de nouveau permis"),
}


def log_actions(actions: Any) -> None:
    """For ``register_log_actions``."""
    for name, (label, message) in ACTIONS.items():
        actions.register_action(name, label, message)
