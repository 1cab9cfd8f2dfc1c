"""What is indexed of an object, read from its ``search_fields`` whatever the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Manager, Model
from modelsearch.index import AutocompleteField, RelatedFields, SearchField
from wagtail.models import Page

from portal.core.models import PageFact
from portal.territories.enums import Level
from portal.territories.models import Territory

from .models import PageText
from .text import pieces, run_together

MAX_TEXT = 50_000
_BATCH = 500


@dataclass
class Document:
    """Texts of one object by weight: its title, what carries a boost (lead…), the rest, and what completes.

    ``keywords`` are found but not shown: the names and codes of a page's territory.
    """

    title: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    autocomplete: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All but the title, as readers see it, on one line."""
        return run_together([*self.head, *self.body])[:MAX_TEXT]


def _values(obj: Any, fields: Iterable[Any]) -> Iterator[tuple[Any, list[str]]]:
    for item in fields:
        if isinstance(item, RelatedFields):
            related = item.get_value(obj)
            if related is None:
                continue
            for other in related.all() if isinstance(related, Manager) else [related]:
                yield from _values(other, item.fields)
        elif isinstance(item, SearchField | AutocompleteField):
            yield item, pieces(item.get_value(obj))


def read(obj: Any) -> Document:
    """The document of ``obj``, an instance of its specific class."""
    document = Document()
    for item, texts in _values(obj, obj.get_search_fields()):
        if isinstance(item, AutocompleteField):
            document.autocomplete += texts
        elif item.field_name == "title":
            document.title += texts
        elif (item.boost or 1) > 1:
            document.head += texts
        else:
            document.body += texts
    return document


def read_many(model: type[Model], items: Iterable[Any]) -> dict[int, Document]:
    """The documents of ``items`` by primary key; pages with their territory's names. One query for pages, else none."""
    read_items = {item.pk: read(item) for item in items}
    if issubclass(model, Page):
        facts = PageFact.objects.filter(page__in=read_items).order_by("page")
        for fact in facts.select_related("territory__departement", "territory__region"):
            if fact.territory is not None:
                read_items[fact.page_id].keywords += territory_keywords(fact.territory)
    return read_items


def territory_keywords(territory: Territory) -> list[str]:
    """What someone may type to find what happens in ``territory``: its names and those above it, its code."""
    if territory.level == Level.NATION:
        return []
    chain = [territory, territory.departement, territory.region]
    names = [item.name for item in chain if item is not None]
    return [*dict.fromkeys(names), territory.code] if territory.level == Level.DEPARTEMENT else [*dict.fromkeys(names)]


def store_texts(model: type[Model], documents: dict[int, Document]) -> None:
    """Keep the plain text of pages (id → document); nothing for other models. One query a batch."""
    if issubclass(model, Page):
        PageText.objects.bulk_create(
            (PageText(page_id=pk, text=document.text) for pk, document in documents.items()),
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["page"],
            update_fields=["text"],
        )
