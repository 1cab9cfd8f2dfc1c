"""Vocabulary of dossiers. A state has one label an audience, and one sentence on what comes next."""

from __future__ import annotations

from typing import Final

from django.db import models


class Kind(models.TextChoices):
    """What a dossier type is for: what the field calls it, and which rules of the field hold for it."""

    GOVERNANCE = "gouvernance", "Gouvernance"
    ROADMAP = "feuille-de-route", "Feuille de route"
    GRANT = "subvention", "Demande de subvention"
    NEEDS = "besoins", "Besoins en ingénierie"
    APPLICATION = "candidature", "Candidature"
    CONTRIBUTION = "contribution", "Contribution libre"


class State(models.TextChoices):
    """Where a dossier stands. The labels are those of instruction; the organisation reads :data:`DEPOSITOR_LABELS`."""

    DRAFT = "brouillon", "Brouillon"
    DEPOSITED = "depose", "À prendre en instruction"
    INSTRUCTION = "en_instruction", "En instruction"
    INCOMPLETE = "a_completer", "En attente de compléments"
    ACCEPTED = "accepte", "Accepté"
    REFUSED = "refuse", "Refusé"
    DROPPED = "sans_suite", "Classé sans suite"
    WITHDRAWN = "retire", "Retiré"


#: Nothing is decided any more, but a second person may reopen.
FINAL: Final = frozenset({State.ACCEPTED, State.REFUSED, State.DROPPED})
#: With the instructing service or the organisation: what holds a perimeter and waits for somebody.
OPEN: Final = frozenset({State.DEPOSITED, State.INSTRUCTION, State.INCOMPLETE})
#: What keeps its communes to itself.
CLAIMING: Final = OPEN | {State.ACCEPTED}
CLOSED: Final = FINAL | {State.WITHDRAWN}

DEPOSITOR_LABELS: Final[dict[State, str]] = {
    State.DRAFT: "Brouillon",
    State.DEPOSITED: "Déposé",
    State.INSTRUCTION: "En cours d’instruction",
    State.INCOMPLETE: "À compléter",
    State.ACCEPTED: "Accepté",
    State.REFUSED: "Refusé",
    State.DROPPED: "Classé sans suite",
    State.WITHDRAWN: "Retiré par votre organisation",
}

#: « Et maintenant ? », for the organisation and for the instructing service.
DEPOSITOR_NEXT: Final[dict[State, str]] = {
    State.DRAFT: "Complétez le formulaire, puis déposez : le service instructeur ne voit rien avant.",
    State.DEPOSITED: "Le service instructeur va prendre votre dossier en instruction. Vous serez prévenu par e-mail.",
    State.INSTRUCTION: "Le service instructeur étudie votre dossier. Vous serez prévenu de sa décision par e-mail.",
    State.INCOMPLETE: "Répondez aux demandes du service instructeur avant la date indiquée.",
    State.ACCEPTED: "Votre dossier est accepté. La décision est à télécharger ci-dessous.",
    State.REFUSED: "Votre dossier est refusé. La décision, avec son motif et les voies de recours, est ci-dessous.",
    State.DROPPED: "Votre dossier est clos sans décision sur le fond. Le motif est indiqué ci-dessous.",
    State.WITHDRAWN: "Votre organisation a retiré ce dossier. Vous pouvez en commencer un autre.",
}
INSTRUCTOR_NEXT: Final[dict[State, str]] = {
    State.DRAFT: "L’organisation n’a pas encore déposé ce dossier.",
    State.DEPOSITED: "Prenez le dossier en instruction, ou demandez d’abord des compléments.",
    State.INSTRUCTION: "Étudiez le dossier, demandez compléments et avis, puis proposez une décision.",
    State.INCOMPLETE: "L’organisation doit répondre à vos demandes ; les relances partent d’elles-mêmes.",
    State.ACCEPTED: "La décision est notifiée. Une seconde personne peut rouvrir le dossier avec un motif.",
    State.REFUSED: "La décision est notifiée. Une seconde personne peut rouvrir le dossier avec un motif.",
    State.DROPPED: "Le classement est notifié. Une seconde personne peut rouvrir le dossier avec un motif.",
    State.WITHDRAWN: "L’organisation a retiré ce dossier : il n’y a plus rien à faire.",
}


class FieldKind(models.TextChoices):
    """The kinds of fields of a form (docs/dossier-fields.md)."""

    TEXT = "texte", "Texte court"
    LONG_TEXT = "texte-long", "Texte long"
    INTEGER = "entier", "Nombre entier"
    MONEY = "montant", "Montant en euros"
    DATE = "date", "Date"
    BOOLEAN = "oui-non", "Oui ou non"
    CHOICE = "choix", "Un choix"
    CHOICES = "choix-multiples", "Plusieurs choix"
    TERRITORY = "territoire", "Territoire"
    PERIMETER = "perimetre", "Périmètre (groupe d’intercommunalités ou de communes)"
    SIRET = "siret", "SIRET ou RIDET"
    EMAIL = "e-mail", "Adresse e-mail"
    PHONE = "telephone", "Téléphone"
    TABLE = "tableau", "Tableau"
    PIECE = "piece", "Pièces jointes"
    EXPLANATION = "explication", "Explication"
    HEADING = "titre", "Titre de partie"


class FieldRole(models.TextChoices):
    """What a field means to the rules of the field, whatever its label."""

    NONE = "", "Aucun"
    TITLE = "intitule", "Intitulé du dossier"
    AMOUNT = "montant-demande", "Montant demandé"
    PERIMETER = "perimetre", "Périmètre de la feuille de route"
    AXES = "axes", "Axes, objectifs, actions et pilotes"
    SCENARIO = "scenario", "Scénario de la gouvernance"
    CARRIES = "portage", "Souhaite porter ou participer"
    CONTACT_NAME = "contact-nom", "Nom du contact"
    CONTACT_EMAIL = "contact-e-mail", "Adresse e-mail du contact"
    CONTACT_PHONE = "contact-telephone", "Téléphone du contact"
    PUBLIC_TEXT = "texte-public", "Texte repris sur la page publiée"


class Scenario(models.TextChoices):
    """The three ways a département organises its roadmaps (FNE)."""

    SINGLE = "departementale", "Une feuille de route départementale"
    MIXED = "departementale-et-infra", "Une départementale et plusieurs infra-départementales"
    INFRA = "plusieurs-infra", "Plusieurs infra-départementales couvrant tout le département"


class Carrying(models.TextChoices):
    """How an applicant takes part in a gouvernance."""

    CARRY = "porter", "Souhaite porter"
    TAKE_PART = "participer", "Souhaite participer"
    SUGGESTED = "suggere", "Est suggéré"


class Action(models.TextChoices):
    """What may be done to a dossier's state (:mod:`dossiers.rules`)."""

    DEPOSIT = "deposer", "Déposer"
    WITHDRAW = "retirer", "Retirer"
    TAKE = "prendre", "Prendre en instruction"
    REQUEST = "demander_complements", "Demander des compléments"
    ANSWER = "repondre", "Répondre"
    EXPIRE = "constater_depassement", "Constater le dépassement"
    PROPOSE = "proposer", "Proposer une décision"
    SEND_BACK = "renvoyer", "Renvoyer la proposition"
    ACCEPT = "accepter", "Accepter"
    REFUSE = "refuser", "Refuser"
    DROP = "classer", "Classer sans suite"
    REOPEN = "rouvrir", "Rouvrir"


class EventKind(models.TextChoices):
    """What the log of a dossier tells. A transition is logged under its action's own name."""

    CREATED = "cree", "Dossier commencé"
    EDITED = "modifie", "Formulaire modifié"
    MOVED_TO_VERSION = "version", "Passage à une nouvelle version du formulaire"
    DEPOSITED = "deposer", "Dossier déposé"
    WITHDRAWN = "retirer", "Dossier retiré"
    TAKEN = "prendre", "Pris en instruction"
    REQUESTED = "demander_complements", "Compléments demandés"
    ITEM_ANSWERED = "complement_saisi", "Complément saisi"
    ANSWERED = "repondre", "Compléments transmis"
    EXPIRED = "constater_depassement", "Échéance des compléments dépassée"
    PROPOSED = "proposer", "Décision proposée"
    SENT_BACK = "renvoyer", "Proposition renvoyée"
    ACCEPTED = "accepter", "Dossier accepté"
    REFUSED = "refuser", "Dossier refusé"
    DROPPED = "classer", "Dossier classé sans suite"
    REOPENED = "rouvrir", "Dossier rouvert"
    ASSIGNED = "affecte", "Dossier confié"
    REASSIGNED = "reaffecte", "Dossier transmis à un autre service"
    LABELLED = "etiquettes", "Étiquettes modifiées"
    PIECE_ADDED = "piece_ajoutee", "Pièce ajoutée"
    PIECE_REPLACED = "piece_remplacee", "Pièce remplacée"
    PIECE_REMOVED = "piece_retiree", "Pièce retirée"
    FILE_REFUSED = "fichier_refuse", "Fichier refusé"
    FILE_INFECTED = "fichier_infecte", "Fichier écarté par l’antivirus"
    DOWNLOADED = "telecharge", "Fichier téléchargé"
    #: By who instructs or advises: that an avis was asked for must not be read off the downloads.
    READ_INSIDE = "telecharge_instruction", "Fichier téléchargé pour l’instruction"
    #: Of a note or an avis, of which the organisation knows nothing.
    INFECTED_INSIDE = "fichier_infecte_interne", "Fichier interne écarté par l’antivirus"
    MESSAGE = "message", "Message envoyé"
    NOTE = "note", "Note interne"
    MESSAGE_WITHDRAWN = "message_retire", "Message retiré"
    OPINION_ASKED = "avis_demande", "Avis demandé"
    OPINION_GIVEN = "avis_rendu", "Avis rendu"
    OPINION_REVOKED = "avis_annule", "Demande d’avis annulée"
    INVITED = "invite", "Personne invitée"
    JOINED = "invitation_acceptee", "Invitation acceptée"
    UNINVITED = "invitation_annulee", "Invitation annulée"
    DOCUMENT = "document", "Document produit"
    EXPORTED = "exporte", "Dossier exporté"
    PUBLISHED = "publie", "Page publiée"
    UNPUBLISHED = "depublie", "Page retirée"
    BINNED = "corbeille", "Mis à la corbeille"
    RESTORED = "restaure", "Repris de la corbeille"


#: What the organisation does not see in the history: the instructing service's own kitchen.
INTERNAL_EVENTS: Final = frozenset(
    {
        EventKind.PROPOSED,
        EventKind.SENT_BACK,
        EventKind.LABELLED,
        EventKind.NOTE,
        EventKind.OPINION_ASKED,
        EventKind.OPINION_GIVEN,
        EventKind.OPINION_REVOKED,
        EventKind.READ_INSIDE,
        EventKind.INFECTED_INSIDE,
        EventKind.EXPORTED,
    }
)


class Side(models.TextChoices):
    """From which side somebody acts on a dossier."""

    ORGANISATION = "organisation", "Organisation"
    INSTRUCTION = "instruction", "Service instructeur"
    OPINION = "avis", "Avis"
    SYSTEM = "portail", "Portail"


class InvitationRight(models.TextChoices):
    """What somebody invited on one dossier may do; each holds the former."""

    VIEW = "lire", "Lire"
    COMMENT = "commenter", "Commenter"
    EDIT = "modifier", "Modifier"


class RequestState(models.TextChoices):
    """Where a request for complements stands."""

    OPEN = "ouverte", "En attente de réponse"
    ANSWERED = "repondue", "Répondue"
    EXPIRED = "depassee", "Échéance dépassée"
    CANCELLED = "annulee", "Annulée"


class OpinionState(models.TextChoices):
    """Where an avis stands."""

    ASKED = "demande", "Demandé"
    GIVEN = "rendu", "Rendu"
    REVOKED = "annule", "Annulé"


class OpinionView(models.TextChoices):
    """What an avis concludes."""

    FAVOURABLE = "favorable", "Favorable"
    RESERVED = "reserve", "Favorable avec réserves"
    UNFAVOURABLE = "defavorable", "Défavorable"
    NONE = "sans-objet", "Sans objet"


class DecisionState(models.TextChoices):
    """Where a decision stands. ``FINAL`` is in force; a reopened dossier keeps it as ``LAPSED``."""

    PROPOSED = "proposee", "Proposée"
    SENT_BACK = "renvoyee", "Renvoyée"
    FINAL = "en-vigueur", "En vigueur"
    LAPSED = "caduque", "Caduque"


class DocumentKind(models.TextChoices):
    """The documents that the portal draws up."""

    RECEIPT = "recepisse", "Récépissé de dépôt"
    FULL = "dossier", "Dossier complet"
    DECISION = "decision", "Décision"


class BatchAct(models.TextChoices):
    """What may be done to several dossiers at once. Decisions with an amount are taken one by one."""

    TAKE = "prendre", "Prendre en instruction"
    ASSIGN = "confier", "Confier à une personne"
    LABEL = "etiqueter", "Ajouter une étiquette"
    UNLABEL = "retirer-etiquette", "Retirer une étiquette"
    ACCEPT = "accepter", "Accepter"
    REFUSE = "refuser", "Refuser"
    DROP = "classer", "Classer sans suite"


class ExportFormat(models.TextChoices):
    XLSX = "xlsx", "Tableur (XLSX)"
    CSV = "csv", "CSV"
    ODS = "ods", "Tableur (ODS)"
    ZIP = "zip", "Archive (pièces, documents et liste)"


class ExportState(models.TextChoices):
    WAITING = "en-attente", "En attente"
    RUNNING = "en-cours", "En cours"
    DONE = "pret", "Prêt"
    FAILED = "echec", "En échec"
    EXPIRED = "expire", "Expiré"
