"""Putting the reference into the database: idempotent, one transaction, and only what differs is written."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from portal.core.page_cache import invalidate_pages

from ..enums import Level
from ..models import PostalCode, Territory, TerritoryAlias, TerritoryImport, TerritoryLink
from ..text import fold
from .derive import VALUE_COLUMNS, Derived, Key, Plan
from .files import AliasRow, CommuneRow, folder_digest, read_reference

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``record`` is the new (or, where ``fresh`` is False, the last and still valid) import."""

    record: TerritoryImport
    fresh: bool


def load_reference(folder: Path, *, force: bool = False, tell: Tell = lambda text: None) -> Outcome:
    """Make the database hold the reference files of ``folder``, and record it as a :class:`TerritoryImport`.

    Does nothing when the last import had the same files, unless ``force``. A territory that is no longer in the files
    is not deleted: it ends on the first day of the vintage and keeps its links. ``tell`` hears each step in French.
    Raises :class:`~portal.territories.reference.files.BadReference`; then nothing was written. On commit the cached
    pages are forgotten.
    """
    digest = folder_digest(folder)
    last = TerritoryImport.objects.order_by("-loaded_at", "-pk").first()
    if last is not None and last.digest == digest and not force:
        return Outcome(last, fresh=False)
    tell("Lecture et vérification des fichiers…")
    reference = read_reference(folder)
    with transaction.atomic():
        _lock()
        record = _Loader(Plan(reference), tell).run(digest)
        invalidate_pages()
    return Outcome(record, fresh=True)


def _lock() -> None:
    """One import at a time. SQLite's IMMEDIATE transactions already see to it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Territory._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def insert_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert ``rows`` by the quickest way of the engine: COPY on PostgreSQL, ``executemany`` elsewhere."""
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(quote(column) for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            # The table and columns come from the model, never from a file.
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(rows))  # noqa: S608


class _Loader:
    """One import, inside a transaction."""

    def __init__(self, plan: Plan, tell: Tell) -> None:
        self.plan, self.tell = plan, tell
        self.vintage = plan.reference.vintage
        self.ids: dict[Key, int] = {}
        self.created = self.updated = self.ended = 0

    def run(self, digest: str) -> TerritoryImport:
        wanted = self.plan.territories()
        for level, territories in wanted.items():
            self._write_level(level, territories)
            self.tell(f"{Level(level).label} : {len(territories)}")
        ended = self._end({territory.key for territories in wanted.values() for territory in territories})
        self.tell("Liens entre territoires…")
        self._write_links(ended)
        self.tell("Codes postaux et anciennes communes…")
        self._write_postal_codes(self.plan.reference.communes)
        self._write_aliases(self.plan.reference.aliases)
        self._analyse()
        return TerritoryImport.objects.create(
            vintage=self.vintage, digest=digest, created=self.created, updated=self.updated, ended=self.ended
        )

    # --- Territories ----------------------------------------------------------------------------------------------
    def _write_level(self, level: str, territories: list[Derived]) -> None:
        stored = {
            row[0]: row[1:]
            for row in Territory.objects.filter(level=level)
            .order_by()
            .values_list("code", "pk", *VALUE_COLUMNS, "region_id", "departement_id", "ended_on")
        }
        new: list[tuple[Any, ...]] = []
        changed: list[tuple[Any, ...]] = []
        for territory in territories:
            region = self.ids[Level.REGION, territory.region] if territory.region else None
            departement = self.ids[Level.DEPARTEMENT, territory.departement] if territory.departement else None
            values = (*territory.values, region, departement)
            row = stored.get(territory.code)
            if row is None:
                new.append((level, territory.code, *values, self.vintage))
            else:
                self.ids[territory.key] = row[0]
                if row[1:-1] != values or row[-1] is not None:
                    changed.append((*values, row[0]))
        columns = (*VALUE_COLUMNS, "region_id", "departement_id")
        if new:
            insert_rows(Territory, ("level", "code", *columns, "vintage"), new)
            codes = {row[1] for row in new}
            for code, pk in Territory.objects.filter(level=level).order_by().values_list("code", "pk"):
                if code in codes:
                    self.ids[level, code] = pk
        if changed:
            settings = ", ".join(f"{connection.ops.quote_name(column)} = %s" for column in columns)
            with connection.cursor() as cursor:
                cursor.executemany(
                    f"UPDATE {Territory._meta.db_table} SET {settings}, ended_on = NULL WHERE id = %s",  # noqa: S608
                    changed,
                )
        self.created += len(new)
        self.updated += len(changed)

    def _end(self, wanted: set[Key]) -> set[int]:
        """Give an end date to current territories that are not ``wanted``; returns the ids of all ended ones."""
        ended: set[int] = set()
        ending: list[int] = []
        for pk, level, code, ended_on in Territory.objects.order_by().values_list("pk", "level", "code", "ended_on"):
            if (level, code) not in wanted:
                ended.add(pk)
                if ended_on is None:
                    ending.append(pk)
        for start in range(0, len(ending), 500):
            Territory.objects.filter(pk__in=ending[start : start + 500]).update(
                ended_on=datetime.date(self.vintage, 1, 1)
            )
        Territory.objects.filter(ended_on=None).exclude(vintage=self.vintage).update(vintage=self.vintage)
        self.ended = len(ending)
        return ended

    # --- What hangs on them ---------------------------------------------------------------------------------------
    def _write_links(self, ended: set[int]) -> None:
        wanted = {(self.ids[above], self.ids[below]) for above, below in self.plan.links()}
        stored = {
            (above, below): pk
            for pk, above, below in TerritoryLink.objects.order_by().values_list("pk", "ancestor_id", "descendant_id")
        }
        stale = [
            pk
            for (above, below), pk in stored.items()
            # What an ended territory was part of stays true of the pages about it.
            if (above, below) not in wanted and above not in ended and below not in ended
        ]
        self._delete(TerritoryLink, stale)
        new = [pair for pair in wanted if pair not in stored]
        insert_rows(TerritoryLink, ("ancestor_id", "descendant_id"), sorted(new))

    def _write_postal_codes(self, communes: list[CommuneRow]) -> None:
        wanted = {(code, self.ids[Level.COMMUNE, row.code]) for row in communes for code in row.postal_codes}
        stored = {
            (code, commune): pk
            for pk, code, commune in PostalCode.objects.order_by().values_list("pk", "code", "commune_id")
        }
        self._delete(PostalCode, [pk for pair, pk in stored.items() if pair not in wanted])
        insert_rows(PostalCode, ("code", "commune_id"), sorted(wanted - stored.keys()))

    def _write_aliases(self, aliases: list[AliasRow]) -> None:
        wanted = {
            (row.kind, row.code, row.name, fold(row.name), self.ids[Level.COMMUNE, row.commune]) for row in aliases
        }
        columns = ("kind", "code", "name", "search_name", "commune_id")
        stored = {tuple(row[1:]): row[0] for row in TerritoryAlias.objects.order_by().values_list("pk", *columns)}
        self._delete(TerritoryAlias, [pk for values, pk in stored.items() if values not in wanted])
        insert_rows(TerritoryAlias, columns, sorted(wanted - stored.keys()))

    @staticmethod
    def _delete(model: type[Model], ids: list[int]) -> None:
        for start in range(0, len(ids), 500):
            model._default_manager.filter(pk__in=ids[start : start + 500]).delete()

    @staticmethod
    def _analyse() -> None:
        """Tell the planner what the tables now hold; without it the first look-ups may scan them."""
        with connection.cursor() as cursor:
            for model in (Territory, TerritoryLink, PostalCode, TerritoryAlias):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
