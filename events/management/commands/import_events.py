"""Import events into a space's agenda, and print the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events.imports.enums import Outcome, RunState, SourceKind
from events.imports.fetch import FetchError, checked_url, fetch
from events.imports.models import ImportSource
from events.imports.services import run_import
from portal.accounts.models import User
from portal.territories.models import Space

_KINDS = {".ics": SourceKind.ICS, ".json": SourceKind.OPENAGENDA, ".csv": SourceKind.CSV}


class Command(BaseCommand):
    help = "Import events from a file or an address. Fails only when nothing at all could be read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("where", help="a file, or an https, http or webcal address")
        parser.add_argument("--space", required=True, help="the slug of the space's page")
        parser.add_argument("--kind", choices=SourceKind.values, help="by default, that of the file's name, else ics")
        parser.add_argument("--owner", help="e-mail address of whose rights hold; by default, the source's owner")
        parser.add_argument("--name", help="the source's name; by default, the file's name or the address's host")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
        parser.add_argument("--publish", action="store_true", help="publish at once instead of leaving drafts")

    def handle(self, *args: Any, **options: Any) -> None:
        where: str = options["where"]
        space = Space.objects.filter(page__slug=options["space"]).select_related("page", "territory").first()
        if space is None:
            raise CommandError(f"No space {options['space']!r}.")
        is_url = "://" in where
        try:
            data = fetch(where).data or b"" if is_url else Path(where).read_bytes()
            named = (checked_url(where).hostname or "") if is_url else Path(where).name
        except (FetchError, OSError) as error:
            raise CommandError(str(error)) from None
        source = self._source(space, options, (options["name"] or named)[:150], where if is_url else "")
        run = run_import(source=source, data=data, actor=source.owner, dry_run=options["dry_run"])
        if run.state != RunState.DONE:
            raise CommandError(run.error)
        for line in run.lines.exclude(outcome=Outcome.UNCHANGED).order_by("number", "pk").iterator():
            self.stdout.write(
                f"{line.number}\t{line.get_outcome_display()}\t{line.day or '-'}\t{line.title}\t{line.reason}"
            )
        for note in run.notes:
            self.stdout.write(f"{note['line']}\tNote ({note['count']})\t-\t{note['uid']}\t{note['text']}")
        counts = ", ".join(f"{label} : {count}" for label, count in run.counts)
        self.stdout.write(f"{run.seen} vus ; {counts} ; hors période ou sans date : {run.set_aside}")

    @staticmethod
    def _source(space: Space, options: dict[str, Any], name: str, url: str) -> ImportSource:
        kind = options["kind"] or _KINDS.get(Path(options["where"]).suffix.lower(), SourceKind.ICS)
        source = ImportSource.objects.filter(space=space, name=name).first()
        if source is None:
            source = ImportSource.objects.create(space=space, name=name, kind=kind, url=url)
        if options["owner"]:
            source.owner = User.objects.filter(email__iexact=options["owner"]).first()
            if source.owner is None:
                raise CommandError(f"Nobody has the address {options['owner']!r}.")
        source.kind, source.url = kind, url
        source.publish = source.publish or options["publish"]
        source.save()
        return source
