"""Take the demonstration content away."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.demo.seed import delete_demo


class Command(BaseCommand):
    help = "Delete exactly what seed_demo made."

    def handle(self, **options: Any) -> None:
        deleted, kept = delete_demo()
        self.stdout.write(f"{deleted} élément(s) supprimé(s).")
        if kept:
            self.stdout.write(f"Gardés, car d'autres contenus en dépendent : {', '.join(kept)}")
