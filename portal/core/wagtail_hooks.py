"""What the portal adds to Wagtail's admin for every app."""

from __future__ import annotations

from wagtail import hooks

from portal.territories.choosers import TerritoryChooserViewSet, territory_chooser

from .admin_menu import arrange_help_menu, arrange_main_menu, name_vocabulary
from .modeladmin import guard_lists, speak_french

guard_lists()
speak_french()
name_vocabulary()
hooks.register("construct_main_menu", arrange_main_menu)
hooks.register("construct_help_menu", arrange_help_menu)


@hooks.register("register_admin_viewset")
def register_territory_chooser() -> TerritoryChooserViewSet:
    return territory_chooser
