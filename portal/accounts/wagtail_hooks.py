"""What accounts add to Wagtail's admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages
from wagtail.log_actions import LogFormatter

from . import network_admin, second_factor_admin  # noqa: F401
from .enums import Role
from .media_policy import register_media_policies
from .mfa import gate_private_content
from .models import User
from .sign_in_log import SIGN_IN_ACTIONS


@hooks.register("register_admin_urls")
def media_policies() -> list[Any]:
    """When the admin's addresses are made, every app is ready: Wagtail's would replace a policy registered before."""
    register_media_policies()
    return []


hooks.register("register_admin_urls", second_factor_admin.urls)


NO_DELETION = (
    "Un compte ne se supprime pas : l’historique nomme cette personne. Désactivez-le dans « Réseau », « Personnes » ; "
    "elle peut aussi demander l’effacement de ses données depuis « Mon compte »."
)


@hooks.register("before_delete_user")
def people_are_not_deleted(request: HttpRequest, user: Any) -> HttpResponse:
    """Wagtail's screen would break on what protects the history, or take with it what nothing protects."""
    messages.error(request, NO_DELETION)
    return redirect("wagtailusers_users:index")


@hooks.register("before_bulk_action")
def people_are_not_deleted_together(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    if action_type != "delete" or User not in action.models:
        return None
    messages.error(request, NO_DELETION)
    return redirect("wagtailusers_users:index")


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

    for verb, label, message in (
        ("send", "Inviter", "Invitation envoyée"),
        ("resend", "Renvoyer l’invitation", "Invitation renvoyée"),
        ("revoke", "Annuler l’invitation", "Invitation annulée"),
        ("accept", "Accepter l’invitation", "Invitation acceptée"),
    ):
        formatter = type(verb, (RoleFormatter,), {"label": label, "verb": message})
        actions.register_action(f"accounts.invitation.{verb}")(formatter)

    actions.register_action("accounts.directory.export", "Exporter l’annuaire", "Annuaire exporté")
    actions.register_action(
        "accounts.organisation.join", "Confirmer une organisation", "Organisation confirmée pour des profils"
    )
    actions.register_action("accounts.create", "Créer le compte", "Compte créé")
    actions.register_action("accounts.disable", "Désactiver le compte", "Compte désactivé")
    actions.register_action("accounts.enable", "Réactiver le compte", "Compte réactivé")

    for action, label, message in SIGN_IN_ACTIONS:
        actions.register_action(action, label, message)


@hooks.register("before_serve_page")
def second_factor_before_private_page(page: Any, request: Any, args: Any, kwargs: Any) -> Any:
    """A page kept for some readers is no public page."""
    if not request.user.is_authenticated:
        return None
    return gate_private_content(request, page.get_view_restrictions().exists())


@hooks.register("before_serve_document")
def second_factor_before_private_document(document: Any, request: Any) -> Any:
    if not request.user.is_authenticated:
        return None
    return gate_private_content(request, document.collection.get_view_restrictions().exists())
