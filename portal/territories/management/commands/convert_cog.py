"""``manage.py convert_cog <folder>``: make the shipped reference files from the unpacked npm package."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.territories.reference.convert import convert
from portal.territories.reference.files import DATA


class Command(BaseCommand):
    help = (
        "Convertit le paquet npm @etalab/decoupage-administratif (décompressé) en fichiers de référence compacts. "
        "Voir docs/territories.md."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("package", type=Path, help="dossier « package » du paquet npm")
        parser.add_argument("--to", type=Path, default=DATA, help="dossier d'arrivée (par défaut : celui du projet)")

    def handle(self, *args: Any, package: Path, to: Path, **options: Any) -> None:
        try:
            counts = convert(package, to)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"Le dossier {package} n'est pas le paquet attendu : {error!r}") from error
        for name, rows in counts.items():
            size = (to / name).stat().st_size
            self.stdout.write(f"{name} : {rows} lignes, {size // 1024} Kio")
