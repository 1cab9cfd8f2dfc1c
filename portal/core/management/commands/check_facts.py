"""Compare every page with its fact."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Page

from portal.core import facts


class Command(BaseCommand):
    help = "Say which page facts are missing or false; --fix writes them again. Exits with an error if any is left."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true")

    def handle(self, *, fix: bool, **options: Any) -> None:
        root = Page.get_first_root_node()
        wrong = facts.wrong_facts(root)
        for page_id, expected in wrong:
            self.stdout.write(f"page {page_id}: {expected}")
        if wrong and fix:
            facts.refresh_subtree(root)
            wrong = facts.wrong_facts(root)
        if wrong:
            raise CommandError(f"{len(wrong)} page facts are false; --fix writes them again.")
        self.stdout.write("Every page fact is true.")
