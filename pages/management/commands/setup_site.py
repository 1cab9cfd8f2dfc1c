"""The fixed part of a new site."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pages.services import ensure_site
from portal.territories.models import Territory


class Command(BaseCommand):
    help = "Make the home page, the national sections, the directory and the obligatory pages that are missing."

    def handle(self, **options: Any) -> None:
        try:
            home = ensure_site()
        except Territory.DoesNotExist as error:
            raise CommandError("The territories come first: manage.py import_territories") from error
        self.stdout.write(f"{home.title}: {home.get_children().count()} pages beneath.")
