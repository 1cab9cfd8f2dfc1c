"""The demonstration content."""

import logging
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.demo.seed import seed_demo
from portal.demo.seed.run import NotADemonstration
from portal.territories.models import Territory


class Command(BaseCommand):
    help = "Make the demonstration content and its accounts (with DEBUG only). Does only what is missing."

    def handle(self, **options: Any) -> None:
        self.stdout.write("Contenu de démonstration…")
        # Hundreds of « Published » lines would hide the progress.
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        try:
            made = seed_demo(say=self.stdout.write)
        except NotADemonstration as error:
            raise CommandError(str(error)) from error
        except Territory.DoesNotExist as error:
            raise CommandError("Les territoires d'abord : manage.py import_territories") from error
        if made:
            self.stdout.write("  recherche…")
            call_command("update_index", verbosity=0)
        self.stdout.write(f"  {made} élément(s) ajouté(s).")
