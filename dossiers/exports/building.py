"""Making an export: by one process at a time, a chunk after the other, begun again by another where it dies."""

from __future__ import annotations

import hashlib
import logging
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db.models import F
from django.http import Http404
from django.utils import timezone

from portal.accounts.abilities import can, get_abilities
from portal.core.spreadsheets import TYPES
from portal.core.workbooks import workbook
from portal.files.services import delete_file, store_own
from portal.territories.enums import Level
from portal.territories.models import Territory

from ..enums import ExportFormat, ExportState
from ..figures.scope import place_at
from ..figures.selectors import PlaceRow, TypeRow, measure, measure_by
from ..figures.words import place_table, type_table
from ..instruction.filters import filtered
from ..models import PURPOSE, Dossier, DossierExport, DossierType
from . import archive
from .columns import Sheets, loaded, versions_of
from .contacts import Contacts
from .selectors import CONTACTS, NEEDED

logger = logging.getLogger(__name__)
CHUNK: Final = 200
MOST: Final = 100_000
MOST_IN_ARCHIVE: Final = 10_000
#: Renewed with each chunk.
LEASE: Final = timedelta(minutes=5)
MOST_ATTEMPTS: Final = 5
KEPT: Final = timedelta(hours=32)
#: What is being written stands apart from what other programs of the machine read; nothing is written for longer.
_WORK: Final = settings.VAR_DIR / "exports"
LONGEST: Final = timedelta(hours=12)
#: Of an archive of several CSV files.
_TYPES: Final = TYPES | {"zip": "application/zip"}


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder that is emptied whatever happens; what a killed process leaves there, :func:`sweep` takes away."""
    _WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_WORK) as name:
        yield Path(name)


def sweep() -> int:
    """Delete the working folders that no process can be at any more. How many."""
    old, swept = timezone.now().timestamp() - LONGEST.total_seconds(), 0
    for folder in _WORK.glob("*") if _WORK.is_dir() else ():
        if folder.stat().st_mtime < old:
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept


class CannotError(Exception):
    """It will never be made; the message is for who asked."""


class LostError(Exception):
    """Another process took it over."""


def build(export_id: uuid.UUID | str) -> bool:
    """Make one export that waits and is nobody's turn. Whether it was made.

    The rows are what its filters give its author when it is made, in the order of the list; rights lost meanwhile give
    nothing. Side effects: a file that leaves after :data:`KEPT`. Raises nothing: a failure is tried again, then told.
    """
    now = timezone.now()
    waiting = DossierExport.objects.filter(
        pk=export_id, state__in=[ExportState.WAITING, ExportState.RUNNING], leased_until__lte=now
    )
    if not waiting.update(state=ExportState.RUNNING, leased_until=now + LEASE, attempts=F("attempts") + 1):
        return False
    export = DossierExport.objects.select_related("requested_by").get(pk=export_id)
    try:
        _make(export)
    except LostError:
        return False
    except CannotError as error:
        _end(export, str(error))
        return False
    except Exception:
        logger.exception("Export %s failed (attempt %d)", export.pk, export.attempts)
        if export.attempts >= MOST_ATTEMPTS:
            _end(export, "L’export n’a pas pu être fait. Réessayez, ou prévenez l’équipe du portail.")
        else:
            _mine(export).update(leased_until=timezone.now() + timedelta(seconds=30 * export.attempts))
        return False
    return True


def _make(export: DossierExport) -> None:
    forms = _listed(export)
    keys = list(forms)
    export.services = []
    _mine(export).update(total=len(keys), done=0)
    with working_folder() as folder:
        path = _contacts(export, keys, folder) if export.subject == CONTACTS else _dossiers(export, forms, folder)
        suffix = path.suffix.removeprefix(".")
        title = "contacts" if export.subject == CONTACTS else "dossiers"
        with path.open("rb") as content:
            stored = store_own(
                content=content,
                purpose=PURPOSE,
                name=f"{title}-{timezone.localdate(export.created_at):%Y-%m-%d}.{suffix}",
                extension=suffix,
                content_type=_TYPES[suffix],
                size=path.stat().st_size,
                sha256=_digest(path),
            )
    now = timezone.now()
    done = {"state": ExportState.DONE, "file": stored, "finished_at": now, "expires_at": now + KEPT, "error": ""}
    if not _mine(export).update(done=len(keys), services=export.services, **done):
        delete_file(stored=stored)
        raise LostError


def _listed(export: DossierExport) -> dict[Any, Any]:
    """The dossiers, in order, with the form that each follows. 100,000 weigh some twenty megabytes."""
    author = export.requested_by
    try:
        if not author.is_active or not can(author, NEEDED[export.subject]):
            raise Http404
        found = filtered(author, export.filters)
    except Http404:
        raise CannotError("Vous n’instruisez plus de dossiers.") from None
    most = MOST_IN_ARCHIVE if export.format == ExportFormat.ZIP else MOST
    listed = dict(found.values_list("pk", "type_version")[: most + 1])
    if len(listed) > most:
        told = f"{most:,}".replace(",", "\u202f")
        raise CannotError(f"Ces filtres donnent plus de {told} dossiers : précisez-les.")
    return listed


def _chunks(export: DossierExport, keys: list[Any]) -> Iterator[list[Dossier]]:
    """Dossiers by the :data:`CHUNK`, in order; those that left the author's scope meanwhile are left out. Side effect:
    ``export.services`` says whose they were."""
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        where = get_abilities(export.requested_by).territories(NEEDED[export.subject])
        seen = Dossier.objects.for_instructor(export.requested_by).filter(pk__in=some, routed_to__in=where)
        found = {each.pk: each for each in loaded(seen)}
        export.services = sorted({*export.services, *(each.routed_to_id for each in found.values())})
        yield [found[key] for key in some if key in found]


def _progress(export: DossierExport, done: int) -> None:
    """Raises :class:`LostError` where somebody else is at it."""
    if not _mine(export).update(done=done, leased_until=timezone.now() + LEASE):
        raise LostError


def _dossiers(export: DossierExport, forms: dict[Any, Any], folder: Path) -> Path:
    keys = list(forms)
    zipped = export.format == ExportFormat.ZIP
    sheets_folder = folder / "feuilles"
    sheets_folder.mkdir()
    with workbook("xlsx" if zipped else export.format, sheets_folder) as (book, made):
        sheets = Sheets(book, versions_of(forms.values()))
        done = 0
        for chunk in _chunks(export, keys):
            sheets.add(chunk)
            done += CHUNK
            _progress(export, 0 if zipped else min(done, len(keys)))
        if export.level:
            for title, (heads, lines) in _sums(export).items():
                sheet = book.sheet(title, heads)
                for line in lines:
                    sheet.append(line)
    if not zipped:
        return made[0]
    counted = iter(range(1, len(keys) + 1))
    path = folder / "dossiers.zip"
    try:
        archive.fill(
            path,
            made,
            _chunks(export, keys),
            export=export,
            progress=lambda: _progress(export, next(counted)),
        )
    except archive.TooHeavyError:
        raise CannotError("Les fichiers de ces dossiers pèsent plus de 4 Go : précisez les filtres.") from None
    return path


def _sums(export: DossierExport) -> dict[str, tuple[list[str], list[list[Any]]]]:
    """Sums by the territories of the level that was chosen and by type, of the dossiers of the list, by title.
    Five queries beside the list's."""
    found = filtered(export.requested_by, export.filters)
    whole = measure(found)
    measured = measure_by(found, place=place_at(export.level)) if export.level != Level.NATION else {}
    places = {each.pk: each for each in Territory.objects.filter(pk__in=[key for key in measured if key])}
    rows = [PlaceRow(places.get(key), measures) for key, measures in measured.items()]
    rows.sort(key=lambda row: row.territory.search_name if row.territory is not None else "\uffff")
    by_type = measure_by(found, counted_type=F("type_id"))
    types = DossierType.objects.filter(pk__in=by_type).defer("form").order_by("title", "pk")
    return {
        "Par territoire": place_table(rows, "Tous les dossiers de l’export", whole),
        "Par type": type_table([TypeRow(each, by_type[each.pk]) for each in types], whole),
    }


def _contacts(export: DossierExport, keys: list[Any], folder: Path) -> Path:
    with workbook(export.format, folder) as (book, made):
        contacts, done = Contacts(book), 0
        for chunk in _chunks(export, keys):
            contacts.add(chunk)
            done += CHUNK
            _progress(export, min(done, len(keys)))
        contacts.close()
    return made[0]


def _end(export: DossierExport, error: str) -> None:
    _mine(export).update(state=ExportState.FAILED, error=error[:200], finished_at=timezone.now())


def _mine(export: DossierExport) -> Any:
    """The row, as long as nobody took it over since."""
    return DossierExport.objects.filter(pk=export.pk, state=ExportState.RUNNING, attempts=export.attempts)


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
