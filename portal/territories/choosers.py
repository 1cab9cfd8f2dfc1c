"""Choosing a territory in Wagtail's admin: by name, code or postal code, never in a list of 36,000."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from .enums import Level
from .lookups import find_territories
from .models import Territory

FOUND = 40


class TerritoryFilterForm(BaseFilterForm):
    """The search of the chooser, the same as on the public site."""

    q = forms.CharField(
        label="Chercher",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": "Nom, code postal ou code INSEE"}),
    )

    def filter(self, objects: QuerySet[Territory]) -> Any:
        words = self.cleaned_data.get("q", "").strip()
        if not words:
            return objects
        self.search_query, self.is_searching = words, True
        return [match.territory for match in find_territories(words, limit=FOUND).matches]


class _Screen:
    filter_form_class = TerritoryFilterForm
    ordering = ["search_name", "level", "code"]

    def get_object_list(self) -> QuerySet[Territory]:
        """Before a search, what is chosen most: régions and départements."""
        return Territory.objects.current().filter(level__in=[Level.NATION, Level.REGION, Level.DEPARTEMENT])

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,  # type: ignore[misc]
            Column("level", label="Échelon", accessor="get_level_display"),
            Column("code", label="Code"),
        ]


class TerritoryChooseView(_Screen, ChooseView):
    pass


class TerritoryChooseResultsView(_Screen, ChooseResultsView):
    pass


class TerritoryChooserViewSet(ChooserViewSet):
    model = Territory
    icon = "globe"
    choose_one_text = "Choisir un territoire"
    choose_another_text = "Choisir un autre territoire"
    choose_view_class = TerritoryChooseView
    choose_results_view_class = TerritoryChooseResultsView
    per_page = FOUND


territory_chooser = TerritoryChooserViewSet("territory_chooser")
