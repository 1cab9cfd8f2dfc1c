"""``manage.py import_centres <file>``: load the centres of communes, for « within 20 km of »."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.territories.reference.centres import BadCentres, load_centres, read_centres


class Command(BaseCommand):
    help = (
        "Charge les centres des communes (JSON de geo.api.gouv.fr, ou CSV : code, latitude, longitude). "
        "Relançable sans risque. Voir docs/territories.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="fichier à charger")

    def handle(self, *args: Any, file: Path, verbosity: int, **options: Any) -> None:
        try:
            loaded, unknown = load_centres(read_centres(file))
        except BadCentres as error:
            raise CommandError(f"Rien n'a été chargé. {error}") from error
        if verbosity:
            self.stdout.write(f"  {loaded} centres chargés, {unknown} codes inconnus.")
