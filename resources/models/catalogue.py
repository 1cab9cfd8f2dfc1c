"""« Ressources » of a space: the catalogue, its facets, its feeds."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as PaginatorPage
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from wagtail.contrib.routable_page.models import path

from portal.core.listing import FilterableIndexPage

from ..facets import Facet, count_facets
from ..forms import CatalogueForm, Sort, View
from .resource import ResourcePage


def page_numbers(page: PaginatorPage[Any]) -> list[int | str]:
    """The page numbers to show, with an ellipsis where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


class CataloguePage(FilterableIndexPage):
    """The resources of a space, by facets with counts."""

    item_model = ResourcePage
    form_class = CatalogueForm
    template = "resources/catalogue_page.html"
    subpage_types = ["resources.ResourcePage"]
    empty_text = "Aucune ressource n'est encore publiée ici."

    class Meta:
        verbose_name = "catalogue de ressources"
        verbose_name_plural = "catalogues de ressources"

    def get_items(self) -> QuerySet[Any]:
        return super().get_items().select_related("organisation").prefetch_related("files").defer_streamfields()

    @path("")
    def listing(self, request: HttpRequest) -> TemplateResponse:
        response = super().listing(request)
        assert response.context_data is not None
        form = response.context_data["form"]
        facets = count_facets(form, ResourcePage.objects.filter(fact__visible=True, fact__kind=ResourcePage.fact_kind))
        response.context_data |= {
            "facets": facets,
            "selected": [
                (facet, value, self.query_without(request, facet, value.value))
                for facet in facets
                for value in facet.selected
            ],
            "tiles": form.active.get("vue", View.TILES) == View.TILES,
            "sort": form.active.get("tri", Sort.NEWEST),
            "sorts": Sort.CHOICES,
            "views": [(value, label, self.query_with(request, "vue", value)) for value, label in View.CHOICES],
            "page_numbers": page_numbers(response.context_data["items"]),
            "words": form.active.get("q", ""),
        }
        return response

    def query_without(self, request: HttpRequest, facet: Facet, value: str) -> str:
        """The query string of the page with one value of a facet taken off."""
        return urlencode([pair for pair in self._pairs(request) if pair != (facet.name, value)])

    def query_with(self, request: HttpRequest, name: str, value: str) -> str:
        return urlencode([pair for pair in self._pairs(request) if pair[0] != name] + [(name, value)])

    def _pairs(self, request: HttpRequest) -> list[tuple[str, str]]:
        known = self.form_class.base_fields
        return [(name, value) for name, values in request.GET.lists() for value in values if name in known and value]
