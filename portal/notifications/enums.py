"""Value lists of notifications."""

from __future__ import annotations

from django.db import models


class Frequency(models.TextChoices):
    """How a category's notifications come by mail. In the portal they are listed whatever the choice."""

    INSTANT = "instant", "Tout de suite"
    DAILY = "daily", "Un résumé par jour"
    WEEKLY = "weekly", "Un résumé par semaine, le lundi"
    NONE = "none", "Pas de message"


DIGESTS = (Frequency.DAILY, Frequency.WEEKLY)


class MailState(models.TextChoices):
    """Where the mail of a notification stands."""

    NONE = "none", "Aucun message"
    WAITING = "waiting", "À envoyer"
    # The relay has it, or the process that was handing it over died: it is not handed over a second time as it is.
    SENDING = "sending", "En cours d’envoi"
    SENT = "sent", "Envoyé"
    GIVEN_UP = "given_up", "Abandonné"
