"""The ways to follow a calendar, from its address."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Way:
    """A way to subscribe: what the link says, its address, and two lines of help."""

    label: str
    url: str
    help: tuple[str, str]
    new_window: bool = False


def ways(address: str, name: str) -> list[Way]:
    """The ways to follow the calendar at ``address`` (absolute), called ``name`` where the program asks."""
    webcal = "webcal" + address[address.index(":") :] if "://" in address else address
    outlook = urlencode({"url": address, "name": name})
    return [
        Way(
            "Ouvrir dans mon logiciel d’agenda",
            webcal,
            (
                "Apple Calendrier, Thunderbird, Outlook\u00a0: le logiciel demande à confirmer l’abonnement.",
                "S’il ne s’ouvre pas, copiez l’adresse et collez-la dans «\u00a0Nouvel abonnement\u00a0».",
            ),
        ),
        Way(
            "Ajouter à Google Agenda",
            "https://calendar.google.com/calendar/r?" + urlencode({"cid": webcal}),
            (
                "Connectez-vous à Google, puis confirmez «\u00a0Ajouter un agenda\u00a0».",
                "Google relit les abonnements à son rythme\u00a0: un changement peut prendre une journée.",
            ),
            new_window=True,
        ),
        Way(
            "Ajouter à Outlook.com",
            f"https://outlook.live.com/calendar/0/addfromweb?{outlook}",
            (
                "Pour une adresse personnelle\u00a0: connectez-vous, puis choisissez «\u00a0Importer\u00a0».",
                "Outlook relit l’abonnement toutes les trois heures environ.",
            ),
            new_window=True,
        ),
        Way(
            "Ajouter à Outlook (Microsoft 365)",
            f"https://outlook.office.com/calendar/0/addfromweb?{outlook}",
            (
                "Pour une adresse professionnelle\u00a0: connectez-vous, puis choisissez «\u00a0Importer\u00a0».",
                "Si votre service informatique l’interdit, téléchargez le fichier .ics\u00a0: il ne se met pas à jour.",
            ),
            new_window=True,
        ),
    ]
