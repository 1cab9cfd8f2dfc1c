"""Are the contents of stored files those that were sent? After a restore, or from time to time."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.files.retention import damaged_files


class Command(BaseCommand):
    help = "Compare the content of every stored file with the fingerprint taken when it was sent."

    def handle(self, **options: Any) -> None:
        damaged = 0
        for stored, word in damaged_files():
            damaged += 1
            self.stdout.write(f"{stored.pk} {stored.purpose} {stored.created_at:%Y-%m-%d}: {word}")
        if damaged:
            raise CommandError(f"{damaged} file(s) are damaged or missing.")
        self.stdout.write("Every stored file is whole.")
