"""The SQL common to the engines that live in the portal's database: facts decide who is found and counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import ManyToManyField
from wagtail.models import Page

from portal.core.models import Theme

from .engine import DATE, Found, Query


@cache
def theme_tables() -> tuple[tuple[str, str, str], ...]:
    """(table, column of the page, column of the theme) of every page model that has themes."""
    tables = set()
    for model in apps.get_models():
        if not issubclass(model, Page):
            continue
        for item in model._meta.many_to_many:
            if isinstance(item, ManyToManyField) and item.related_model is Theme:
                tables.add((item.m2m_db_table(), item.m2m_column_name(), item.m2m_reverse_name()))
    return tuple(sorted(tables))


@dataclass
class Conditions:
    """SQL conditions on the fact ``f`` and their parameters."""

    sql: list[str] = field(default_factory=lambda: ["f.visible"])
    params: list[Any] = field(default_factory=list)

    def add(self, sql: str, *params: Any) -> None:
        self.sql.append(sql)
        self.params += params

    def __str__(self) -> str:
        return " AND ".join(self.sql)


def scope(query: Query) -> Conditions:
    """Everything but the words and the kinds."""
    conditions = Conditions()
    if query.territory is not None:
        conditions.add(
            "f.territory_id IN (SELECT descendant_id FROM territories_territorylink WHERE ancestor_id = %s)",
            query.territory,
        )
    if query.themes:
        marks = ", ".join(["%s"] * len(query.themes))
        parts = [f"SELECT {page} FROM {table} WHERE {theme} IN ({marks})" for table, page, theme in theme_tables()]  # noqa: S608
        conditions.add(f"f.page_id IN ({' UNION ALL '.join(parts)})", *query.themes * len(parts))
    return conditions


def order(query: Query, score: str, score_params: list[Any]) -> tuple[str, list[Any]]:
    """The ORDER BY of results and its parameters; ``score`` is an expression, greater for better."""
    if query.sort == DATE:
        return "f.date DESC, f.page_id DESC", []
    today = connection.ops.adapt_datetimefield_value(query.today)
    past = "CASE WHEN f.kind = 'event' AND f.date < %s THEN 1 ELSE 0 END"
    return f"{past}, {score} DESC, f.date DESC, f.page_id DESC", [today, *score_params]


# Beyond, an engine whose ranking is dear ranks this many only; ten times what anyone can page through.
MAX_RANKED = 5000


def find_pages(
    query: Query,
    *,
    source: str,
    match: list[str],
    params: list[Any],
    score: str,
    score_params: list[Any] | None = None,
    first: str = "",
) -> Found:
    """Two queries: how many of each kind match, then the ids of one screen of them.

    ``source`` is the FROM clause, with the fact as ``f``; ``match`` the conditions on words, ``params`` theirs.
    ``first``, with one parameter (the last of ``params``), is true of what must be ranked where there are more than
    :data:`MAX_RANKED`; the newest of the others fill up. Without it everything is ranked.
    """
    where = scope(query)
    everything = " AND ".join([*match, str(where)])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT f.kind, COUNT(*) FROM {source} WHERE {everything} GROUP BY f.kind",  # noqa: S608
            [*params, *where.params],
        )
        found = Found(counts=dict(cursor.fetchall()))
        if not found.total(query.kinds):
            return found
        if query.kinds:
            where.add(f"f.kind IN ({', '.join(['%s'] * len(query.kinds))})", *query.kinds)
            everything = " AND ".join([*match, str(where)])
        order_by, order_params = order(query, score, score_params or [])
        if first and query.sort != DATE and found.total(query.kinds) > MAX_RANKED:
            source = (
                f"(SELECT f.*, e.title, e.body FROM {source} WHERE {everything} "  # noqa: S608
                f"ORDER BY {first} DESC, f.date DESC LIMIT {MAX_RANKED}) f"
            )
            score_here = order_by.replace("e.title", "f.title").replace("e.body", "f.body")
            cursor.execute(
                f"SELECT f.page_id FROM {source} ORDER BY {score_here} LIMIT %s OFFSET %s",  # noqa: S608
                [*params, *where.params, params[-1], *order_params, query.size, query.start],
            )
            found.ids = [row[0] for row in cursor.fetchall()]
            return found
        cursor.execute(
            f"SELECT f.page_id FROM {source} WHERE {everything} ORDER BY {order_by} LIMIT %s OFFSET %s",  # noqa: S608
            [*params, *where.params, *order_params, query.size, query.start],
        )
        found.ids = [row[0] for row in cursor.fetchall()]
    return found
