"""What the log says of a person's data."""

from typing import Any

from wagtail import hooks


@hooks.register("register_log_actions")
def data_log_actions(actions: Any) -> None:
    actions.register_action("accounts.data.export", "Exporter ses données", "Données personnelles exportées")
    actions.register_action("accounts.erasure.ask", "Demander l’effacement", "Suppression du compte demandée")
    actions.register_action("accounts.erasure.cancel", "Annuler l’effacement", "Suppression du compte annulée")
    actions.register_action("accounts.erasure.done", "Effacer le compte", "Compte effacé")
