"""What moderators are told of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.accounts.models import User
from portal.notifications.registry import Notification, register

from ..enums import ReviewState
from ..models import ReviewItem


class _Review(Notification):
    category = "moderation"
    action = "Ouvrir la relecture"

    def still_relevant(self, recipient: User, context: Mapping[str, Any]) -> bool:
        """Not once somebody decided."""
        return ReviewItem.objects.filter(pk=context.get("item"), state=ReviewState.WAITING).exists()


@register
class ReviewAsked(_Review):
    kind = "moderation.new"
    label = "Une page est à relire"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"À relire : « {context['title']} »"

    def text(self, context: Mapping[str, Any]) -> str:
        return f"{context['origin']} de {context['by']}, espace {context['space']}."


@register
class ReviewLate(_Review):
    kind = "moderation.reminder"
    label = "Une relecture attend depuis trois jours ouvrés"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"Toujours à relire : « {context['title']} »"

    def text(self, context: Mapping[str, Any]) -> str:
        return f"Cette relecture attend depuis trois jours ouvrés dans l’espace {context['space']}."


@register
class ReviewEscalated(_Review):
    kind = "moderation.escalated"
    label = "Une relecture est signalée à votre niveau"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"Relecture signalée à votre niveau : « {context['title']} »"

    def text(self, context: Mapping[str, Any]) -> str:
        if context.get("alone"):
            return f"Personne d’autre ne peut la relire dans l’espace {context['space']} : elle vous revient."
        return f"Elle attend depuis six jours ouvrés dans l’espace {context['space']}."


@register
class ReviewAssigned(_Review):
    kind = "moderation.assigned"
    label = "Une relecture vous est confiée"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"On vous confie la relecture de « {context['title']} »"

    def text(self, context: Mapping[str, Any]) -> str:
        return f"Confiée par {context['by']}, espace {context['space']}."


@register
class ReviewDecided(Notification):
    """To the editor who asked; the author of a contribution is told by the contribution itself."""

    kind = "moderation.decided"
    category = "moderation"
    label = "Votre page a été relue"
    action = "Ouvrir la page"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"{context['decision']} : « {context['title']} »"

    def text(self, context: Mapping[str, Any]) -> str:
        return f"Par {context['by']}. {context['reason']}".strip()
