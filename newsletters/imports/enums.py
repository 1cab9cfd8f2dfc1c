"""States and vocabularies of imports of subscribers."""

from django.db import models


class ImportState(models.TextChoices):
    """``columns → checking → checked → running → done → undoing → undone``; ``refused`` is a file that cannot be read,
    ``abandoned`` one that nobody imported."""

    COLUMNS = "columns", "Colonnes à vérifier"
    CHECKING = "checking", "Vérification en cours"
    CHECKED = "checked", "Vérifié, rien n’est encore importé"
    RUNNING = "running", "Import en cours"
    DONE = "done", "Importé"
    UNDOING = "undoing", "Annulation en cours"
    UNDONE = "undone", "Annulé"
    REFUSED = "refused", "Fichier refusé"
    ABANDONED = "abandoned", "Abandonné"


#: States in which a process is at work, or should be.
BUSY = (ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING)
#: States from which nothing was written to the list yet.
BEFORE = (ImportState.COLUMNS, ImportState.CHECKING, ImportState.CHECKED, ImportState.REFUSED)


class Outcome(models.TextChoices):
    """What becomes of a row. The first two are subscribed to the list; nothing else is."""

    NEW = "new", "Nouvelle adresse"
    UPDATED = "updated", "Adresse déjà connue de ce territoire, à abonner"
    ALREADY = "already", "Déjà abonnée"
    DUPLICATE = "duplicate", "En double dans le fichier"
    INVALID = "invalid", "Adresse inutilisable"
    SUPPRESSED = "suppressed", "Exclue des envois"
    LEFT = "left", "S’est désabonnée : jamais réabonnée"
    TYPO = "typo", "Faute de frappe probable : mise de côté"


#: Rows that are subscribed.
TAKEN = (Outcome.NEW, Outcome.UPDATED)


class Basis(models.TextChoices):
    """On what ground these people are written to (GDPR, article 6)."""

    FORM = "form", "Consentement donné dans un formulaire, en ligne ou sur papier"
    EVENT = "event", "Consentement donné lors d’un événement"
    FORMER_LIST = "former_list", "Consentement déjà donné à une lettre du même organisme"
    MISSION = "mission", "Agents et partenaires, dans le cadre d’une mission d’intérêt public"
    PROFESSIONAL = "professional", "Adresses professionnelles, en rapport avec leur fonction (intérêt légitime)"


class Typos(models.TextChoices):
    """What is done of addresses whose domain looks mistyped."""

    HOLD = "hold", "Les mettre de côté"
    CORRECT = "correct", "Les importer corrigées"
    KEEP = "keep", "Les importer telles qu’elles sont écrites"


class Column(models.TextChoices):
    """What a column of the file may hold."""

    ADDRESS = "address", "Adresse e-mail"
    NAME = "name", "Prénom et nom"
    FIRST_NAME = "first_name", "Prénom"
    LAST_NAME = "last_name", "Nom"
    ORGANISATION = "organisation", "Structure"
    ORGANISATION_KIND = "organisation_kind", "Type de structure"
    TERRITORY = "territory", "Territoire"


class Fate(models.IntegerChoices):
    """What became of a subscribed row when its import was taken back."""

    STANDS = 0, "En place"
    ENDED = 1, "Abonnement retiré"
    KEPT = 2, "Gardé : la personne a agi elle-même depuis"
    HAD_LEFT = 3, "S’était désabonnée entre-temps"
