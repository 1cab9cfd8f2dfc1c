"""What accounts add to Wagtail's admin."""

from __future__ import annotations

from typing import Any

from wagtail import hooks
from wagtail.log_actions import LogFormatter

from . import network_admin  # noqa: F401
from .enums import Role
from .media_policy import register_media_policies


@hooks.register("register_admin_urls")
def media_policies() -> list[Any]:
    """When the admin's addresses are made, every app is ready: Wagtail's would replace a policy registered before."""
    register_media_policies()
    return []


@hooks.register("register_log_actions")
def account_log_actions(actions: Any) -> None:
    class RoleFormatter(LogFormatter):
        verb = ""

        def format_message(self, log_entry: Any) -> str:
            data = log_entry.data
            role = Role(data["role"]).label if data.get("role") in Role.values else data.get("role", "")
            return f"{self.verb} : {role} · {data.get('organisation') or data.get('territory', '')}"

    @actions.register_action("accounts.grant")
    class Grant(RoleFormatter):
        label, verb = "Donner un rôle", "Rôle donné"

    @actions.register_action("accounts.revoke")
    class Revoke(RoleFormatter):
        label, verb = "Retirer un rôle", "Rôle retiré"

    actions.register_action("accounts.create", "Créer le compte", "Compte créé")
    actions.register_action("accounts.disable", "Désactiver le compte", "Compte désactivé")
    actions.register_action("accounts.enable", "Réactiver le compte", "Compte réactivé")
