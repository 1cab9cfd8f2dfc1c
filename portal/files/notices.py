"""What people are told about their files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from portal.notifications.registry import Notification, register

INFECTED: Final = "files.infected"


@register
class FileRefusedByAntivirus(Notification):
    """Neutral: nobody is accused, and nothing of the file travels but its name."""

    kind = INFECTED
    category = "account"
    label = "Un de vos fichiers a été mis à l’écart"
    can_be_muted = False

    def subject(self, context: Mapping[str, Any]) -> str:
        return "Un fichier que vous avez envoyé a été mis à l’écart"

    def text(self, context: Mapping[str, Any]) -> str:
        return (
            f"L’antivirus du portail n’a pas accepté le fichier « {context['name']} », que vous avez envoyé le "
            f"{context['day']}. Il a été mis à l’écart : personne ne peut le télécharger.\n\n"
            "Cela n’a rien d’exceptionnel et vous n’avez pas forcément fait d’erreur. Faites vérifier l’ordinateur "
            "d’où il vient, puis envoyez si besoin une autre version de ce fichier."
        )
