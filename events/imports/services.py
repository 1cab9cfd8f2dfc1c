"""Imports: sources and runs. Every change of state of theirs is a function of this module."""

from __future__ import annotations

import itertools
import logging
import zlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from portal.accounts.models import User
from portal.territories.models import Space

from ..models import AgendaPage
from .enums import Outcome, RunState, SourceKind
from .ics import parse_ics
from .models import ImportedEvent, ImportedPage, ImportLine, ImportRun, ImportSource
from .openagenda import parse_openagenda
from .parsed import ParsedEvent, ParsedFile
from .tabular import parse_csv
from .vanishing import is_whole, settle_absent
from .writing import Writer

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
BATCH = 100
LINES = 200


class ImportRefusedError(Exception):
    """Nothing was tried; the message is a French sentence for who asked."""


def agenda_of(space: Space) -> AgendaPage | None:
    inside = AgendaPage.objects.descendant_of(space.page).filter(depth=space.page.depth + 1)
    found: AgendaPage | None = inside.order_by("pk").first()
    return found


def why_not(source: ImportSource) -> str:
    """Why the source's owner may not import into its space now, in French; or nothing. Asked at each run."""
    owner = source.owner
    if owner is None or not owner.is_active:
        return "La personne responsable de cette source n’a plus de compte : désignez-en une autre."
    if not source.space.is_open:
        return "L’espace est fermé."
    agenda = agenda_of(source.space)
    if agenda is None:
        return "Cet espace n’a pas d’agenda."
    rights = agenda.permissions_for_user(owner)
    if not rights.can_add_subpage():
        return f"{owner} n’a plus le droit d’écrire dans l’agenda de cet espace."
    if source.publish and not rights.can_publish_subpage():
        return f"{owner} n’a plus le droit de publier dans l’agenda de cet espace."
    return ""


def parse(source: ImportSource, data: bytes) -> ParsedFile:
    """What the file says, by the source's format. Never raises."""
    if source.kind == SourceKind.OPENAGENDA:
        return parse_openagenda(data, default_zone=source.default_zone)
    if source.kind == SourceKind.CSV:
        return parse_csv(data, source.mapping or None, default_zone=source.default_zone)
    return parse_ics(data, default_zone=source.default_zone)


# --- Runs ---------------------------------------------------------------------------------------------------------
def new_run(
    *, source: ImportSource, actor: User | None, dry_run: bool = False, data: bytes | None = None, file_name: str = ""
) -> ImportRun:
    """A run that waits; ``data`` is kept, compressed, until it is over."""
    return ImportRun.objects.create(
        source=source,
        actor=actor,
        dry_run=dry_run,
        started_at=timezone.now(),
        file_name=file_name[:200],
        data=zlib.compress(data, 6) if data is not None else None,
    )


def kept_data(run: ImportRun) -> bytes | None:
    """The file that was sent with a run, or None."""
    kept = ImportRun.objects.values_list("data", flat=True).get(pk=run.pk)
    return zlib.decompress(bytes(kept)) if kept is not None else None


def run_import(
    *,
    source: ImportSource,
    data: bytes,
    actor: User | None,
    dry_run: bool = False,
    run: ImportRun | None = None,
    now: datetime | None = None,
) -> ImportRun:
    """Import ``data`` into the agenda of the source's space, and return the run with its report.

    Each UID is written in a transaction of its own: one that fails stops no other, and a process killed in the middle
    leaves whole pages, which the next run finds again by their key. Each date the file gave, each refusal of the
    reader's and each date the file lacks ends in exactly one line. With ``dry_run`` nothing is written but the report.

    Side effects: pages, their revisions and log rows as the source's owner; venues; rows of the ledger. Raises nothing:
    a run that may not take place (rights, another one going on) is ``REFUSED``, an unreadable file ``FAILED``, with
    ``error`` saying why.
    """
    now = now or timezone.now()
    run = run or new_run(source=source, actor=actor, dry_run=dry_run)
    ImportRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
    run.state = RunState.RUNNING
    if reason := why_not(source):
        return close_run(run=run, state=RunState.REFUSED, error=reason)
    if not dry_run and not claim(source):
        return close_run(run=run, state=RunState.REFUSED, error="Un import de cette source est déjà en cours.")
    try:
        parsed = parse(source, data)
        if parsed.unreadable:
            return close_run(run=run, state=RunState.FAILED, error=parsed.unreadable)
        _take_all(run, parsed, now, whole=bool(source.url) and is_whole(source.kind, data, parsed))
        return close_run(run=run, state=RunState.DONE)
    except Exception:
        logger.exception("Import %s stopped.", run.pk)
        return close_run(run=run, state=RunState.FAILED, error="Erreur inattendue : l’import s’est arrêté.")
    finally:
        if not dry_run:
            ImportSource.objects.filter(pk=source.pk).update(leased_until=None)


def claim(source: ImportSource) -> bool:
    """Whether this process is the one to run ``source`` now: one UPDATE decides."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return bool(ImportSource.objects.filter(free, pk=source.pk).update(leased_until=now + LEASE))


def _take_all(run: ImportRun, parsed: ParsedFile, now: datetime, *, whole: bool) -> None:
    source = run.source
    agenda, owner = agenda_of(source.space), source.owner
    assert agenda is not None
    assert owner is not None
    run.seen, run.set_aside = parsed.seen, parsed.set_aside
    run.notes = [
        {"line": note.line, "uid": note.uid, "text": note.text, "count": note.count}
        for note in parsed.notes[: ImportRun.MOST_NOTES]
    ]
    run.total = len(parsed.events) + len(parsed.rejections)
    run.save(update_fields=["seen", "set_aside", "notes", "total"])
    report = _Report(run)
    report.add(
        ImportLine(run=run, number=one.line, uid=one.uid[:255], outcome=Outcome.REJECTED, reason=one.reason[:500])
        for one in parsed.rejections
    )
    writer = Writer(run, agenda, owner, dry=run.dry_run, now=now)
    groups: dict[str, list[ParsedEvent]] = {}
    for event in parsed.events:
        groups.setdefault(event.uid, []).append(event)
    waiting = iter(groups.items())
    while batch := list(itertools.islice(waiting, BATCH)):
        writer.know(uid for uid, _ in batch)
        for uid, events in batch:
            report.add(writer.take(uid, events))
        report.flush()
    absent = settle_absent(writer, parsed) if whole else []
    run.total += len(absent)
    report.add(absent)
    report.flush()
    run.save(update_fields=["total"])


class _Report:
    """Lines, written in lots; the counts follow, so that a long run shows how far it is."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.waiting: list[ImportLine] = []
        self.counts: Counter[str] = Counter()

    def add(self, lines: Iterable[ImportLine]) -> None:
        for line in lines:
            self.waiting.append(line)
            self.counts[line.outcome] += 1
        if len(self.waiting) >= LINES:
            self.flush()

    def flush(self) -> None:
        ImportLine.objects.bulk_create(self.waiting, batch_size=LINES)
        self.waiting.clear()
        for name in Outcome.values:
            setattr(self.run, name, self.counts[name])
        self.run.save(update_fields=Outcome.values)
        if not self.run.dry_run:
            ImportSource.objects.filter(pk=self.run.source_id).update(leased_until=timezone.now() + LEASE)


def close_run(*, run: ImportRun, state: str, error: str = "") -> ImportRun:
    """End a run: its state, why, its file forgotten unless it is the trial of an import to confirm."""
    run.state, run.error, run.finished_at = state, error[:500], timezone.now()
    changed = ["state", "error", "finished_at"]
    if not run.dry_run or state != RunState.DONE:
        run.data = None
        changed.append("data")
    run.save(update_fields=changed)
    if not run.dry_run:
        ImportSource.objects.filter(pk=run.source_id).update(last_run_at=run.finished_at)
        if run.source.owner is not None and state == RunState.DONE and run.changed:
            counted = {name: getattr(run, name) for name in Outcome.values}
            log(instance=run.source.space.page, action="events.import", user=run.source.owner, data=counted)
    return run


# --- Sources ------------------------------------------------------------------------------------------------------
@transaction.atomic
def take_back(*, actor: User, imported: ImportedPage) -> None:
    """At the next import, the page is again what the source says, whatever was changed here; one deleted is made anew.

    Raises :class:`ImportRefusedError` when the actor may not publish in that agenda.
    """
    agenda = agenda_of(imported.source.space)
    if agenda is None or not agenda.permissions_for_user(actor).can_publish_subpage():
        raise ImportRefusedError("Vous ne pouvez pas publier dans cet agenda.")
    ImportedPage.objects.filter(pk=imported.pk).update(take_back=True)
    ImportedEvent.objects.filter(imported=imported).update(digest="")
    # What is unchanged at the source must be read again.
    ImportSource.objects.filter(pk=imported.source_id).update(etag="", last_modified="")
