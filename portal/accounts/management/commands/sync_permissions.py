"""Verify and repair the groups, permissions and reviews that derive from memberships."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from portal.accounts.services import sync_all


class Command(BaseCommand):
    help = "Vérifie et répare les groupes et les droits dérivés des rôles."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--check", action="store_true", help="ne change rien ; sort en erreur si quelque chose diffère"
        )

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        with transaction.atomic():
            report = sync_all()
            if check:
                transaction.set_rollback(True)
        for change in report.changes:
            self.stdout.write(change)
        if not report.changes:
            self.stdout.write("Tous les droits sont justes.")
        elif check:
            raise SystemExit(1)
        else:
            self.stdout.write(f"{len(report.changes)} écart(s) réparé(s).")
