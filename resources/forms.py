"""The catalogue's filters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet

from portal.core.filters import ManyField
from portal.core.listing import ActiveFilter, ListingForm

from . import enums

ARRANGEMENT = ("tri", "vue")


class Sort:
    NEWEST = "recent"
    TITLE = "titre"
    CHOICES = [(NEWEST, "Les plus récentes"), (TITLE, "Titre, de A à Z")]


class View:
    LIST = "liste"
    TILES = "tuiles"
    CHOICES = [(TILES, "Tuiles"), (LIST, "Liste")]


def _several(label: str, choices: Any) -> ManyField:
    return ManyField(label=label, choices=choices, required=False)


class CatalogueForm(ListingForm):
    """Every filter takes several values: those of one facet widen, facets narrow each other."""

    type = _several("Type", enums.ResourceType.choices)
    categorie = _several("Me former", enums.TrainingCategory.choices)
    beneficiaire = _several("Bénéficiaires", enums.BeneficiaryCode.choices)
    niveau = _several("Niveau", enums.ResourceLevel.choices)
    format = _several("Format des fichiers", enums.FileFormat.choices)
    licence = _several("Licence", enums.Licence.choices)
    tri = forms.ChoiceField(label="Trier par", choices=Sort.CHOICES, required=False)
    vue = forms.ChoiceField(label="Affichage", choices=View.CHOICES, required=False)

    defaults: ClassVar[dict[str, Any]] = ListingForm.defaults | {"tri": Sort.NEWEST, "vue": View.TILES}

    def filter_type(self, items: QuerySet[Any], values: Iterable[str]) -> QuerySet[Any]:
        return items.filter(type__in=values)

    def filter_categorie(self, items: QuerySet[Any], values: Iterable[str]) -> QuerySet[Any]:
        return items.filter(category__in=values)

    def filter_niveau(self, items: QuerySet[Any], values: Iterable[str]) -> QuerySet[Any]:
        return items.filter(level__in=values)

    def filter_licence(self, items: QuerySet[Any], values: Iterable[str]) -> QuerySet[Any]:
        return items.filter(licence__in=values)

    def filter_beneficiaire(self, items: QuerySet[Any], values: Iterable[str]) -> QuerySet[Any]:
        through = items.model.beneficiaries.through
        return items.filter(pk__in=through.objects.filter(beneficiary__in=values).values("resourcepage"))

    def filter_format(self, items: QuerySet[Any], values: Iterable[str]) -> QuerySet[Any]:
        files = items.model._meta.get_field("files").related_model
        return items.filter(pk__in=files._base_manager.filter(format__in=values).values("page"))

    def filter_tri(self, items: QuerySet[Any], value: str) -> QuerySet[Any]:
        return items.order_by("title", "pk") if value == Sort.TITLE else items

    def active_filters(self) -> list[ActiveFilter]:
        """The order and the view are no filters: they are not shown as tags one removes."""
        return [
            ActiveFilter(str(self.fields[name].label), label, self.query(without=(name, value)))
            for name, value, label in self.pairs()
            if name not in ARRANGEMENT
        ]

    def query_with(self, name: str, value: str) -> str:
        """The query string of the same selection with one field set to ``value``."""
        pairs = [(field, each) for field, each, _ in self.pairs() if field != name]
        return urlencode([*pairs, (name, value)])

    def filtered_by(self, items: QuerySet[Any], name: str) -> QuerySet[Any] | None:
        """``items`` under one of the filters in force; None where it does not narrow them (the order, the view)."""
        method = getattr(self, f"filter_{name}", None)
        return method(items, self.active[name]) if method and name not in ARRANGEMENT else None
