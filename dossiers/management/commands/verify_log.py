"""Is the log of every dossier whole? After a restore, or from time to time."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from dossiers.journal import faults
from dossiers.models import Dossier

#: Dossiers held in memory at once; the events of one are read as they come.
CHUNK = 500


class Command(BaseCommand):
    help = "Compare the log of every dossier with its chain of fingerprints. Exit code 1 where one does not hold."

    def handle(self, **options: Any) -> None:
        looked_at = broken = 0
        columns = ("pk", "number", "state", "last_event_number", "last_event_hash")
        for dossier in Dossier.objects.order_by("pk").only(*columns).iterator(chunk_size=CHUNK):
            looked_at += 1
            # Somebody may have acted between the two readings: only what is found under the lock is a fault.
            found = faults_of(dossier) if any(faults(dossier)) else []
            broken += bool(found)
            for fault in found:
                self.stdout.write(f"{dossier.pk} {dossier.number or '-'}: {fault}")
        if broken:
            raise CommandError(f"The log of {broken} dossier(s) out of {looked_at} does not hold.")
        self.stdout.write(f"The log of {looked_at} dossier(s) holds.")


def faults_of(dossier: Dossier) -> list[str]:
    """What is wrong with its log while nobody writes in it; nothing where it was deleted meanwhile."""
    with transaction.atomic():
        locked = Dossier.objects.select_for_update().filter(pk=dossier.pk).first()
        return list(faults(locked)) if locked is not None else []
