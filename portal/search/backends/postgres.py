"""Full-text search of PostgreSQL: modelsearch's own backend with our French analysis.

Vectors hold the stems of :mod:`portal.search.text`, as on SQLite, so that both engines find the same. A search on named
fields reads the columns themselves and goes through the text-search configuration ``search_french`` (French stems
without accents), made by a migration. ``title || body`` has its expression index there too. Norms of titles are not
kept: their upkeep read the whole table on every write.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import F, Model
from modelsearch.backends.database.postgres.postgres import (
    IndexEntry,
    PostgresAutocompleteQueryCompiler,
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
    PostgresSearchRebuilder,
    PostgresSearchResults,
)
from modelsearch.index import class_is_indexed
from modelsearch.query import Boost, Fuzzy, Phrase, PlainText
from modelsearch.utils import get_content_type_pk, get_descendants_content_types_pks
from wagtail.models import Page

from .. import documents, sql
from ..engine import Found, Query
from ..text import analyse, fold_words, query_groups, query_stems, query_words

STEMS = "simple"
# What a match weighs in the body, (nothing), the lead, the title.
WEIGHTS = "{0.05, 0.1, 0.3, 1.0}"


@cache
def field_config() -> str:
    """The configuration for searches on named fields; « french » where the migration could not make ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_ts_config WHERE cfgname = 'search_french'")
        return "search_french" if cursor.fetchone() else "french"


def quote(word: str) -> str:
    """A word as a quoted lexeme of ``to_tsquery``."""
    return "'" + word.replace("\\", "").replace("'", "") + "'"


def tsquery_plain(text: str, operator: str) -> str | None:
    """``to_tsquery``'s text for words typed by someone; None where there is no word at all."""
    groups = []
    for alternatives in query_groups(text):
        compiled = [" & ".join(quote(word) for word in words) for words in alternatives]
        groups.append("(" + " | ".join(f"({part})" for part in compiled) + ")")
    return (" & " if operator == "and" else " | ").join(groups) or None


def tsquery_phrase(text: str) -> str | None:
    return " <-> ".join(quote(word) for word in query_stems(text)) or None


def tsquery_prefix(text: str, operator: str = "and") -> str | None:
    return (" & " if operator == "and" else " | ").join(f"{quote(word)}:*" for word in query_words(text)) or None


class PortalPostgresIndex(PostgresIndex):
    """Writes an object's own row and nothing else."""

    def _refresh_title_norms(self, full: bool = False) -> None:
        """Not kept; see the module."""

    def add_items(self, model: type[Model], objs: Iterable[Any]) -> None:
        if not class_is_indexed(model):
            return
        self.write(model, documents.read_many(model, objs))

    def write(self, model: type[Model], read: dict[int, documents.Document]) -> None:
        """Write the rows of documents, by primary key."""
        if not read:
            return
        content_type = get_content_type_pk(model)
        params: list[Any] = []
        for pk, document in read.items():
            params += [
                content_type,
                str(pk),
                analyse(" ".join(document.title)),
                analyse(" ".join(document.head)),
                analyse(" ".join([*document.body, *document.keywords])),
                fold_words(" ".join(document.autocomplete)),
            ]
        row = (
            "(%s, %s, setweight(to_tsvector('simple', %s), 'A'), setweight(to_tsvector('simple', %s), 'B') || "
            "setweight(to_tsvector('simple', %s), 'D'), to_tsvector('simple', %s), 1.0, '', '')"
        )
        with self.write_connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {IndexEntry._meta.db_table} (content_type_id, object_id, title, body, autocomplete, "  # noqa: S608
                f"title_norm, title_text, body_text) VALUES {', '.join([row] * len(read))} "
                "ON CONFLICT (content_type_id, object_id) DO UPDATE SET title = EXCLUDED.title, "
                "body = EXCLUDED.body, autocomplete = EXCLUDED.autocomplete",
                params,
            )
        documents.store_texts(model, read)


class PortalPostgresRebuilder(PostgresSearchRebuilder):
    """Rebuilds in place by short statements; readers see no gap."""

    def start(self) -> PortalPostgresIndex:
        return self.index

    def finish(self) -> None:
        self.index.delete_stale_entries()


class PortalPostgresQueryCompiler(PostgresSearchQueryCompiler):
    def get_index_vectors(self, search_query: Any) -> list[Any]:
        return [(F("index_entries__title"), 1.0), (F("index_entries__body"), 1.0)]

    def get_config(self, backend: Any) -> str:
        return field_config() if self.fields else STEMS

    def _raw(self, text: str | None, config: str | None, invert: bool) -> SearchQuery:
        query = SearchQuery(text or "", search_type="raw", config=config)
        return ~query if invert else query

    def build_tsquery_content(self, query: Any, config: str | None = None, invert: bool = False) -> Any:
        if isinstance(query, PlainText | Fuzzy):
            return self._raw(self.plain(query.query_string, query.operator), config, invert)
        if isinstance(query, Phrase):
            if self.fields:
                text = " <-> ".join(quote(word) for word in query_words(query.query_string))
                return self._raw(text, config, invert)
            return self._raw(tsquery_phrase(query.query_string), config, invert)
        if isinstance(query, Boost):
            return self.build_tsquery_content(query.subquery, config=config, invert=invert)
        return super().build_tsquery_content(query, config=config, invert=invert)

    def plain(self, text: str, operator: str) -> str | None:
        if not self.fields:
            return tsquery_plain(text, operator)
        joined = " & " if operator == "and" else " | "
        return joined.join(quote(word) for word in query_words(text)) or None

    def build_tsrank(self, vector: Any, query: Any, config: str | None = None, boost: float = 1.0) -> Any:
        if isinstance(query, Fuzzy):
            query = PlainText(query.query_string, operator=query.operator)
        return super().build_tsrank(vector, query, config=config, boost=boost)

    def search(self, config: Any, start: Any, stop: Any, score_field: Any = None, backend: Any = None) -> Any:
        query: Any = self.query  # type: ignore[has-type]  # set by the base, which has no types
        while isinstance(query, Boost):
            query = query.subquery
        if isinstance(query, PlainText | Fuzzy | Phrase) and not query_groups(query.query_string):
            return self.queryset.none()
        if isinstance(query, Fuzzy):
            query = PlainText(query.query_string, operator=query.operator)
        self.query = query
        return super().search(config, start, stop, score_field=score_field, backend=backend)


class PortalPostgresAutocompleteQueryCompiler(PortalPostgresQueryCompiler, PostgresAutocompleteQueryCompiler):
    """Every word typed is the beginning of a word."""

    def get_index_vectors(self, search_query: Any) -> list[Any]:
        return [(F("index_entries__autocomplete"), 1.0)]

    def get_config(self, backend: Any) -> str:
        return STEMS

    def get_search_fields_for_model(self) -> Any:
        return PostgresAutocompleteQueryCompiler.get_search_fields_for_model(self)

    def get_search_vectors(self, search_query: Any) -> list[Any]:
        return self.get_index_vectors(search_query)

    def plain(self, text: str, operator: str) -> str | None:
        return tsquery_prefix(text, operator)


class PortalPostgresSearchBackend(PostgresSearchBackend):
    query_compiler_class = PortalPostgresQueryCompiler
    autocomplete_query_compiler_class = PortalPostgresAutocompleteQueryCompiler
    index_class = PortalPostgresIndex
    results_class = PostgresSearchResults

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params | {"ATOMIC_REBUILD": False})
        self.rebuilder_class = PortalPostgresRebuilder

    @staticmethod
    def _source() -> tuple[str, str]:
        """(FROM clause with the fact as ``f``, condition that keeps pages)."""
        types = ", ".join(str(pk) for pk in sorted(get_descendants_content_types_pks(Page)))
        table = IndexEntry._meta.db_table
        return (
            f"{table} e JOIN core_pagefact f ON e.object_id = f.page_id::varchar",
            f"e.content_type_id IN ({types})",
        )

    def find_pages(self, query: Query) -> Found:
        text = tsquery_plain(query.words, query.operator)
        if text is None:
            return Found()
        source, pages = self._source()
        return sql.find_pages(
            query,
            source=source,
            match=[pages, "(e.title || e.body) @@ to_tsquery('simple', %s)"],
            params=[text],
            score=f"ts_rank('{WEIGHTS}', e.title || e.body, to_tsquery('simple', %s), 1)",
            score_params=[text],
            first="e.title @@ to_tsquery('simple', %s)",
        )

    def complete_pages(self, words: str, limit: int) -> list[int]:
        text = tsquery_prefix(words)
        if text is None:
            return []
        source, pages = self._source()
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(
                f"SELECT f.page_id FROM {source} WHERE {pages} AND f.visible "  # noqa: S608
                "AND e.autocomplete @@ to_tsquery('simple', %s) ORDER BY length(e.autocomplete), f.date DESC LIMIT %s",
                [text, limit],
            )
            return [row[0] for row in cursor.fetchall()]


SearchBackend = PortalPostgresSearchBackend
