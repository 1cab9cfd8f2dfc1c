"""Roles of a membership and kinds of organisations."""

from django.db import models


class Role(models.TextChoices):
    """A role, held on a territory (and flowing down to what it contains) or within an organisation."""

    ADMIN_NATIONAL = "admin_national", "Administration nationale"
    EDITOR = "editor", "Édition"
    SENDER = "sender", "Envoi de lettres"
    INSTRUCTOR = "instructor", "Instruction"
    ADVISOR = "advisor", "Avis"
    CONTRIBUTOR = "contributor", "Contribution"
    DEPOSITOR = "depositor", "Dépôt"
    READER = "reader", "Lecture"


class OrganisationKind(models.TextChoices):
    HUB = "hub", "Hub territorial"
    PREFECTURE = "prefecture", "Préfecture"
    OPERATEUR = "operateur", "Opérateur de l'État"
    REGION = "region", "Conseil régional"
    DEPARTEMENT = "departement", "Conseil départemental"
    EPCI = "epci", "Intercommunalité"
    COMMUNE = "commune", "Commune"
    ASSOCIATION = "association", "Association"
    ENTREPRISE = "entreprise", "Entreprise"
    GROUPEMENT = "groupement", "Groupement"
    AUTRE = "autre", "Autre"


class InvitationState(models.TextChoices):
    """Where an invitation stands; read off its moments, never stored."""

    WAITING = "en-attente", "En attente"
    ACCEPTED = "acceptee", "Acceptée"
    EXPIRED = "expiree", "Expirée"
    REVOKED = "annulee", "Annulée"
