"""What a fixture writes, written again as rows: opening two spaces takes 130 ms, inserting their rows a few."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from functools import cache
from typing import Any

from django.db import connection, transaction

Row = tuple[Any, ...]
Table = dict[Any, Row]  # By the first column, which is the key of every table of Django's.


#: States of the database that one replay is kept for: fixtures come in several orders.
KEPT = 6


@dataclass
class Recording:
    """``rows`` were written where all was as ``situation`` says (what is written may follow from what is not touched),
    and the tables that were written to as ``start`` has them: (count, last key, rows replaced)."""

    situation: Row
    start: dict[str, tuple[int, Any, Table]]
    rows: dict[str, list[Row]]
    result: Any

    def fits(self) -> bool:
        return self.situation == situation() and all(self.unchanged(table) for table in self.rows)

    def unchanged(self, table: str) -> bool:
        count, last, replaced = self.start[table]
        key = column(table)
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*), max("{key}") FROM "{table}"')
            if cursor.fetchone() != (count, last):
                return False
        return read(table, list(replaced)) == replaced if replaced else True

    def put(self) -> None:
        # What refers to rows of a later table is looked at once all are there.
        with transaction.atomic(), connection.cursor() as cursor:
            for table, rows in self.rows.items():
                cursor.executemany(f'REPLACE INTO "{table}" VALUES ({", ".join(["%s"] * len(rows[0]))})', rows)


class Replay:
    """``Replay(write)()`` runs ``write`` the first time, and puts the rows it wrote from then on.

    Where what it started from is new (a test that prepared something else before), and on other engines than SQLite,
    ``write`` runs as it is. Callbacks on commit and signals of a replay are not: a fixture's are of no test. Returns
    what ``write`` returned, which should be keys: objects would be those of another test.
    """

    def __init__(self, write: Callable[[], Any], kept: int = KEPT) -> None:
        self.write = write
        self.kept = kept
        self.recordings: list[Recording] = []

    def __call__(self) -> Any:
        if connection.vendor != "sqlite":
            return self.write()
        for recording in self.recordings:
            if recording.fits():
                recording.put()
                return recording.result
        if len(self.recordings) == self.kept:
            return self.write()
        now, before = situation(), {table: read(table) for table in tables()}
        result = self.write()
        self.recordings.append(record(now, before, result))
        return result


def record(start: Row, before: dict[str, Table], result: Any) -> Recording:
    recording = Recording(start, {}, {}, result)
    for table, earlier in before.items():
        now = read(table)
        assert not earlier.keys() - now.keys(), f"{table}: rows taken away cannot be replayed"
        if written := [row for key, row in now.items() if earlier.get(key) != row]:
            recording.rows[table] = [tuple(map(stored, row)) for row in written]
            replaced = {row[0]: earlier[row[0]] for row in written if row[0] in earlier}
            recording.start[table] = (len(earlier), max(earlier, default=None), replaced)
    return recording


def stored(value: Any) -> Any:
    """A value as SQLite takes it back: times of day are read as objects that it does not know."""
    return str(value) if isinstance(value, time) else value


@cache
def tables() -> list[str]:
    return sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))


def situation() -> Row:
    """How many rows each table has, and the roles held, which rights are derived from. Two queries."""
    each = [f'(SELECT count(*) FROM "{table}")' for table in tables()]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(each)}")
        counts = cursor.fetchone()
        cursor.execute("SELECT user_id, role, territory_id, organisation_id FROM accounts_membership ORDER BY id")
        return (*counts, *cursor.fetchall())


@cache
def column(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT name FROM pragma_table_info("{table}") WHERE cid = 0')
        return str(cursor.fetchone()[0])


def read(table: str, keys: list[Any] | None = None) -> Table:
    where = f' WHERE "{column(table)}" IN ({", ".join(["%s"] * len(keys))})' if keys else ""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"{where}', keys or [])
        return {row[0]: row for row in cursor.fetchall()}
