"""States and vocabularies of lists, subscriptions and consent."""

from django.db import models


class Visibility(models.TextChoices):
    PUBLIC = "public", "Publique : chacun peut la voir et s’y abonner"
    PRIVATE = "private", "Privée : seule son équipe la voit et y inscrit"


class OptIn(models.TextChoices):
    DOUBLE = "double", "Double : l’adresse est confirmée par un message"
    SINGLE = "single", "Simple : l’abonnement vaut dès la demande"


class Frequency(models.TextChoices):
    WEEKLY = "weekly", "Hebdomadaire"
    FORTNIGHTLY = "fortnightly", "Toutes les deux semaines"
    MONTHLY = "monthly", "Mensuelle"
    QUARTERLY = "quarterly", "Trimestrielle"
    IRREGULAR = "irregular", "Selon l’actualité"


class SubscriptionState(models.TextChoices):
    """``pending`` waits for the confirmation of its address; nothing is ever sent to it but that question."""

    PENDING = "pending", "À confirmer"
    ACTIVE = "active", "Abonnement en cours"
    UNSUBSCRIBED = "unsubscribed", "Désabonnement"


class Purpose(models.TextChoices):
    """What a consent is for; each is given and withdrawn by itself."""

    LETTER = "letter", "Recevoir la lettre"
    TRACKING = "tracking", "Mesure des ouvertures et des clics"


class ConsentAction(models.TextChoices):
    REQUESTED = "requested", "Demandé, à confirmer"
    GIVEN = "given", "Donné"
    WITHDRAWN = "withdrawn", "Retiré"


class Source(models.TextChoices):
    """By which door a consent came."""

    FORM = "form", "Formulaire"
    LINK = "link", "Lien d’un message"
    IMPORT = "import", "Import"
    API = "api", "Interface de programmation"
    ADMIN = "admin", "Administration"
    PREFERENCES = "centre", "Page des préférences"
    BOUNCE = "bounce", "Message revenu ou plainte"
    ERASURE = "erasure", "Effacement des données"
    INACTIVITY = "inactivity", "Trois ans sans contact"


class SuppressionReason(models.TextChoices):
    BOUNCE = "bounce", "Adresse inexistante"
    COMPLAINT = "complaint", "Plainte"
    ERASURE = "erasure", "Effacement demandé"
    MANUAL = "manual", "Décision de l’équipe"

    @property
    def blocks_confirmation(self) -> bool:
        """Whether even a confirmation asked for from the address is not sent. Who was erased may come back."""
        return self != SuppressionReason.ERASURE

    @property
    def source(self) -> Source:
        """By which door the consents that it ends are withdrawn."""
        return {"manual": Source.ADMIN, "erasure": Source.ERASURE}.get(self.value, Source.BOUNCE)

    def outweighs(self, other: str) -> bool:
        """Whether it takes the place of ``other``, which the address has already: never with a weaker one."""
        order = [self.ERASURE, self.MANUAL, self.BOUNCE, self.COMPLAINT]
        return order.index(self) >= order.index(SuppressionReason(other))


class CampaignState(models.TextChoices):
    """``draft → scheduled → running ⇄ paused → finished``, or ``cancelled`` from anywhere before the end."""

    DRAFT = "draft", "En préparation"
    SCHEDULED = "scheduled", "Programmé"
    RUNNING = "running", "En cours"
    PAUSED = "paused", "En pause"
    FINISHED = "finished", "Terminé"
    CANCELLED = "cancelled", "Annulé"


class PauseReason(models.TextChoices):
    """Why a campaign is paused. Whatever the reason, a person resumes it."""

    PERSON = "person", "Mis en pause par une personne"
    ERRORS = "errors", "Trop d’erreurs : mis en pause automatiquement"
    TRANSPORT = "transport", "Le service d’envoi ne répond plus : mis en pause automatiquement"


class DeliveryState(models.TextChoices):
    """What became of one person's copy. ``sending`` was given to the transport and is not answered yet; whoever dies
    then leaves ``unknown``, which is never sent again by itself."""

    WAITING = "waiting", "En attente"
    SENDING = "sending", "En cours d’envoi"
    UNKNOWN = "unknown", "Incertain"
    ACCEPTED = "accepted", "Envoyé"
    DELIVERED = "delivered", "Remis"
    BOUNCED = "bounced", "Revenu"
    FAILED = "failed", "Refusé"
    SKIPPED = "skipped", "Non envoyé"

    @property
    def is_sent(self) -> bool:
        """Whether a server took charge of the message."""
        return self in (DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.BOUNCED)


class SkipReason(models.TextChoices):
    """Why a copy was not sent though its person was in the snapshot."""

    UNSUBSCRIBED = "unsubscribed", "Désabonné entre-temps"
    SUPPRESSED = "suppressed", "Adresse exclue"
    UNREACHABLE = "unreachable", "Adresse qui ne répond plus"
    PAUSED = "paused", "Abonnement en pause"
    ERASED = "erased", "Données effacées"
    CANCELLED = "cancelled", "Envoi annulé"


class EventKind(models.TextChoices):
    """What is heard of a copy after it was sent, from a provider's webhook, a returned message or a complaint."""

    ACCEPTED = "accepted", "Pris en charge"
    DELIVERED = "delivered", "Remis"
    DEFERRED = "deferred", "Retardé"
    HARD_BOUNCE = "hard_bounce", "Revenu : adresse inexistante"
    SOFT_BOUNCE = "soft_bounce", "Revenu : temporairement"
    REJECTED = "rejected", "Refusé par le prestataire"
    COMPLAINED = "complained", "Plainte"
    UNSUBSCRIBED = "unsubscribed", "Désabonnement"
    OPENED = "opened", "Ouvert"
    CLICKED = "clicked", "Lien suivi"


class DigestRhythm(models.TextChoices):
    WEEKLY = "weekly", "Chaque semaine"
    MONTHLY = "monthly", "Chaque mois"


class MailKind(models.TextChoices):
    """The messages of a person's own that the portal writes by itself."""

    WELCOME = "welcome", "Bienvenue sur une liste"
    STAY = "stay", "Souhaitez-vous rester ?"
    LINK = "link", "Lien vers ses préférences"
    CHANGE = "change", "Confirmation d’une nouvelle adresse"


class MailState(models.TextChoices):
    """``sending`` was given to the relay and is not answered yet; whoever dies then leaves ``unsure``: never twice."""

    WAITING = "waiting", "En attente"
    SENDING = "sending", "En cours d’envoi"
    SENT = "sent", "Envoyé"
    UNSURE = "unsure", "Incertain"
    SKIPPED = "skipped", "Sans objet"
    GIVEN_UP = "given_up", "Abandonné"
