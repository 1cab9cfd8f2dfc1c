"""Value lists of contribution and moderation. Each state carries the label its reader sees."""

from __future__ import annotations

from django.db import models


class ProposalKind(models.TextChoices):
    """What may be proposed from the front office."""

    NEWS = "news", "Actualité"
    EVENT = "event", "Événement"
    RESOURCE = "resource", "Ressource"
    INITIATIVE = "initiative", "Initiative"
    CORRECTION = "correction", "Correction"


class ProposalState(models.TextChoices):
    """Where a proposal stands, as its author reads it."""

    DRAFT = "draft", "Brouillon"
    SUBMITTED = "submitted", "En relecture"
    CHANGES_REQUESTED = "changes_requested", "À compléter"
    PUBLISHED = "published", "Publiée"
    REFUSED = "refused", "Refusée"
    WITHDRAWN = "withdrawn", "Retirée"


class ReviewOrigin(models.TextChoices):
    """Where what waits comes from."""

    PROPOSAL = "proposal", "Contribution"
    EDITION = "edition", "Rédaction"
    CORRECTION = "correction", "Correction d’un lecteur"


class ReviewState(models.TextChoices):
    """Where a review stands, as moderators read it."""

    WAITING = "waiting", "À relire"
    CHANGES_REQUESTED = "changes_requested", "Changements demandés"
    APPROVED = "approved", "Approuvée"
    REFUSED = "refused", "Refusée"
    CANCELLED = "cancelled", "Annulée"


OPEN_REVIEWS = (ReviewState.WAITING, ReviewState.CHANGES_REQUESTED)


class ReportReason(models.TextChoices):
    """Why a reader reports a page."""

    INAPPROPRIATE = "inappropriate", "Inapproprié"
    OBSOLETE = "obsolete", "Obsolète"
    ERRORS = "errors", "Erreurs"
    DUPLICATE = "duplicate", "Doublon"


class ReportState(models.TextChoices):
    """Where a reader's report stands, as editors read it."""

    OPEN = "open", "À traiter"
    HANDLED = "handled", "Traité"
    REJECTED = "rejected", "Sans suite"
