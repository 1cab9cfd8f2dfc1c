"""What people are told about invitations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.notifications.registry import Notification, register


@register
class InvitationAccepted(Notification):
    kind = "network.invitation_accepted"
    category = "network"
    label = "Une invitation que j’ai faite est acceptée"
    action = "Voir mon équipe"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"{context['person']} a accepté votre invitation"

    def text(self, context: Mapping[str, Any]) -> str:
        return f"Rôle\u00a0: {context['role']}, {context['where']}."
