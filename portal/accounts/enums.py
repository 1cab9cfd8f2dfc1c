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


class Function(models.TextChoices):
    """What a person does in the network, as they say it themselves; it gives no right."""

    MEDIATION = "mediation", "Médiation numérique"
    CONSEIL = "conseil", "Dispositif Conseiller numérique"
    COORDINATION = "coordination", "Coordination de conseillers numériques"
    HUB = "hub", "Équipe d’un hub territorial"
    ETAT = "etat", "Préfecture, service ou opérateur de l’État"
    ELU = "elu", "Mandat local"
    COLLECTIVITE = "collectivite", "Services d’une collectivité"
    AIDE = "aide", "Accompagnement social ou aide aux démarches"
    DIRECTION = "direction", "Direction d’une structure"
    FORMATION = "formation", "Formation"
    AUTRE = "autre", "Autre"


class Need(models.TextChoices):
    """What a person expects of the network (the network's questionnaire)."""

    COMPETENCES = "competences", "Aide et montée en compétence"
    ACTUALITE = "actualite", "Être informé de l’actualité et de la vie du réseau"
    ORIENTATION = "orientation", "Orienter les publics"
    AUTRE = "autre", "Autre"


class Contribution(models.TextChoices):
    """What a person would bring to the network (the network's questionnaire)."""

    OFFRE = "offre", "Partage de l’offre de service"
    RETOURS = "retours", "Retours d’expérience"
    CONTENUS = "contenus", "Contenus pédagogiques"
    ACCUEIL = "accueil", "Accueil de réunion"
    AUTRE = "autre", "Autre"


class MeetingFrequency(models.TextChoices):
    MONTH = "1", "Tous les mois"
    TWO_MONTHS = "2", "Tous les deux mois"
    THREE_MONTHS = "3", "Tous les trois mois"
    OTHER = "autre", "Autre"


class Interest(models.TextChoices):
    UNKNOWN = "nsp", "Ne sait pas"
    LITTLE = "peu", "Peu"
    SOME = "moyen", "Moyennement"
    MUCH = "tres", "Très"


class Shown(models.TextChoices):
    """To whom a person shows one thing of theirs in the directory. Nobody, until they choose otherwise."""

    NOBODY = "personne", "À personne"
    STAFF = "equipes", "Aux équipes qui animent mon territoire"
    NETWORK = "reseau", "Aux membres du réseau de mon territoire"
