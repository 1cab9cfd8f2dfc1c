"""The admin's home: what waits for the editor, and the shortest way to write. Few queries, however much there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from portal.accounts.abilities import can
from portal.accounts.rules import Ability
from portal.core.dashboard import CardContent
from portal.core.enums import ContentKind
from portal.core.models import PageFact
from portal.core.sections import registered_sections
from portal.territories.models import Space

from .. import dashboard
from .explorer import held_spaces

#: More spaces of one's own than that are found in the explorer.
MOST_SPACES = 6
FIGURES = (ContentKind.NEWS, ContentKind.EVENT, ContentKind.RESOURCE, ContentKind.INITIATIVE)


class CardPanel(Component):
    """A card of « Mon espace » (:mod:`pages.dashboard`), as a panel."""

    template_name = "pages/admin/home_card.html"

    def __init__(self, name: str, heading: str, order: int, loader: Callable[..., CardContent | None]) -> None:
        self.name, self.heading, self.order, self.loader = name, heading, order, loader

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        content = self.loader(user=parent_context["request"].user)
        return {"content": content, "name": self.name, "heading": self.heading}


@dataclass
class OwnSpace:
    """A space of the editor: its name and page, (kind, how many) of what is online, (label, address) to add."""

    title: str
    page_id: int
    figures: list[tuple[str, int]] = field(default_factory=list)
    actions: list[tuple[str, str]] = field(default_factory=list)


def own_spaces(user: Any) -> list[OwnSpace]:
    """The spaces that the person's own roles name, with figures and what may be added in one click. Three queries."""
    spaces = list(held_spaces(user).select_related("territory", "page").order_by("territory__name", "pk")[:MOST_SPACES])
    if not spaces:
        return []
    counted: dict[int, dict[str, int]] = {}
    facts = PageFact.objects.live_public().filter(space__in=spaces).order_by()
    for space_id, kind, count in facts.values_list("space", "kind").annotate(Count("pk")):
        counted.setdefault(space_id, {})[kind] = count
    sections = _sections(spaces)
    return [
        OwnSpace(
            space.territory.label,
            space.page_id,
            [(str(kind.label), counted.get(space.pk, {}).get(kind.value, 0)) for kind in FIGURES],
            sections.get(space.page.path, []),
        )
        for space in spaces
    ]


def _sections(spaces: list[Space]) -> dict[str, list[tuple[str, str]]]:
    """By path of the space's page: what its sections take, as (label, address of the form). One query."""
    makes = {}
    for section in registered_sections():
        models = section.page_class().allowed_subpage_models()
        if models:
            makes[section.slug] = models[0]
    step = Page.steplen
    found: dict[str, list[tuple[str, str]]] = {}
    paths = {space.page.path for space in spaces}
    children = Page.objects.filter(slug__in=makes, depth__in={space.page.depth + 1 for space in spaces})
    for path, slug, pk in children.order_by("path").values_list("path", "slug", "pk"):
        if path[:-step] in paths:
            meta = makes[slug]._meta
            address = reverse("wagtailadmin_pages:add", args=[meta.app_label, meta.model_name, pk])
            found.setdefault(path[:-step], []).append((str(meta.verbose_name), address))
    return found


class SpacesPanel(Component):
    """« Mes espaces »: figures, and what may be added in one click."""

    name = "own_spaces"
    order = 50
    template_name = "pages/admin/home_spaces.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user = parent_context["request"].user
        return {"spaces": own_spaces(user) if can(user, Ability.PUBLISH) else []}


def add_panels(request: HttpRequest, panels: list[Any]) -> None:
    """For ``construct_homepage_panels``."""
    panels.append(SpacesPanel())
    for order, (name, heading, loader) in enumerate(
        [
            ("reviews", "À relire avant publication", dashboard.reviews),
            ("reports", "Signalements des lecteurs", dashboard.reports),
            ("drafts", "Mes brouillons", dashboard.drafts),
            ("expiring", "Bientôt périmé", dashboard.expiring),
            ("stale", "Pages à relire", dashboard.stale),
        ]
    ):
        panels.append(CardPanel(name, heading, 60 + order, loader))
