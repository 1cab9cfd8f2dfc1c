"""Value lists of erasure."""

from django.db import models


class Origin(models.TextChoices):
    """Why an account is erased."""

    ASKED = "asked", "Demande de la personne"
    INACTIVE = "inactive", "Compte inactif"
