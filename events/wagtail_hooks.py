"""The directory of venues in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.territories.text import fold

from .editing import admin as editing
from .editing import deletion
from .imports import admin as imports
from .models import Venue
from .organising import admin as organising


class VenueFilterForm(BaseFilterForm):
    """Venues by every word of their name or of their commune's, accents and case ignored."""

    q = forms.CharField(
        label="Chercher",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": "Nom du lieu ou de la commune"}),
    )

    def filter(self, objects: QuerySet[Venue]) -> QuerySet[Venue]:
        words = fold(self.cleaned_data.get("q", "")).split()
        for word in words:
            objects = objects.filter(Q(search_name__contains=word) | Q(commune__search_name__contains=word))
        self.search_query, self.is_searching = self.cleaned_data.get("q"), bool(words)
        return objects


class _Screen:
    filter_form_class = VenueFilterForm

    def get_object_list(self) -> QuerySet[Venue]:
        return Venue.objects.select_related("commune").order_by("search_name", "pk")

    @property
    def columns(self) -> list[Column]:
        return [*super().columns, Column("address", label="Adresse", accessor="full_address")]  # type: ignore[misc]


class VenueChooseView(_Screen, ChooseView):
    pass


class VenueChooseResultsView(_Screen, ChooseResultsView):
    pass


class VenueChooserViewSet(SnippetChooserViewSet):
    choose_view_class = VenueChooseView
    choose_results_view_class = VenueChooseResultsView


class VenueViewSet(SnippetViewSet):
    """Shared between spaces: any editor looks here before adding one, and the same place twice is refused."""

    model = Venue
    icon = "home"
    menu_label = "Lieux"
    add_to_admin_menu = True
    menu_order = 250
    chooser_viewset_class = VenueChooserViewSet
    list_display = ["name", Column("commune", label="Commune"), Column("postal_code", label="Code postal")]
    list_per_page = 50
    search_fields = ["search_name", "address", "commune__search_name"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return Venue.objects.select_related("commune").order_by("search_name", "pk")


register_snippet(VenueViewSet)


hooks.register("register_admin_urls", organising.urls)
hooks.register("register_admin_menu_item", organising.menu_item)
hooks.register("register_log_actions", organising.log_actions)
hooks.register("before_delete_page", deletion.refuse_deletion)
hooks.register("before_bulk_action", deletion.refuse_bulk_deletion)
hooks.register("register_admin_urls", imports.urls)
hooks.register("register_admin_menu_item", imports.menu_item)
hooks.register("register_log_actions", imports.log_actions)
hooks.register("register_admin_urls", editing.urls)
hooks.register("register_log_actions", editing.log_actions)
hooks.register("register_page_header_buttons", editing.header_buttons)
hooks.register("register_page_listing_more_buttons", editing.listing_buttons)
hooks.register("after_create_page", editing.warn_of_clashes)
hooks.register("after_edit_page", editing.warn_of_clashes)
