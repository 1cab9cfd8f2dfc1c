"""Import addresses from a file on the server, take an import back, or go on with one that was broken off."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError

from newsletters.imports import services
from newsletters.imports.enums import Basis, Column, ImportState, Typos
from newsletters.imports.models import SubscriberImport
from newsletters.imports.work import carry_out
from newsletters.models import MailingList
from portal.accounts.models import User


class Command(BaseCommand):
    """The rights are those of ``--actor``, whose name stays with the import; nobody is written to."""

    help = "Importe des abonnés d’un fichier CSV ou XLSX, ou annule un import."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--list", dest="slug", help="identifiant d’adresse de la liste")
        parser.add_argument("--actor", required=True, help="adresse e-mail du compte qui importe")
        parser.add_argument("--basis", choices=Basis.values)
        parser.add_argument("--evidence", default="", help="où se trouve la preuve")
        parser.add_argument("--typos", choices=Typos.values, default=Typos.HOLD.value)
        parser.add_argument(
            "--column", action="append", default=[], metavar="address=2",
            help=f"numéro d’une colonne, à partir de 1 ({', '.join(Column.values)}) ; sans elle, c’est deviné",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="dire ce qui serait fait, sans rien écrire")
        parser.add_argument("--resume", metavar="NUMÉRO", help="reprendre un import")
        parser.add_argument("--undo", metavar="NUMÉRO", help="annuler un import")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = User.objects.filter(email__iexact=options["actor"], is_active=True).first()
        if actor is None:
            raise CommandError("Aucun compte actif n’a cette adresse.")
        try:
            if options["undo"]:
                item = services.undo(actor=actor, item=self._known(options["undo"]))
            elif options["resume"]:
                item = self._known(options["resume"])
            else:
                item = self._prepared(actor, options)
            self._work(item)
            if item.state == ImportState.CHECKED and not options["dry_run"] and not options["undo"]:
                self._work(services.confirm(actor=actor, item=item))
        except (services.ImportRefusedError, PermissionDenied) as error:
            raise CommandError(str(error) or "Ce compte ne gère pas cette liste.") from error
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error

    def _known(self, number: str) -> SubscriberImport:
        try:
            return SubscriberImport.objects.get(pk=number)
        except (SubscriberImport.DoesNotExist, ValidationError) as error:
            raise CommandError("Aucun import n’a ce numéro.") from error

    def _prepared(self, actor: User, options: dict[str, Any]) -> SubscriberImport:
        mailing_list = MailingList.objects.filter(slug=options["slug"] or "").first()
        if mailing_list is None:
            raise CommandError("Aucune liste n’a cet identifiant (--list).")
        if options["file"] is None:
            raise CommandError("Donnez un fichier.")
        try:
            with options["file"].open("rb") as opened:
                item = services.prepare(
                    actor=actor,
                    mailing_list=mailing_list,
                    upload=File(opened, options["file"].name),
                    basis=options["basis"] or "",
                    evidence=options["evidence"],
                )
        except OSError as error:
            raise CommandError(f"Ce fichier ne s’ouvre pas : {error.strerror}.") from error
        mapping = item.mapping | dict(self._column(each) for each in options["column"])
        return services.set_columns(
            actor=actor, item=item, mapping=mapping, has_header=item.has_header, typos=options["typos"]
        )

    def _column(self, written: str) -> tuple[str, int]:
        what, _, number = written.partition("=")
        if what not in Column.values or not number.isdecimal() or len(number) > 4 or int(number) < 1:
            raise CommandError(f"« {written} » n’est pas une colonne : écrivez par exemple address=2.")
        return what, int(number) - 1

    def _work(self, item: SubscriberImport) -> None:
        """To the end of the phase, by this process or by the worker that was quicker."""
        while item.is_busy:
            if not carry_out(item.pk):
                time.sleep(0.5)
            item.refresh_from_db()
        self.stdout.write(f"{item.pk} : {item.get_state_display()}")
        if item.error:
            raise CommandError(item.error)
        for _, label, many in item.tally:
            if many:
                self.stdout.write(f"  {label} : {many}")
