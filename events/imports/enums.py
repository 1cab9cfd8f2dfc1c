"""Vocabulary of imports."""

from django.db import models


class SourceKind(models.TextChoices):
    """The format of what a source gives."""

    ICS = "ics", "Calendrier (.ics)"
    OPENAGENDA = "openagenda", "OpenAgenda (.json)"
    CSV = "csv", "Tableau (.csv)"


class RunState(models.TextChoices):
    """Where a run stands. ``REFUSED``: nothing was tried, by right or because another was at it."""

    WAITING = "waiting", "En attente"
    RUNNING = "running", "En cours"
    DONE = "done", "Terminé"
    UNCHANGED = "unchanged", "Rien de nouveau à la source"
    FAILED = "failed", "Échec"
    REFUSED = "refused", "Refusé"


#: States that a run does not leave.
OVER = (RunState.DONE, RunState.UNCHANGED, RunState.FAILED, RunState.REFUSED)


class Outcome(models.TextChoices):
    """What became of one date of the source."""

    CREATED = "created", "Créé"
    UPDATED = "updated", "Mis à jour"
    CANCELLED = "cancelled", "Annulé"
    VANISHED = "vanished", "Disparu de la source"
    UNCHANGED = "unchanged", "Inchangé"
    SKIPPED = "skipped", "Laissé de côté"
    REJECTED = "rejected", "Refusé"


#: Outcomes that change the agenda.
CHANGES = (Outcome.CREATED, Outcome.UPDATED, Outcome.CANCELLED)
