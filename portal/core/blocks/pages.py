"""Pages shown inside others: read all at once, and only where anyone may read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import F
from wagtail import blocks
from wagtail.models import Page

from ..images import prefetch_card_images
from ..models import PageFact


def card_pages(ids: Iterable[int]) -> dict[int, Page]:
    """The specific pages of those ids, each with its ``fact``, territory and image renditions; in no order.

    Visible or not: ``page.fact.visible`` says. Queries: one, one a type of page, one for the renditions of all.
    """
    facts = (
        PageFact.objects.filter(page__in=set(ids))
        .select_related("territory", "space__territory")
        .annotate(type_id=F("page__content_type"))
        .in_bulk()
    )
    by_type: dict[int, list[int]] = defaultdict(list)
    for pk, fact in facts.items():
        by_type[fact.type_id].append(pk)
    pages: dict[int, Page] = {}
    for type_id, pks in sorted(by_type.items()):
        model = ContentType.objects.get_for_id(type_id).model_class() or Page
        items: Any = model._default_manager.filter(pk__in=pks)
        pages |= items.defer_streamfields().in_bulk()
    for pk, page in pages.items():
        page.fact = facts[pk]
    prefetch_card_images(pages.values())
    return pages


class VisiblePageChooserBlock(blocks.PageChooserBlock):
    """A chooser whose pages carry what a card needs, read together for the whole body."""

    def bulk_to_python(self, values: Iterable[Any]) -> list[Page | None]:
        values = list(values)
        pages = card_pages(pk for pk in values if pk)
        return [copy(pages[pk]) if pk in pages else None for pk in values]

    def to_python(self, value: Any) -> Page | None:
        return self.bulk_to_python([value])[0]

    def value_from_form(self, value: Any) -> Page | None:
        page = super().value_from_form(value)
        return page and self.to_python(page.pk)

    def clean(self, value: Page | None) -> Page | None:
        page = super().clean(value)
        return page and self.to_python(page.pk)


class HighlightedPagesBlock(blocks.StructBlock):
    """« Pages mises en avant » : cards of pages of the portal; those unpublished or private since are left out."""

    title = blocks.CharBlock(label="Titre", max_length=120, required=False)
    pages = blocks.ListBlock(VisiblePageChooserBlock(label="Page"), label="Pages", min_num=1, max_num=12)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["pages"] = [page for page in value["pages"] if page is not None and page.fact.visible]
        return context

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        ids = [page.pk for page in cleaned["pages"] if page]
        if len(ids) != len(set(ids)):
            raise blocks.StructBlockValidationError(
                block_errors={"pages": ValidationError("La même page est choisie deux fois.")}
            )
        return cleaned

    class Meta:
        label = "Pages mises en avant"
        icon = "doc-full-inverse"
        group = "Liens"
        template = "blocks/highlighted_pages.html"
        label_format = "Pages mises en avant : {title}"
        description = "Les cartes de pages du portail, toujours à jour."
