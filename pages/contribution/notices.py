"""What contributors are told of their proposals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.notifications.registry import Notification, register


class ProposalReceived(Notification):
    kind = "contribution.received"
    category = "contribution"
    label = "Votre contribution est reçue"
    action = "Suivre ma contribution"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"« {context['title']} » est en relecture"

    def text(self, context: Mapping[str, Any]) -> str:
        return f"L’équipe de l’espace {context['space']} va la relire. Vous serez prévenu de sa décision."


class ChangesRequested(Notification):
    kind = "contribution.changes"
    category = "contribution"
    label = "Des changements sont demandés"
    action = "Voir ce qui est demandé"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"Des changements sont demandés : « {context['title']} »"

    def text(self, context: Mapping[str, Any]) -> str:
        asked = "\n".join(f"– {line}" for line in context.get("comments", []))
        return f"L’équipe de l’espace {context['space']} vous demande de la compléter.\n\n{asked}".strip()


class ProposalPublished(Notification):
    kind = "contribution.published"
    category = "contribution"
    label = "Votre contribution est publiée"
    action = "Voir la page"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"« {context['title']} » est publiée"

    def text(self, context: Mapping[str, Any]) -> str:
        return "Merci de votre contribution."


class ProposalRefused(Notification):
    kind = "contribution.refused"
    category = "contribution"
    label = "Votre contribution n’est pas retenue"
    action = "Relire ma contribution"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"« {context['title']} » n’est pas retenue"

    def text(self, context: Mapping[str, Any]) -> str:
        reason = str(context.get("reason") or "").strip()
        kept = "Votre texte est gardé dans « Mes contributions »."
        return f"{reason}\n\n{kept}".strip()


def register_all() -> None:
    for cls in (ProposalReceived, ChangesRequested, ProposalPublished, ProposalRefused):
        register(cls)
