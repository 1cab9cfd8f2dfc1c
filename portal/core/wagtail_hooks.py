"""What the portal adds to Wagtail's admin for every app."""

from __future__ import annotations

from wagtail import hooks

from portal.territories.choosers import TerritoryChooserViewSet, territory_chooser

from .modeladmin import guard_lists

guard_lists()


@hooks.register("register_admin_viewset")
def register_territory_chooser() -> TerritoryChooserViewSet:
    return territory_chooser
