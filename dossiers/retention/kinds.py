"""The notices that a dossier is about to leave."""

from __future__ import annotations

from ..enums import Side
from ..exchange.kinds import DossierNotice


class Leaving(DossierNotice):
    kind, category, label = "dossier.retention", "dossier-action", "Un dossier arrive au terme de sa conservation"
    line = "Un dossier va être supprimé"
    words = (
        "Il arrive au terme de sa durée de conservation : le {day}, il ira à la corbeille, puis sera effacé quatorze "
        "jours plus tard. Téléchargez ce que vous voulez garder ; un brouillon modifié d’ici là reste."
    )


class LeavingDesk(DossierNotice):
    kind, category = "instruction.retention", "instruction-progress"
    label = "Un dossier arrive au terme de sa conservation"
    side = Side.INSTRUCTION
    line = "Un dossier va être supprimé"
    words = "Il arrive au terme de sa durée de conservation : le {day}, il ira à la corbeille pour quatorze jours."


KINDS = (Leaving, LeavingDesk)
