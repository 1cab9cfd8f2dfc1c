"""Elasticsearch 9 behind modelsearch's interface, with French analysis and the facts of pages in their documents.

What modelsearch's own backend lacks: a French analyzer; folded completion; the visibility, kind, date, territories and
themes that the search page filters and counts on; aliases required on writes, so that a missing index is said and not
made with a guessed mapping; writes that reach an index being rebuilt.
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.db.models import Model, prefetch_related_objects
from elasticsearch import ApiError, TransportError
from elasticsearch.helpers import bulk
from modelsearch.backends import elasticsearch9 as stock
from modelsearch.backends.elasticsearchbase import ElasticsearchAtomicIndexRebuilder
from modelsearch.index import class_is_indexed
from wagtail.models import Page

from portal.core.models import PageFact
from portal.territories.models import TerritoryLink

from .. import documents
from ..engine import DATE, Found, Query, SearchUnavailableError
from ..text import STOP_WORDS, fold, query_words

logger = logging.getLogger("portal.search")
_DOWN = (ApiError, TransportError)
_MAX_GRAM = 20

ELISION = ["l", "m", "t", "qu", "n", "s", "j", "d", "c", "jusqu", "quoiqu", "lorsqu", "puisqu"]
# Words as :mod:`portal.search.text` cuts them: compounds apart and joined, no accents, French stems.
_WORDS = ["lowercase", "french_elision", "parts"]
_STEMS = ["asciifolding", "french_stop", "plural", "feminine", "french_stemmer", "public", "mediation"]
ANALYSIS = {
    "filter": {
        "french_elision": {"type": "elision", "articles_case": True, "articles": ELISION},
        "parts": {
            "type": "word_delimiter_graph",
            "catenate_words": True,
            "split_on_case_change": False,
            "split_on_numerics": False,
            "stem_english_possessive": False,
        },
        "flat": {"type": "flatten_graph"},
        "french_stop": {"type": "stop", "stopwords": sorted({fold(word) for word in STOP_WORDS})},
        "french_stemmer": {"type": "stemmer", "language": "french"},
        # What the stemmer leaves apart; see portal.search.text.stem.
        "plural": {"type": "pattern_replace", "pattern": "(?<=\\w{2}[^\\Ws])s$", "replacement": ""},
        "feminine": {"type": "pattern_replace", "pattern": "(?<=\\w{2})ees?$", "replacement": "e"},
        "public": {"type": "pattern_replace", "pattern": "qu$", "replacement": "c"},
        "mediation": {"type": "pattern_replace", "pattern": "(?<=\\w{2})(?:ateur|atric)$", "replacement": "at"},
        "beginnings": {"type": "edge_ngram", "min_gram": 1, "max_gram": _MAX_GRAM},
        "cut": {"type": "truncate", "length": _MAX_GRAM},
    },
    "analyzer": {
        "default": {"type": "custom", "tokenizer": "whitespace", "filter": [*_WORDS, "flat", *_STEMS]},
        "default_search": {"type": "custom", "tokenizer": "whitespace", "filter": [*_WORDS, *_STEMS]},
        "edgengram_analyzer": {
            "type": "custom",
            "tokenizer": "whitespace",
            "filter": [*_WORDS, "flat", "asciifolding", "beginnings"],
        },
        "folded": {"type": "custom", "tokenizer": "whitespace", "filter": [*_WORDS, "asciifolding", "cut"]},
    },
}
FACT_MAPPING = {
    "fact_kind": {"type": "keyword"},
    "fact_visible": {"type": "boolean"},
    "fact_date": {"type": "date"},
    "fact_territories": {"type": "long"},
    "fact_themes": {"type": "long"},
    "fact_keywords": {"type": "text", "copy_to": "_all_text"},
}


def or_unavailable(method: Callable[..., Any]) -> Callable[..., Any]:
    """Raise :class:`SearchUnavailableError` where the server does not answer, or not as it should."""

    @wraps(method)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except _DOWN as error:
            raise SearchUnavailableError(str(error)) from error

    return wrapper


def facts_of(pages: Iterable[Page]) -> dict[int, dict[str, Any]]:
    """The fact fields of the documents of ``pages``, specific and of one model. Three queries whatever their number."""
    pages = list(pages)
    facts = {
        fact.page_id: fact
        for fact in PageFact.objects.filter(page__in=[page.pk for page in pages])
        .select_related("territory__departement", "territory__region")
        .order_by("page")
    }
    above: dict[int, list[int]] = defaultdict(list)
    territories = {fact.territory_id for fact in facts.values() if fact.territory_id}
    for ancestor, descendant in TerritoryLink.objects.filter(descendant__in=territories).values_list(
        "ancestor", "descendant"
    ):
        above[descendant].append(ancestor)
    if pages and hasattr(pages[0], "themes"):
        prefetch_related_objects(pages, "themes")
    fields = {}
    for page in pages:
        fact = facts.get(page.pk)
        if fact is not None:
            fields[page.pk] = {
                "fact_kind": fact.kind,
                "fact_visible": fact.visible,
                "fact_date": fact.date.isoformat(),
                "fact_territories": above[fact.territory_id] if fact.territory_id else [],
                "fact_themes": [theme.pk for theme in page.themes.all()] if hasattr(page, "themes") else [],
                "fact_keywords": documents.territory_keywords(fact.territory) if fact.territory else [],
            }
    return fields


class Mapping(stock.Elasticsearch9Mapping):
    edgengram_analyzer_config = {"analyzer": "edgengram_analyzer", "search_analyzer": "folded"}

    def get_mapping(self) -> dict[str, Any]:
        mapping = super().get_mapping()
        if issubclass(self.model, Page):
            mapping["properties"] |= FACT_MAPPING
        return mapping

    def get_field_column_name(self, field: Any) -> str:
        """modelsearch's, for which what a plain class gives to several models has no name: it is the model's own."""
        defined_on = field.get_definition_model(self.model)
        if defined_on is None or hasattr(defined_on, "_meta"):
            return super().get_field_column_name(field)
        return f"{self.model._meta.app_label}_{self.model._meta.model_name}__{field.field_name}"


class Index(stock.Elasticsearch9Index):
    rebuilding = False

    def _documents(self, model: type[Model], items: list[Any]) -> list[dict[str, Any]]:
        """The documents of ``items``, each with its ``_id``; keeps the plain text of pages."""
        mapping = self.mapping_class(model)
        facts = facts_of(items) if issubclass(model, Page) else {}
        documents.store_texts(model, {item.pk: documents.read(item) for item in items})
        return [
            {"_id": mapping.get_document_id(item), **mapping.get_document(item), **facts.get(item.pk, {})}
            for item in items
        ]

    def add_item(self, item: Any) -> None:
        if not class_is_indexed(type(item)):
            return
        [document] = self._documents(type(item), [item])
        key = document.pop("_id")
        self.es.index(index=self.name, id=key, document=document, require_alias=True)
        for name in self._in_the_making():
            self.es.index(index=name, id=key, document=document)

    def add_items(self, model: type[Model], items: Iterable[Any]) -> None:
        items = list(items)
        if not items or not class_is_indexed(model):
            return
        if not self.rebuilding:
            bulk(self.es, self._documents(model, items), index=self.name, require_alias=True)
            return
        # What was written meanwhile by a publication is newer than what the rebuild has read.
        actions = [document | {"_op_type": "create"} for document in self._documents(model, items)]
        _, errors = bulk(self.es, actions, index=self.name, raise_on_error=False)
        assert isinstance(errors, list)
        if refused := [error for error in errors if error.get("create", {}).get("status") != 409]:
            raise SearchUnavailableError(f"{len(refused)} documents refused: {refused[0]}")

    def delete_item(self, item: Any) -> None:
        super().delete_item(item)
        if class_is_indexed(type(item)):
            for name in self._in_the_making():
                self.es.options(ignore_status=404).delete(index=name, id=str(item.pk))

    def siblings(self) -> list[str]:
        """The indices made for this alias, by the names the rebuild gives them."""
        names = self.es.indices.get(index=f"{self.name}_*", features="aliases")
        return [name for name in names if re.fullmatch(rf"{re.escape(self.name)}_[a-z0-9]{{7}}", name)]

    def _in_the_making(self) -> list[str]:
        """Indices that a rebuild is filling."""
        return [
            name
            for name, about in self.es.indices.get(index=f"{self.name}_*", features="aliases").items()
            if re.fullmatch(rf"{re.escape(self.name)}_[a-z0-9]{{7}}", name) and not about["aliases"]
        ]


class Rebuilder(ElasticsearchAtomicIndexRebuilder):
    """Fills a new index beside the one in use, then turns the alias over to it and removes what failed runs left."""

    def start(self) -> Index:
        index = super().start()
        index.rebuilding = True
        return index

    def finish(self) -> None:
        super().finish()
        for name in self.alias.siblings():
            if name != self.index.name:
                self.index.es.options(ignore_status=404).indices.delete(index=name)


class SearchQueryCompiler(stock.Elasticsearch9SearchQueryCompiler):
    mapping_class = Mapping


class AutocompleteQueryCompiler(stock.Elasticsearch9AutocompleteQueryCompiler):
    mapping_class = Mapping


class SearchResults(stock.Elasticsearch9SearchResults):
    """Results in the admin: none, and a line in the log, where the server is down."""

    def _do_search(self) -> list[Any]:
        try:
            return list(super()._do_search())
        except _DOWN:
            logger.exception("The search engine does not answer.")
            return []

    def _do_count(self) -> int:
        try:
            return super()._do_count()
        except _DOWN:
            logger.exception("The search engine does not answer.")
            return 0

    def _backend_do_search(self, body: dict[str, Any], **kwargs: Any) -> Any:
        for aggregation in body.get("aggregations", {}).values():
            aggregation.get("terms", {}).setdefault("size", 1000)  # Ten, if nothing is said.
        return super()._backend_do_search(body, **kwargs)


class ElasticsearchBackend(stock.Elasticsearch9SearchBackend):
    mapping_class = Mapping
    index_class = Index
    query_compiler_class = SearchQueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
    results_class = SearchResults
    atomic_rebuilder_class = Rebuilder
    settings = {"settings": {"analysis": ANALYSIS}}

    def __init__(self, params: dict[str, Any]) -> None:
        params["OPTIONS"] = {"max_retries": 1, "retry_on_timeout": False} | params.get("OPTIONS", {})
        super().__init__(params)

    @property
    def _pages(self) -> str:
        return self.get_index_for_model(Page).name

    @or_unavailable
    def find_pages(self, query: Query) -> Found:
        """One request: the page of ids, and how many of each kind whatever kinds are asked for."""
        filters: list[dict[str, Any]] = [{"term": {"fact_visible": True}}]
        if query.territory is not None:
            filters.append({"term": {"fact_territories": query.territory}})
        if query.themes:
            filters.append({"terms": {"fact_themes": list(query.themes)}})
        words = query.words.replace("\x00", " ")
        before = {"range": {"fact_date": {"lt": query.today.isoformat()}}}
        past = {"bool": {"must": [{"term": {"fact_kind": "event"}}, before]}}
        body: dict[str, Any] = {
            "query": {
                "bool": {
                    "must": {"match": {"_all_text": {"query": words, "operator": query.operator}}},
                    "filter": filters,
                    "should": [
                        {"match": {"title": {"query": words, "boost": 6}}},
                        {"match_phrase": {"title": {"query": words, "boost": 3}}},
                        {"match": {"_all_text_boost_2_0": {"query": words, "boost": 2}}},
                        # Above any score of words: what is past comes after everything else.
                        {"constant_score": {"filter": {"bool": {"must_not": past}}, "boost": 1000}},
                    ],
                }
            },
            "aggs": {"kinds": {"terms": {"field": "fact_kind", "size": 50}}},
            "from": query.start,
            "size": query.size,
            "sort": [{"fact_date": "desc"}, {"pk": "desc"}]
            if query.sort == DATE
            else ["_score", {"fact_date": "desc"}, {"pk": "desc"}],
            "_source": False,
            "track_total_hits": False,
        }
        if query.kinds:
            body["post_filter"] = {"terms": {"fact_kind": list(query.kinds)}}
        answer = self.es.options(request_timeout=self.timeout).search(index=self._pages, body=body)
        return Found(
            ids=[int(hit["_id"]) for hit in answer["hits"]["hits"]],
            counts={item["key"]: item["doc_count"] for item in answer["aggregations"]["kinds"]["buckets"]},
        )

    @or_unavailable
    def complete_pages(self, words: str, limit: int) -> list[int]:
        typed = " ".join(query_words(words))
        if not typed:
            return []
        answer = self.es.search(
            index=self._pages,
            query={
                "bool": {
                    "must": {"match": {"title_edgengrams": {"query": typed, "operator": "and"}}},
                    "filter": {"term": {"fact_visible": True}},
                }
            },
            sort=["_score", {"fact_date": "desc"}],
            size=limit,
            source=False,
        )
        return [int(hit["_id"]) for hit in answer["hits"]["hits"]]


SearchBackend = ElasticsearchBackend
