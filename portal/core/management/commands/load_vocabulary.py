"""Themes and audiences of the field."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.core.vocabulary import load_vocabulary


class Command(BaseCommand):
    help = "Make the themes and audiences that are missing."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"Vocabulaire : {load_vocabulary()} élément(s) ajouté(s).")
