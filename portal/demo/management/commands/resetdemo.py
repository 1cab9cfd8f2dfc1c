"""Forget the demonstration's data."""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Empty the data folder, so that the next start begins afresh."

    def handle(self, **options: Any) -> None:
        folder = Path(settings.VAR_DIR)
        if not settings.DEBUG:
            raise CommandError("Refusé hors DEBUG.")
        if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
            raise CommandError("Refusé : les données ne sont pas dans var/, mais dans la base que nomme DATABASE_URL.")
        for name in ("portal.sqlite3", "portal.sqlite3-wal", "portal.sqlite3-shm"):
            (folder / name).unlink(missing_ok=True)
        for name in ("media", "cache", "mail"):
            shutil.rmtree(folder / name, ignore_errors=True)
        self.stdout.write(f"{folder} est vide.")
