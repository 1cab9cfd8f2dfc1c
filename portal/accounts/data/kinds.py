"""What people are told of their own account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.notifications.registry import Notification


class Inactive(Notification):
    """``context``: ``last`` and ``until``, days as people read them; ``final`` for the second notice."""

    kind = "account.inactive"
    category = "account"
    label = "Votre compte va être supprimé faute d’usage"
    can_be_muted = False
    action = "Se connecter pour garder mon compte"

    def subject(self, context: Mapping[str, Any]) -> str:
        start = "Dernier rappel\u00a0: votre" if context["final"] else "Votre"
        return f"{start} compte va être supprimé faute d’usage"

    def text(self, context: Mapping[str, Any]) -> str:
        return (
            f"Vous ne vous êtes pas connecté depuis le {context['last']}. Sans connexion de votre part, votre compte "
            f"sera supprimé à partir du {context['until']}\u00a0: votre nom et votre adresse seront effacés, ce que "
            "vous avez publié restera. Pour le garder, il suffit de vous connecter."
        )


class InactiveAdministrator(Notification):
    """``context``: ``last``, the day as people read it."""

    kind = "account.inactive_admin"
    category = "account"
    label = "Votre compte d’administration ne sert plus"
    can_be_muted = False
    action = "Se connecter"

    def subject(self, context: Mapping[str, Any]) -> str:
        return "Votre compte d’administration nationale ne sert plus"

    def text(self, context: Mapping[str, Any]) -> str:
        return (
            f"Vous ne vous êtes pas connecté depuis le {context['last']}. Un compte qui administre le portail n’est "
            "pas supprimé faute d’usage. Si vous n’en avez plus besoin, demandez que ce rôle vous soit retiré."
        )


KINDS = (Inactive, InactiveAdministrator)
