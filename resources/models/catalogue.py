"""« Ressources » of a space: the catalogue, its facets, its feeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page as PaginatorPage
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from portal.core.listing import FilterableIndexPage, ListingForm

from ..facets import Facet, count_facets
from ..forms import CatalogueForm, Sort, View
from .resource import ResourceFile, ResourcePage


class CountedItems(Sequence[Any]):
    """A selection whose size came with its facets: a paginator needs not count it again. Slices read the database."""

    def __init__(self, items: QuerySet[Any], total: int, facets: list[Facet]) -> None:
        self.items, self.total, self.facets = items, total, facets

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, wanted: Any) -> Any:
        return list(self.items[wanted])


class CataloguePage(FilterableIndexPage):
    """The resources of a space, by facets with counts."""

    item_model = ResourcePage
    form_class = CatalogueForm
    template = "resources/catalogue_page.html"
    subpage_types = ["resources.ResourcePage"]
    empty_text = "Aucune ressource n’est encore publiée ici."
    item_columns = ("type", "level", "duration")
    item_names = ("ressource", "ressources")
    pictogram = "book"

    class Meta:
        verbose_name = "catalogue de ressources"
        verbose_name_plural = "catalogues de ressources"

    def arranged_items(self, form: ListingForm, request: HttpRequest) -> CountedItems:
        """The page shows the formats of the files, and no themes."""
        assert isinstance(form, CatalogueForm)
        visible = ResourcePage.objects.filter(fact__visible=True, fact__kind=ResourcePage.fact_kind)
        facets, total = count_facets(form, visible)
        formats = Prefetch("files", ResourceFile.objects.select_related(None).only("page_id", "format"))
        shown = self.filtered_items(form).prefetch_related(None).prefetch_related(formats)
        return CountedItems(shown, total, facets)

    def listing_context(self, request: HttpRequest, form: ListingForm, page: PaginatorPage[Any]) -> dict[str, Any]:
        assert isinstance(form, CatalogueForm)
        context = super().listing_context(request, form, page)
        items = page.paginator.object_list
        assert isinstance(items, CountedItems)
        return context | {
            "facets": items.facets,
            "tiles": form.active.get("vue", View.TILES) == View.TILES,
            "sorts": [
                (label, form.query_with("tri", value), value == form.active.get("tri", Sort.NEWEST))
                for value, label in Sort.CHOICES
            ],
            "views": [
                (label, form.query_with("vue", value), value == form.active.get("vue", View.TILES))
                for value, label in View.CHOICES
            ],
            "arrangement": [(name, form.active[name]) for name in ("tri", "vue") if name in form.active],
        }
