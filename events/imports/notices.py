"""What the owner of a source is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.notifications.registry import Notification, register


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count > 1 else ''}"


@register
class ImportReport(Notification):
    kind, category, label, action = "events.import_report", "edition", "Import d’événements", "Voir le rapport"

    def subject(self, context: Mapping[str, Any]) -> str:
        if context["error"]:
            return f"L’import de « {context['name']} » a échoué"
        return f"Des événements de « {context['name']} » ont été importés"

    def text(self, context: Mapping[str, Any]) -> str:
        if context["error"]:
            return f"{context['error']} Il sera tenté de nouveau la nuit prochaine."
        found = [("created", "créé"), ("updated", "mis à jour"), ("cancelled", "annulé"), ("rejected", "refusé")]
        counts = []
        for key, word in found:
            if count := int(context[key]):
                counts.append(f"{count} {word}" if word == "mis à jour" else _counted(count, word))
        return f"Dates d’événements : {', '.join(counts)} (espace {context['space']})."


@register
class ImportStopped(Notification):
    kind, category, label, action = "events.import_stopped", "edition", "Import d’événements arrêté", "Voir le rapport"
    can_be_muted = False

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"L’import de « {context['name']} » est arrêté"

    def text(self, context: Mapping[str, Any]) -> str:
        return f"Il échoue depuis plusieurs nuits. {context['error']} Corrigez l’adresse, puis reprenez l’import."
