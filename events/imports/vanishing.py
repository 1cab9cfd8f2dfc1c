"""What the source no longer has.

A date to come that a whole, valid file lacks twice in a row is cancelled, and says so: people may have registered, and
subscribed calendars must hear of it; nothing is deleted. Past dates stay as they are. A file that is partial, empty, or
lacks more than half of what was to come (a mistake at the source, more often than not) cancels nothing.
"""

from __future__ import annotations

import itertools
import logging

from django.db import transaction

from ..enums import Status
from .drafting import VANISHED
from .enums import Outcome, SourceKind
from .models import ImportedEvent, ImportedPage, ImportLine
from .parsed import Kind, ParsedFile
from .writing import Writer, is_edited

logger = logging.getLogger(__name__)

FEW = 5
ONCE = "Absent de la source : annulé s’il l’est encore au prochain import."
TOO_MANY = "Absent de la source comme plus de la moitié de ce qu’elle annonçait : rien n’est annulé, vérifiez-la."
THEIRS = "Disparu de la source, mais modifié ici : à vous de décider."


def is_whole(kind: str, data: bytes, parsed: ParsedFile) -> bool:
    """Whether what the file lacks is what the source lacks."""
    if kind == SourceKind.ICS and not data.rstrip(b"\x00 \t\r\n").upper().endswith(b"END:VCALENDAR"):
        return False
    cut = any(note.kind is Kind.FILE or "nombre de dates" in note.text for note in parsed.notes)
    lost = any(not rejection.uid or rejection.uid.startswith("sans-uid-") for rejection in parsed.rejections)
    return bool(parsed.events) and not cut and not lost and not parsed.unreadable


def settle_absent(writer: Writer, parsed: ParsedFile) -> list[ImportLine]:
    """One line for each date to come that the file, which must be whole, lacks; those lacking twice are cancelled."""
    seen = {event.key for event in parsed.events}
    # A date whose event could not be read this time, or fell out of bounds, has not vanished.
    doubtful = {rejection.uid for rejection in parsed.rejections}
    doubtful |= {note.uid for note in parsed.notes if note.kind is Kind.SET_ASIDE and note.count == 1}
    coming = ImportedEvent.objects.filter(
        source=writer.source, ends_at__gt=writer.now, vanished_at=None, imported__page__isnull=False
    )
    known = 0
    absent: list[ImportedEvent] = []
    for row in coming.order_by("uid", "starts_at", "pk").iterator(1000):
        known += 1
        if (row.uid, row.recurrence_id) not in seen and row.uid not in doubtful:
            absent.append(row)
    too_many = len(absent) > max(FEW, known // 2)
    present = {uid for uid, _ in seen}
    lines: list[ImportLine] = []
    for uid, group in itertools.groupby(absent, key=lambda row: row.uid):
        try:
            with transaction.atomic():
                lines += _settle(writer, uid, list(group), whole=uid not in present, too_many=too_many)
        except Exception:
            logger.exception("An event that vanished could not be cancelled.")
            rows = [row for row in absent if row.uid == uid]
            lines += [_line(writer, row, Outcome.REJECTED, "Erreur inattendue.", None) for row in rows]
    return lines


def _line(writer: Writer, row: ImportedEvent, outcome: str, reason: str, page_id: int | None) -> ImportLine:
    return ImportLine(
        run=writer.run,
        number=0,
        uid=row.uid,
        recurrence_id=row.recurrence_id,
        outcome=outcome,
        reason=reason,
        title=row.title,
        day=row.starts_at.date(),
        page_id=page_id,
    )


def _settle(writer: Writer, uid: str, rows: list[ImportedEvent], *, whole: bool, too_many: bool) -> list[ImportLine]:
    imported = ImportedPage.objects.select_related("page").get(source=writer.source, uid=uid)
    page = imported.page
    if page is None:
        return []
    if too_many:
        return [_line(writer, row, Outcome.SKIPPED, TOO_MANY, page.pk) for row in rows]
    first = [row for row in rows if row.missing_at is None]
    again = [row for row in rows if row.missing_at is not None]
    lines = [_line(writer, row, Outcome.SKIPPED, ONCE, page.pk) for row in first]
    if not writer.dry:
        ImportedEvent.objects.filter(pk__in=[row.pk for row in first]).update(missing_at=writer.now)
    if not again:
        return lines
    edited = is_edited(imported, page)
    rights = page.permissions_for_user(writer.owner)
    if edited or not (rights.can_publish() if page.live else rights.can_edit()):
        lines += [_line(writer, row, Outcome.SKIPPED, THEIRS, page.pk) for row in again]
    else:
        lines += [_line(writer, row, Outcome.VANISHED, VANISHED, page.pk) for row in again]
        if not writer.dry:
            _cancel(writer, imported, again, whole=whole and not first)
    if not writer.dry:
        # An empty digest: should it come back, it is written anew.
        ImportedEvent.objects.filter(pk__in=[row.pk for row in again]).update(vanished_at=writer.now, digest="")
    return lines


def _cancel(writer: Writer, imported: ImportedPage, rows: list[ImportedEvent], *, whole: bool) -> None:
    assert imported.page is not None
    was_live = imported.page.live
    page = imported.page.get_latest_revision_as_object()
    keys = {row.date_key for row in rows}
    dates = list(page.dates.all())
    others = [each for each in dates if each.key not in keys and each.status != Status.ANNULE]
    if whole and not others:
        page.status, page.status_reason = Status.ANNULE, VANISHED
    else:
        for each in dates:
            if each.key in keys:
                each.status, each.note = Status.ANNULE, VANISHED
        page.dates = dates
    revision = page.save_revision(user=writer.owner, log_action=True, clean=False)
    if was_live:
        revision.publish(user=writer.owner)
    imported.revision = type(imported.page).objects.values_list("latest_revision_id", flat=True).get(pk=page.pk)
    imported.save(update_fields=["revision"])
