"""Verify that the moderators' queue says what Wagtail's workflows do, and repair it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pages.moderation.repair import repair, wrong_reviews


class Command(BaseCommand):
    help = "Vérifie la file de relecture et la répare (--check : dit seulement)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="ne répare rien ; échoue s'il y a à réparer")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = wrong_reviews()
        for one in wrong:
            self.stdout.write(f"Page {one.page_id} : {one.what}")
            if not options["check"]:
                repair(one)
        if wrong and options["check"]:
            raise CommandError(f"{len(wrong)} à réparer.")
        self.stdout.write(f"{len(wrong)} réparée(s)." if wrong else "La file est juste.")
