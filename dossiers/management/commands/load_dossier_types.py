"""Make the ready types of dossiers that are not there yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from dossiers.catalogue.loading import load_ready_types


class Command(BaseCommand):
    help = "Crée et publie les types de dossiers fournis qui n’existent pas encore ; ne modifie jamais les autres."

    def handle(self, *args: Any, **options: Any) -> None:
        made = load_ready_types()
        for each in made:
            self.stdout.write(f"{each.title} : créé et publié.")
        if not made:
            self.stdout.write("Tous les types fournis existent déjà : rien n’est changé.")
