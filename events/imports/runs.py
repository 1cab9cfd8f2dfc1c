"""Carrying runs out: asked for by hand or by the night, each in the background, each to its end whatever dies."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.accounts.models import User
from portal.notifications.services import notify

from . import tasks
from .enums import OVER, RunState
from .fetch import FetchError, fetch
from .models import MOST_FAILURES, ImportedEvent, ImportLine, ImportRun, ImportSource
from .services import close_run, kept_data, new_run, run_import

#: A whole reading this often even of what is said unchanged: the dates to come move with the days.
WHOLE_EVERY = dt.timedelta(days=7)
#: A run that waits longer was forgotten by the queue.
FORGOTTEN = dt.timedelta(minutes=10)
#: How long one process may hold a run: thousands of events take minutes.
LEASE = dt.timedelta(hours=1)
LINES_KEPT = dt.timedelta(days=60)
RUNS_KEPT = dt.timedelta(days=400)
TRIALS_KEPT = dt.timedelta(days=2)
FIRST_HOUR, HOURS = 1, 4
_PARIS = ZoneInfo("Europe/Paris")


@transaction.atomic
def ask(
    *, source: ImportSource, actor: User | None, dry_run: bool = False, data: bytes | None = None, file_name: str = ""
) -> ImportRun:
    """A run that a task will carry out; the one that waits already, when there is one of the same sort."""
    if data is None:
        waiting = source.runs.filter(state__in=(RunState.WAITING, RunState.RUNNING), dry_run=dry_run)
        if (found := waiting.order_by("-started_at", "pk").first()) is not None:
            return found
    run = new_run(source=source, actor=actor, dry_run=dry_run, data=data, file_name=file_name)
    transaction.on_commit(lambda: tasks.carry_out.enqueue(str(run.pk)))
    return run


def execute(*, run: ImportRun, now: dt.datetime | None = None) -> ImportRun:
    """Fetch what must be, import it, settle the source. Again on a run that is over: nothing; on one whose process died
    in the middle: from the start, which writes nothing twice.
    """
    now = now or timezone.now()
    if not _claim(run):
        return ImportRun.objects.get(pk=run.pk)
    try:
        return _carry_out(ImportRun.objects.select_related("source__space__page", "source__owner").get(pk=run.pk), now)
    finally:
        ImportRun.objects.filter(pk=run.pk).update(leased_until=None)


def _claim(run: ImportRun) -> bool:
    """Whether this process is the one to carry ``run`` out, trials included: one UPDATE decides."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return bool(ImportRun.objects.filter(free, pk=run.pk).exclude(state__in=OVER).update(leased_until=now + LEASE))


def _carry_out(run: ImportRun, now: dt.datetime) -> ImportRun:
    source = run.source
    if run.state == RunState.RUNNING:
        # Its process died. What another run of the source is doing now is waited for.
        if source.leased_until and source.leased_until > now and not run.dry_run:
            return run
        ImportLine.objects.filter(run=run).delete()
    validators: dict[str, str] = {}
    data = kept_data(run)
    if data is None:
        try:
            whole = run.dry_run or _must_read(source, now)
            etag, last_modified = ("", "") if whole else (source.etag, source.last_modified)
            found = fetch(source.url, etag=etag, last_modified=last_modified)
        except FetchError as error:
            return settle(close_run(run=run, state=RunState.FAILED, error=str(error)), now)
        if found.data is None:
            return settle(close_run(run=run, state=RunState.UNCHANGED), now)
        data, validators = found.data, {"etag": found.etag, "last_modified": found.last_modified}
    run = run_import(source=source, data=data, actor=run.actor, dry_run=run.dry_run, run=run, now=now)
    if run.state == RunState.DONE and not run.dry_run and validators:
        ImportSource.objects.filter(pk=source.pk).update(**validators)
    return settle(run, now)


def _must_read(source: ImportSource, now: dt.datetime) -> bool:
    """Whether the file must come whole though it be as it was: something was absent once, or it was read long ago."""
    if ImportedEvent.objects.filter(source=source, missing_at__isnull=False, vanished_at=None).exists():
        return True
    since = now - WHOLE_EVERY
    return not source.runs.filter(state=RunState.DONE, dry_run=False, started_at__gt=since).exists()


def next_night(source: ImportSource, now: dt.datetime) -> dt.datetime:
    """Between one and five in the morning in Paris, at a minute of the source's own; later after failures."""
    days = 1 + min(source.failures, MOST_FAILURES) // 3
    local = now.astimezone(_PARIS)
    minute = (source.pk * 37) % (HOURS * 60)
    at = dt.time(FIRST_HOUR + minute // 60, minute % 60)
    return dt.datetime.combine(local.date() + dt.timedelta(days=days), at, _PARIS).astimezone(dt.UTC)


@transaction.atomic
def settle(run: ImportRun, now: dt.datetime) -> ImportRun:
    """Count the source's failures, and tell its owner: what changed, the first failure, that it stops by itself."""
    if run.dry_run or (run.state == RunState.REFUSED and run.actor_id):
        return run
    source = ImportSource.objects.select_for_update(of=("self",)).select_related("space", "owner").get(pk=run.source_id)
    failed = run.state in (RunState.FAILED, RunState.REFUSED)
    source.failures = source.failures + 1 if failed else 0
    stopped = failed and source.nightly and source.failures >= MOST_FAILURES
    if stopped:
        source.active = False
    source.next_run_at = next_night(source, now)
    source.save(update_fields=["failures", "active", "next_run_at"])
    if source.owner is None or not source.url:
        return run
    counts = {"created": run.created, "updated": run.updated, "cancelled": run.cancelled + run.vanished}
    context = {"name": source.name, "space": str(source.space), "error": run.error, **counts, "rejected": run.rejected}
    changed = bool(run.changed or run.vanished) and run.state == RunState.DONE
    if stopped:
        kind = "events.import_stopped"
    elif changed or (failed and source.failures == 1):
        kind = "events.import_report"
    else:
        return run
    notify(
        kind,
        recipients=[source.owner],
        event=f"import:{run.pk}",
        url=f"/admin/evenements/imports/rapport/{run.pk}/",
        context=context,
    )
    return run


def run_due(*, now: dt.datetime | None = None) -> int:
    """What the schedule runs: ask for the imports of the night, and again for those the queue or a death forgot;
    delete old reports. Idempotent; returns how many were asked for.
    """
    now = now or timezone.now()
    due = ImportSource.objects.filter(active=True, nightly=True).exclude(url="")
    due.filter(next_run_at=None).update(next_run_at=now)
    asked = 0
    for source in due.filter(next_run_at__lte=now).order_by("next_run_at", "pk")[:200]:
        with transaction.atomic():
            # One UPDATE decides who asks.
            mine = ImportSource.objects.filter(pk=source.pk, next_run_at__lte=now)
            if mine.update(next_run_at=next_night(source, now)):
                ask(source=source, actor=None)
                asked += 1
    lost = ImportRun.objects.filter(started_at__lt=now - FORGOTTEN, state__in=(RunState.WAITING, RunState.RUNNING))
    free = (
        lost.exclude(source__leased_until__gt=now)
        .exclude(leased_until__gt=now)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for pk in free[:200]:
        tasks.carry_out.enqueue(str(pk))
        asked += 1
    ImportLine.objects.filter(run__started_at__lt=now - LINES_KEPT).delete()
    ImportRun.objects.filter(started_at__lt=now - RUNS_KEPT).delete()
    ImportRun.objects.filter(dry_run=True, started_at__lt=now - TRIALS_KEPT).delete()
    return asked
