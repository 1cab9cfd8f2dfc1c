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


class SuppressionReason(models.TextChoices):
    BOUNCE = "bounce", "Adresse inexistante"
    COMPLAINT = "complaint", "Plainte"
    ERASURE = "erasure", "Effacement demandé"
    MANUAL = "manual", "Décision de l’équipe"

    @property
    def blocks_confirmation(self) -> bool:
        """Whether even a confirmation asked for from the address is not sent. Who was erased may come back."""
        return self != SuppressionReason.ERASURE
