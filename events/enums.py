"""Vocabulary of events, as the field uses it. Editable enumerations are snippets in :mod:`portal.core.models`."""

from django.db import models


class Mode(models.TextChoices):
    """How one takes part."""

    SUR_PLACE = "sur_place", "Sur place"
    EN_LIGNE = "en_ligne", "En ligne"
    HYBRIDE = "hybride", "Hybride (sur place et en ligne)"


class Status(models.TextChoices):
    """Where an event stands. Always shown as text; schema.org and iCalendar equivalents in :mod:`events.rules`."""

    PROGRAMME = "programme", "Programmé"
    REPROGRAMME = "reprogramme", "Reprogrammé"
    PASSE_EN_LIGNE = "passe_en_ligne", "Passé en ligne"
    REPORTE = "reporte", "Reporté"
    COMPLET = "complet", "Complet"
    ANNULE = "annule", "Annulé"


class Format(models.TextChoices):
    WEBINAIRE = "webinaire", "Webinaire"
    SALON = "salon", "Salon"
    RENCONTRE = "rencontre", "Rencontre"
    REUNION = "reunion", "Réunion"
    ATELIER = "atelier", "Atelier"
    FORMATION = "formation", "Formation"
    JOURNEE = "journee", "Journée d’inclusion numérique"
    NEC_NATIONAL = "nec_national", "NEC (Numérique en Commun[s]) national"
    NEC_LOCAL = "nec_local", "NEC (Numérique en Commun[s]) local"
    GRAND_PUBLIC = "grand_public", "Événement grand public"
    AUTRE = "autre", "Autre"


class OrganiserKind(models.TextChoices):
    STRUCTURE = "structure", "Structure"
    COMMUNE = "commune", "Commune"
    EPCI = "epci", "EPCI"
    DEPARTEMENT = "departement", "Département"
    REGION = "region", "Région"
    ASSOCIATION = "association", "Association"
    ENTREPRISE = "entreprise", "Entreprise"
    HUB = "hub", "Hub"
    ETAT = "etat", "État (préfecture, ANCT, opérateur)"
    GROUPEMENT = "groupement", "Groupement"
    AUTRE = "autre", "Autre"


class AnimationType(models.TextChoices):
    """What sort of moment of the network's life, for events that are one."""

    ASSEMBLEE = "assemblee", "Assemblée ou présentation officielle"
    COMITE = "comite", "Comité technique ou de pilotage"
    GROUPE = "groupe", "Groupe de travail"
    ECHANGE = "echange", "Moment d’échange"
    COORDINATION = "coordination", "Réunion de coordination"
    WEBINAIRE = "webinaire", "Webinaire"
    AUTRE = "autre", "Autre"


class Level(models.TextChoices):
    DEBUTANT = "debutant", "Débutant"
    INTERMEDIAIRE = "intermediaire", "Intermédiaire"
    AVANCE = "avance", "Avancé"


class Language(models.TextChoices):
    """Language spoken; the value is its BCP 47 tag."""

    FRANCAIS = "fr", "Français"
    LSF = "fsl", "Langue des signes française"
    ANGLAIS = "en", "Anglais"
    ALLEMAND = "de", "Allemand"
    ESPAGNOL = "es", "Espagnol"
    BASQUE = "eu", "Basque"
    BRETON = "br", "Breton"
    CORSE = "co", "Corse"
    OCCITAN = "oc", "Occitan"
    CREOLE_ANTILLAIS = "gcf", "Créole guadeloupéen et martiniquais"
    CREOLE_GUYANAIS = "gcr", "Créole guyanais"
    CREOLE_REUNIONNAIS = "rcf", "Créole réunionnais"
    SHIMAORE = "swb", "Shimaoré"
    TAHITIEN = "ty", "Tahitien"


class Access(models.TextChoices):
    """Provisions for accessibility; the value is the name of the page's boolean field."""

    WHEELCHAIR = "wheelchair", "Accès PMR"
    SIGN_LANGUAGE = "sign_language", "Interprétation en LSF"
    CAPTIONS = "captions", "Sous-titrage"
    TRANSCRIPT = "transcript", "Transcription"
    HEARING_LOOP = "hearing_loop", "Boucle magnétique"
    EASY_READ = "easy_read", "Facile à lire et à comprendre (FALC)"


class Zone(models.TextChoices):
    """The fifteen time zones of France; the label says whose hour it is."""

    PARIS = "Europe/Paris", "heure de Paris"
    GUADELOUPE = "America/Guadeloupe", "heure de la Guadeloupe"
    MARTINIQUE = "America/Martinique", "heure de la Martinique"
    GUYANE = "America/Cayenne", "heure de la Guyane"
    REUNION = "Indian/Reunion", "heure de La Réunion"
    MAYOTTE = "Indian/Mayotte", "heure de Mayotte"
    MIQUELON = "America/Miquelon", "heure de Saint-Pierre-et-Miquelon"
    SAINT_BARTHELEMY = "America/St_Barthelemy", "heure de Saint-Barthélemy"
    SAINT_MARTIN = "America/Marigot", "heure de Saint-Martin"
    KERGUELEN = "Indian/Kerguelen", "heure des Kerguelen"
    WALLIS = "Pacific/Wallis", "heure de Wallis-et-Futuna"
    TAHITI = "Pacific/Tahiti", "heure de Tahiti"
    MARQUISES = "Pacific/Marquesas", "heure des Marquises"
    GAMBIER = "Pacific/Gambier", "heure des Gambier"
    NOUMEA = "Pacific/Noumea", "heure de la Nouvelle-Calédonie"


class Frequency(models.TextChoices):
    """How a series comes back; RFC 5545 equivalents in :mod:`events.series`."""

    WEEKLY = "weekly", "Chaque semaine, certains jours"
    MONTHLY_DAY = "monthly_day", "Chaque mois, le même quantième"
    MONTHLY_NTH = "monthly_nth", "Chaque mois, le même jour de semaine (« 2e jeudi »)"


class Weekday(models.TextChoices):
    """Days of the week; the value is RFC 5545's."""

    MONDAY = "MO", "Lundi"
    TUESDAY = "TU", "Mardi"
    WEDNESDAY = "WE", "Mercredi"
    THURSDAY = "TH", "Jeudi"
    FRIDAY = "FR", "Vendredi"
    SATURDAY = "SA", "Samedi"
    SUNDAY = "SU", "Dimanche"


class RegistrationKind(models.TextChoices):
    """How one registers."""

    NONE = "none", "Sans inscription"
    INTERNAL = "internal", "Sur le portail"
    EXTERNAL = "external", "Par un lien extérieur"


class Attending(models.TextChoices):
    """How somebody registered takes part: each way has its own seats."""

    ON_SITE = "on_site", "Sur place"
    ONLINE = "online", "En ligne"


class RegistrationState(models.TextChoices):
    """Where a registration stands. Those of :data:`HOLDING` hold a seat."""

    PENDING = "pending", "À valider"
    CONFIRMED = "confirmed", "Confirmée"
    WAITING = "waiting", "Sur liste d’attente"
    OFFERED = "offered", "Place proposée"
    EXPIRED = "expired", "Proposition expirée"
    REFUSED = "refused", "Refusée"
    CANCELLED = "cancelled", "Annulée"


#: States that hold a seat: one that waits for approval, or was offered, is nobody else's.
HOLDING = (RegistrationState.PENDING, RegistrationState.CONFIRMED, RegistrationState.OFFERED)
#: States in which a person is registered, with a seat or waiting for one: one such registration an address.
ACTIVE = (*HOLDING, RegistrationState.WAITING)


class QuestionKind(models.TextChoices):
    """What an organiser may ask at registration."""

    TEXT = "text", "Réponse courte"
    LONG = "long", "Réponse longue"
    CHOICE = "choice", "Un choix"
    SEVERAL = "several", "Plusieurs choix"
    YES_NO = "yes_no", "Case à cocher"


class EventMailKind(models.TextChoices):
    """What people registered are written. Reminders are in the order they are sent."""

    CONFIRMED = "confirmed", "Confirmation"
    PENDING = "pending", "Demande reçue"
    WAITING = "waiting", "Liste d’attente"
    OFFER = "offer", "Place proposée"
    OFFER_EXPIRED = "offer_expired", "Proposition expirée"
    REFUSED = "refused", "Refus"
    WITHDRAWN = "withdrawn", "Désinscription"
    MODIFIED = "modified", "Inscription modifiée"
    OCCURRENCE_MOVED = "moved", "Changement de date, d’heure ou de lieu"
    OCCURRENCE_CANCELLED = "called_off", "Annulation"
    WEEK_BEFORE = "j7", "Rappel, une semaine avant"
    DAY_BEFORE = "j1", "Rappel, la veille"
    HOUR_BEFORE = "h1", "Rappel, une heure avant"
    AFTERWARDS = "after", "Après l’événement"
    CERTIFICATE = "certificate", "Attestation de présence"
    MESSAGE = "message", "Message des organisateurs"


#: Those sent as the date comes near, or has passed.
REMINDERS = (
    EventMailKind.WEEK_BEFORE,
    EventMailKind.DAY_BEFORE,
    EventMailKind.HOUR_BEFORE,
    EventMailKind.AFTERWARDS,
)


class EventMailState(models.TextChoices):
    """Where a mail of the ledger stands; ``SENDING`` is written just before the relay is given it."""

    WAITING = "waiting", "À envoyer"
    SENDING = "sending", "En cours d’envoi"
    SENT = "sent", "Envoyé"
    SKIPPED = "skipped", "Sans objet"
    UNSURE = "unsure", "Envoi interrompu"
    GIVEN_UP = "given_up", "Abandonné"
