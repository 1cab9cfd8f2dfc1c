"""The admin's menus as an editor of the portal reads them: their order, their words, no way out that is not said."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem, SubmenuMenuItem
from wagtail.snippets.views.snippets import ModelIndexView

# What one writes, what one writes with, whom one writes for; then what is set up once.
ORDER = {
    "explorer": 100,
    "mes-pages": 105,
    "images": 110,
    "documents": 120,
    "lieux": 130,
    "forms": 140,
    "lettres": 150,
}
VOCABULARY = "Vocabulaire"


def arrange_main_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """For ``construct_main_menu``. Wagtail keeps the items between requests: done again, it changes nothing."""
    for place, item in enumerate(items):
        item.order = ORDER.get(item.name, item.order)
        if item.name == "snippets":
            item.label, item.icon_name, item.order = VOCABULARY, "tag", 610
        elif item.name == "settings" and type(item) is not SubmenuMenuItem:
            # Wagtail's own class, less the version written at the foot.
            items[place] = SubmenuMenuItem(
                item.label, item.menu, name=item.name, icon_name=item.icon_name, order=item.order
            )


def arrange_help_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """For ``construct_help_menu``: the portal's own help; Wagtail's release notes and guide are outside."""
    items[:] = [item for item in items if item.name != "editor-guide" and not item.name.startswith("whats-new-")]


def name_vocabulary() -> None:
    """Themes and publics, under their own name rather than « Fragments »."""
    ModelIndexView.page_title, ModelIndexView.header_icon = VOCABULARY, "tag"
