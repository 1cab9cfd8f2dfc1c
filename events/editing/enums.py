"""What is done to dates of an event, and to which."""

from django.db import models


class Action(models.TextChoices):
    CANCEL = "annuler", "Annuler"
    POSTPONE = "reporter", "Reporter sans nouvelle date"
    MOVE = "deplacer", "Changer le jour, l’heure ou le lieu"
    DETAILS = "changer", "Changer le titre, la participation ou les places"
    NOTE = "noter", "Écrire une note"
    DETACH = "detacher", "Détacher de la répétition"
    RESTORE = "retablir", "Rétablir"


class Scope(models.TextChoices):
    ONE = "une", "Seulement ce qui est choisi"
    FOLLOWING = "suivantes", "Cette date et les suivantes"
    ALL = "toutes", "Toutes les dates à venir"
