"""``manage.py import_territories``: load the whole of France from the shipped reference files."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.territories.reference.files import DATA, BadReference
from portal.territories.reference.load import load_reference


class Command(BaseCommand):
    help = (
        "Charge les territoires de France (nation, régions, départements, intercommunalités, communes). "
        "Relançable sans risque : rien n'est fait si les fichiers sont déjà chargés."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=DATA, help="dossier des fichiers de référence")
        parser.add_argument("--force", action="store_true", help="recharger même si rien n'a changé")

    def handle(self, *args: Any, folder: Path, force: bool, verbosity: int, **options: Any) -> None:
        started = time.monotonic()

        def tell(text: str) -> None:
            if verbosity:
                self.stdout.write(f"  {text}")
                self.stdout.flush()

        try:
            outcome = load_reference(folder, force=force, tell=tell)
        except BadReference as error:
            raise CommandError(f"Rien n'a été chargé. {error}") from error
        record = outcome.record
        if not outcome.fresh:
            tell(f"Territoires : {record} déjà chargé le {record.loaded_at:%d/%m/%Y}.")
            return
        tell(
            f"Territoires : {record} chargé en {time.monotonic() - started:.1f} s "
            f"({record.created} créés, {record.updated} modifiés, {record.ended} disparus)."
        )
