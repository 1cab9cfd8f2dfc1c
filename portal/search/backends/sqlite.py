"""Full-text search of SQLite behind modelsearch's interface: FTS5 tables of our own, queried directly.

Rows of ``search_fts`` hold stems (:mod:`portal.search.text`); ``search_prefix`` holds folded words for completion.
A page's rowid is its id, that of another object carries its root model's content type above bit 40, so that results
join the model's table on its primary key: no table in between, no correlated subquery. Writing an object costs its
own rows and nothing else.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import AutoField, Count, FloatField, IntegerField, Model, QuerySet
from django.db.models.expressions import RawSQL
from modelsearch.backends.base import (
    BaseIndex,
    BaseSearchBackend,
    BaseSearchQueryCompiler,
    BaseSearchResults,
    FilterFieldError,
    get_model_root,
)
from modelsearch.index import class_is_indexed, get_indexed_models
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText
from wagtail.models import Page

from .. import documents, sql
from ..engine import Found, Query
from ..text import analyse, fold_words, query_groups, query_stems, query_words

# bm25 weights of title, head (lead) and body.
WEIGHTS = "8.0, 3.0, 1.0"
_SHIFT = 40


def rowid_base(model: type[Model]) -> int:
    """What is added to a primary key of ``model`` to make a rowid: 0 for pages."""
    root = get_model_root(model)
    if root is Page:
        return 0
    if not isinstance(root._meta.pk, AutoField | IntegerField):
        raise ImproperlyConfigured(f"{root._meta.label}: search on SQLite needs an integer primary key.")
    return int(ContentType.objects.get_for_model(root).pk) << _SHIFT


def quote(word: str) -> str:
    """A word as an FTS5 string: nothing in it is an operator."""
    return '"' + word.replace('"', '""').replace("\x00", "") + '"'


def match_plain(text: str, operator: str) -> str | None:
    """The FTS5 expression of words typed by someone; None where there is no word at all."""
    groups = []
    for alternatives in query_groups(text):
        compiled = [" AND ".join(quote(word) for word in words) for words in alternatives]
        groups.append("(" + " OR ".join(f"({part})" if " AND " in part else part for part in compiled) + ")")
    return f" {operator.upper()} ".join(groups) or None


def match_phrase(text: str) -> str | None:
    """The FTS5 expression of words in that order."""
    return " + ".join(quote(word) for word in query_stems(text)) or None


def match_prefix(text: str, operator: str = "and") -> str | None:
    """The FTS5 expression of beginnings of words."""
    return f" {operator.upper()} ".join(f"{quote(word)}*" for word in query_words(text)) or None


class MatchesEverythingError(Exception):
    """The query matches every object."""


class SQLiteIndex(BaseIndex):
    """The two FTS5 tables."""

    @property
    def connection(self) -> Any:
        return connections[DEFAULT_DB_ALIAS]

    def add_items(self, model: type[Model], items: Iterable[Any]) -> None:
        """Write the rows of ``items`` in one short transaction."""
        if not class_is_indexed(model):
            return
        self.write(model, documents.read_many(model, items))

    def write(self, model: type[Model], read: dict[int, documents.Document]) -> None:
        """Write the rows of documents, by primary key."""
        base = rowid_base(model)
        rows, words = [], []
        for pk, document in read.items():
            columns = (document.title, document.head, [*document.body, *document.keywords])
            rows.append((base + pk, *(analyse(" ".join(texts)) for texts in columns)))
            words.append((base + pk, fold_words(" ".join(document.autocomplete))))
        with transaction.atomic(), self.connection.cursor() as cursor:
            cursor.executemany(
                "INSERT OR REPLACE INTO search_fts(rowid, title, head, body) VALUES (%s, %s, %s, %s)", rows
            )
            cursor.executemany("INSERT OR REPLACE INTO search_prefix(rowid, words) VALUES (%s, %s)", words)
            documents.store_texts(model, read)

    def delete_item(self, item: Any) -> None:
        if class_is_indexed(type(item)) and item.pk is not None:
            self._delete("rowid = %s", [rowid_base(type(item)) + int(item.pk)])

    def _delete(self, condition: str, params: list[Any]) -> None:
        with self.connection.cursor() as cursor:
            for table in ("search_fts", "search_prefix"):
                cursor.execute(f"DELETE FROM {table} WHERE {condition}", params)  # noqa: S608

    def reset(self) -> None:
        with transaction.atomic():
            self._delete("1 = 1", [])

    def delete_stale(self) -> None:
        """Forget objects that are no more, and models that are not indexed any more."""
        kept = []
        for root in {get_model_root(model) for model in get_indexed_models()}:
            base, pk = rowid_base(root), root._meta.pk
            kept.append((base, base + (1 << _SHIFT)))
            self._delete(
                f"rowid BETWEEN %s AND %s AND rowid - %s NOT IN (SELECT {pk.column} FROM {root._meta.db_table})",  # noqa: S608
                [base, base + (1 << _SHIFT) - 1, base],
            )
        unknown = " AND ".join("NOT (rowid >= %s AND rowid < %s)" for _ in kept)
        if unknown:
            self._delete(unknown, [bound for bounds in kept for bound in bounds])


class SQLiteRebuilder:
    """Rebuilds in place: rows are replaced by short transactions, stale ones go at the end; readers see no gap."""

    def __init__(self, index: SQLiteIndex) -> None:
        self.index = index

    def start(self) -> SQLiteIndex:
        return self.index

    def finish(self) -> None:
        with transaction.atomic():
            self.index.delete_stale()
        with self.index.connection.cursor() as cursor:
            for table in ("search_fts", "search_prefix"):
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608


class SQLiteSearchQueryCompiler(BaseSearchQueryCompiler):
    """Joins the queryset with the FTS table on the primary key."""

    DEFAULT_OPERATOR = "and"
    HANDLES_ORDER_BY_EXPRESSIONS = True
    table = "search_fts"
    rank = f"bm25(search_fts, {WEIGHTS})"

    def search(self, start: int | None, stop: int | None, score_field: str | None = None) -> QuerySet[Any]:
        """The queryset of results. ``score_field``, where named, is positive and greater for better results."""
        queryset = self.queryset
        try:
            expression, negated = self.compile(self.query)
        except MatchesEverythingError:
            return queryset[start:stop]
        if expression is None:
            return queryset.none()
        if columns := self.columns():
            expression = f"{{{columns}}} : ({expression})"
        pk = queryset.model._meta.pk
        column = f"{connections[queryset.db].ops.quote_name(queryset.model._meta.db_table)}.{pk.column}"
        base = rowid_base(queryset.model)
        if negated:
            found = f"SELECT rowid - %s FROM {self.table} WHERE {self.table} MATCH %s"  # noqa: S608
            queryset = queryset.extra(where=[f"{column} NOT IN ({found})"], params=[base, expression])  # noqa: S610
            return queryset[start:stop] if queryset.query.order_by else queryset.order_by("-pk")[start:stop]
        queryset = queryset.extra(  # noqa: S610
            tables=[self.table],
            where=[f"{column} = {self.table}.rowid - %s", f"{self.table} MATCH %s"],
            params=[base, expression],
        )
        if score_field:
            queryset = queryset.annotate(**{score_field: RawSQL(f"-{self.rank}", [], FloatField())})  # noqa: S611
        if self.order_by_relevance:
            queryset = queryset.order_by(RawSQL(self.rank, [], FloatField()), "-pk")  # noqa: S611
        elif not queryset.query.order_by:
            queryset = queryset.order_by("-pk")
        return queryset[start:stop]

    def columns(self) -> str:
        """The columns asked for by ``fields``, or "" for all."""
        if not self.fields:
            return ""
        boosts = {field.field_name: field.boost or 1 for field in self.queryset.model.get_searchable_search_fields()}
        wanted = {"title" if name == "title" else "head" if boosts.get(name, 1) > 1 else "body" for name in self.fields}
        return " ".join(sorted(wanted))

    def compile(self, query: Any) -> tuple[str | None, bool]:
        """(FTS5 expression, whether what it matches is left out). None matches nothing.

        FTS5 has no query without a positive part: negations are carried upwards. Raises
        :class:`MatchesEverythingError`.
        """
        if isinstance(query, PlainText):
            return self.plain(query.query_string, query.operator), False
        if isinstance(query, Fuzzy):  # FTS5 has no edit distance: the words themselves.
            return self.plain(query.query_string, query.operator), False
        if isinstance(query, Phrase):
            return match_phrase(query.query_string), False
        if isinstance(query, Boost):  # bm25 weighs columns, not words.
            return self.compile(query.subquery)
        if isinstance(query, MatchAll):
            raise MatchesEverythingError
        if isinstance(query, Not):
            try:
                expression, negated = self.compile(query.subquery)
            except MatchesEverythingError:
                return None, False
            if expression is None and not negated:
                raise MatchesEverythingError
            return expression, not negated
        if isinstance(query, And):
            return self._all(query.subqueries)
        if isinstance(query, Or):  # De Morgan: a or b is not (not a and not b).
            return self.compile(Not(And([Not(part) for part in query.subqueries])))
        raise NotImplementedError(f"`{type(query).__name__}` is not supported by the SQLite search backend.")

    def _all(self, parts: Iterable[Any]) -> tuple[str | None, bool]:
        wanted: list[str] = []
        refused: list[str] = []
        for part in parts:
            try:
                expression, negated = self.compile(part)
            except MatchesEverythingError:
                continue
            if expression is None:
                return None, False
            (refused if negated else wanted).append(f"({expression})")
        if wanted:
            positive = " AND ".join(wanted)
            return (f"({positive}) NOT ({' OR '.join(refused)})" if refused else positive), False
        if refused:
            return " OR ".join(refused), True
        raise MatchesEverythingError

    def plain(self, text: str, operator: str) -> str | None:
        return match_plain(text, operator)


class SQLiteAutocompleteQueryCompiler(SQLiteSearchQueryCompiler):
    """Every word typed is the beginning of a word."""

    table = "search_prefix"
    rank = "bm25(search_prefix)"

    def columns(self) -> str:
        return ""

    def plain(self, text: str, operator: str) -> str | None:
        return match_prefix(text, operator)


class SQLiteSearchResults(BaseSearchResults):
    supports_facet = True

    def get_queryset(self) -> QuerySet[Any]:
        return self.query_compiler.search(self.start, self.stop, score_field=self._score_field)

    def _do_search(self) -> list[Any]:
        return list(self.get_queryset())

    def _do_count(self) -> int:
        return self.get_queryset().count()

    def facet(self, field_name: str) -> OrderedDict[Any, int]:
        """How many results have each value of a filter field, most frequent first."""
        if self.query_compiler._get_filterable_field(field_name) is None:
            raise FilterFieldError(
                f'Cannot facet search results with field "{field_name}". Please add '
                f"index.FilterField('{field_name}') to {self.model.__name__}.search_fields.",
                field_name=field_name,
            )
        found = self.query_compiler.search(None, None).order_by()
        counts = found.values(field_name).annotate(count=Count("pk")).order_by("-count", field_name)
        return OrderedDict((row[field_name], row["count"]) for row in counts)


class SQLiteSearchBackend(BaseSearchBackend):
    query_compiler_class = SQLiteSearchQueryCompiler
    autocomplete_query_compiler_class = SQLiteAutocompleteQueryCompiler
    index_class = SQLiteIndex
    results_class = SQLiteSearchResults
    rebuilder_class = SQLiteRebuilder

    def find_pages(self, query: Query) -> Found:
        expression = match_plain(query.words, query.operator)
        if expression is None:
            return Found()
        return sql.find_pages(
            query,
            # CROSS JOIN keeps the order: words first, then the facts of what they match.
            source="search_fts CROSS JOIN core_pagefact f ON f.page_id = search_fts.rowid",
            match=["search_fts MATCH %s"],
            params=[expression],
            score=f"-bm25(search_fts, {WEIGHTS})",
        )

    def complete_pages(self, words: str, limit: int) -> list[int]:
        expression = match_prefix(words)
        if expression is None:
            return []
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(
                "SELECT f.page_id FROM search_prefix CROSS JOIN core_pagefact f ON f.page_id = search_prefix.rowid "
                "WHERE search_prefix MATCH %s AND f.visible "
                "ORDER BY length(search_prefix.words), f.date DESC LIMIT %s",
                [expression, limit],
            )
            return [row[0] for row in cursor.fetchall()]


SearchBackend = SQLiteSearchBackend
