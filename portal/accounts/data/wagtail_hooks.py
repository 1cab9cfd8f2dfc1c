"""What the log says of a person's data, and where the national administration reads the log."""

from typing import Any

from wagtail import hooks
from wagtail.admin.menu import MenuItem

from ..audit import views as audit


@hooks.register("register_log_actions")
def data_log_actions(actions: Any) -> None:
    actions.register_action("accounts.data.export", "Exporter ses données", "Données personnelles exportées")
    actions.register_action("accounts.erasure.ask", "Demander l’effacement", "Suppression du compte demandée")
    actions.register_action("accounts.erasure.cancel", "Annuler l’effacement", "Suppression du compte annulée")
    actions.register_action("accounts.erasure.done", "Effacer le compte", "Compte effacé")
    actions.register_action("accounts.audit.export", "Exporter le journal d’audit", "Journal d’audit exporté")


@hooks.register("register_admin_urls")
def audit_urls() -> list[Any]:
    return audit.urls()


@hooks.register("register_reports_menu_item")
def audit_menu_item() -> MenuItem:
    return audit.menu_item()
