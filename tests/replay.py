"""What a fixture writes, written again as rows: opening two spaces takes 130 ms, inserting their rows a few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

from django.db import connection

Row = tuple[Any, ...]
Table = dict[Any, Row]  # By the first column, which is the key of every table of Django's.


class Replay:
    """``Replay(write)()`` runs ``write`` the first time, and puts the rows it wrote from then on.

    Where what it started from has changed since (a test that prepared something else before), and on other engines than
    SQLite, ``write`` runs as it is. Callbacks on commit and signals of a replay are not: a fixture's are of no test.
    """

    def __init__(self, write: Callable[[], Any]) -> None:
        self.write = write
        self.start: dict[str, tuple[int, Any, Table]] = {}
        self.rows: dict[str, list[Row]] = {}

    def __call__(self) -> None:
        if connection.vendor != "sqlite":
            self.write()
        elif not self.rows:
            before = {table: read(table) for table in tables()}
            self.write()
            self.remember(before)
        elif all(self.unchanged(table) for table in self.rows):
            with connection.cursor() as cursor:
                for table, rows in self.rows.items():
                    cursor.executemany(f'REPLACE INTO "{table}" VALUES ({", ".join(["%s"] * len(rows[0]))})', rows)
        else:
            self.write()

    def remember(self, before: dict[str, Table]) -> None:
        for table, earlier in before.items():
            now = read(table)
            assert not earlier.keys() - now.keys(), f"{table}: rows taken away cannot be replayed"
            if written := [row for key, row in now.items() if earlier.get(key) != row]:
                self.rows[table] = [tuple(map(stored, row)) for row in written]
                replaced = {row[0]: earlier[row[0]] for row in written if row[0] in earlier}
                self.start[table] = (len(earlier), max(earlier, default=None), replaced)

    def unchanged(self, table: str) -> bool:
        count, last, replaced = self.start[table]
        key = column(table)
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*), max("{key}") FROM "{table}"')
            if cursor.fetchone() != (count, last):
                return False
        return read(table, list(replaced)) == replaced if replaced else True


def stored(value: Any) -> Any:
    """A value as SQLite takes it back: times of day are read as objects that it does not know."""
    return str(value) if isinstance(value, time) else value


def tables() -> list[str]:
    return sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))


def column(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT name FROM pragma_table_info("{table}") WHERE cid = 0')
        return str(cursor.fetchone()[0])


def read(table: str, keys: list[Any] | None = None) -> Table:
    where = f' WHERE "{column(table)}" IN ({", ".join(["%s"] * len(keys))})' if keys else ""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"{where}', keys or [])
        return {row[0]: row for row in cursor.fetchall()}
