"""Write ``static/portal/icons.css``: the DSFR icons that templates and code name, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dsfr
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

ICONS = Path(dsfr.__file__).parent / "static" / "dsfr" / "dist" / "icons"
TARGET = Path(settings.BASE_DIR) / "static" / "portal" / "icons.css"
SOURCES = ("templates", "portal", "pages", "events", "newsletters", "resources", "dossiers")
_CLASS = re.compile(r"fr-icon-([a-z0-9]+(?:-[a-z0-9]+)*)(?![a-z0-9-]*\{)")


def used_icons() -> set[str]:
    """The names of icons found in templates and Python modules ("map-pin-2-line")."""
    names: set[str] = set()
    for source in SOURCES:
        for file in (Path(settings.BASE_DIR) / source).rglob("*"):
            if file.suffix in {".html", ".py"} and file.name != "build_icons.py":
                names.update(_CLASS.findall(file.read_text()))
    return names


def stylesheet(names: set[str]) -> str:
    """Rules for ``names``, each with its drawing inside. Raises ``CommandError`` for an icon the DSFR does not have."""
    files = {path.stem.removeprefix("fr--"): path for path in sorted(ICONS.rglob("*.svg"))}
    if unknown := sorted(names - files.keys()):
        raise CommandError(f"The DSFR has no icon named: {', '.join(unknown)}")
    rules = []
    for name in sorted(names):
        drawing = quote(files[name].read_text().strip(), safe=" ='/:()<>,;").replace('"', "%22")
        url = f'url("data:image/svg+xml,{drawing}")'
        rules.append(f".fr-icon-{name}::before,.fr-icon-{name}::after{{-webkit-mask-image:{url};mask-image:{url}}}")
    return "/* Written by manage.py build_icons: the DSFR icons in use. */\n" + "\n".join(rules) + "\n"


class Command(BaseCommand):
    help = "Écrit static/portal/icons.css à partir des icônes du DSFR employées."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--check", action="store_true", help="ne rien écrire ; échoue si le fichier n'est pas à jour"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        css = stylesheet(used_icons())
        if options["check"]:
            if not TARGET.exists() or TARGET.read_text() != css:
                raise CommandError("static/portal/icons.css is not up to date: run manage.py build_icons")
            return
        TARGET.write_text(css)
        self.stdout.write(f"{TARGET.name} : {css.count(chr(10)) - 1} icônes, {len(css) // 1024} ko")
