"""What editors are told of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.notifications.registry import Notification, register


@register
class PageReported(Notification):
    kind = "pages.reported"
    category = "edition"
    label = "Un lecteur signale une page"
    action = "Voir le signalement"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"Signalement ({str(context['reason']).lower()}) : « {context['title']} »"

    def text(self, context: Mapping[str, Any]) -> str:
        return f"Un lecteur signale cette page de l’espace {context['space']}."


@register
class PagesStale(Notification):
    kind = "pages.stale"
    category = "edition"
    label = "Des pages sont à relire"
    action = "Voir les pages à relire"

    def subject(self, context: Mapping[str, Any]) -> str:
        count = int(context["count"])
        return f"{count} pages sont à relire" if count > 1 else "Une page est à relire"

    def text(self, context: Mapping[str, Any]) -> str:
        return (
            f"Espace {context['space']} : personne ne les a relues depuis un an. Un clic suffit pour dire qu’elles "
            "sont à jour."
        )
