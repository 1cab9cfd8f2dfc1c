"""What the home page and the space pages show of each app. Each content app registers its own in ``AppConfig.ready``::

    from portal.core.highlights import register_highlight

    register_highlight(
        kind="event", title="Prochains rendez-vous", order=20, loader=upcoming_highlights,
        template="partials/highlight_cards.html", section="agenda", pictogram="calendar", limit=4,
    )

``loader(territory=…, space=…, limit=…)`` returns at most ``limit`` objects in one query (each further query is paid on
every cold home page). At most one of the two scopes is given:

* ``territory``: the visitor's; what concerns it, that is inside it or above it;
* ``space``: the space being shown; what lies inside its territory;
* neither: the whole country.

:func:`concerning` turns these into a filter on pages. ``template`` gets ``items``, ``heading`` ("h3") and
``highlight``; ``partials/highlight_cards.html`` shows each item with ``partials/card.html``. Images of the items are
fetched by the caller, all kinds in one query: a loader neither selects ``image`` nor prefetches renditions, and reads
pages through :func:`portal.core.cards.card_rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Q
from django.utils.module_loading import import_string

from portal.territories.enums import Level
from portal.territories.models import Space, Territory, TerritoryLink

from .images import prefetch_card_images


class Loader(Protocol):
    def __call__(self, *, territory: Territory | None, space: Space | None, limit: int) -> Sequence[Any]: ...


@dataclass(frozen=True)
class Highlight:
    """A block of the home page: ``section`` is the slug of the section page that its « voir tout » link leads to."""

    kind: str
    title: str
    order: int
    loader: Callable[..., Sequence[Any]] | str
    template: str
    section: str = ""
    pictogram: str = ""
    limit: int = 3
    empty_text: str = ""


@dataclass(frozen=True)
class LoadedHighlight:
    """A highlight with its items, ready for a template."""

    highlight: Highlight
    items: Sequence[Any]


@dataclass(frozen=True)
class SpacePanel:
    """A block of the space pages that changes seldom: ``loader(space)`` gives its items, from memory once read."""

    kind: str
    title: str
    loader: str
    template: str
    pictogram: str = ""


_highlights: dict[str, Highlight] = {}
_space_panels: dict[str, SpacePanel] = {}


def register_highlight(
    kind: str,
    title: str,
    order: int,
    loader: Callable[..., Sequence[Any]] | str,
    template: str = "partials/highlight_cards.html",
    **options: Any,
) -> None:
    """Declare a block; ``loader`` may be a dotted path, imported at first use. A kind registered again replaces."""
    _highlights[kind] = Highlight(kind, title, order, loader, template, **options)


def registered_highlights() -> list[Highlight]:
    """All blocks, in the order they are shown."""
    return sorted(_highlights.values(), key=lambda highlight: (highlight.order, highlight.kind))


def load_highlights(
    *, territory: Territory | None = None, space: Space | None = None, kinds: Collection[str] | None = None
) -> list[LoadedHighlight]:
    """Every block (or those of ``kinds``) with its items: one query a loader and one for the images of them all."""
    loaded = []
    for highlight in registered_highlights():
        if kinds is not None and highlight.kind not in kinds:
            continue
        loader = import_string(highlight.loader) if isinstance(highlight.loader, str) else highlight.loader
        items = list(loader(territory=territory, space=space, limit=highlight.limit))
        loaded.append(LoadedHighlight(highlight, items))
    prefetch_card_images([item for block in loaded for item in block.items])
    return loaded


def register_space_panel(kind: str, title: str, loader: str, template: str, pictogram: str = "") -> None:
    """Declare a block of the space pages, shown where it has items. ``loader``: a dotted path, imported at first use.

    A cold space page has no query left: the loader keeps what it reads in memory
    (:func:`portal.core.filters.cached_choices`), and its app forgets it when it changes.
    """
    _space_panels[kind] = SpacePanel(kind, title, loader, template, pictogram)


def load_space_panels(space: Space) -> list[tuple[SpacePanel, Sequence[Any]]]:
    """The blocks that have something to show in ``space``. No query once read."""
    loaded = ((panel, import_string(panel.loader)(space)) for panel in _space_panels.values())
    return [(panel, items) for panel, items in loaded if items]


def concerning(*, territory: Territory | None, space: Space | None, prefix: str = "fact__") -> Q:
    """The scope of a highlight as a filter on pages (``prefix`` leads from the queried model to the page's fact)."""
    if space is not None:
        territory = space.territory
    if territory is None or territory.level == Level.NATION:
        return Q()
    inside = TerritoryLink.objects.filter(ancestor=territory).values("descendant")
    scope = Q(**{f"{prefix}territory__in": inside})
    if space is None:
        above = TerritoryLink.objects.filter(descendant=territory).values("ancestor")
        scope |= Q(**{f"{prefix}territory__in": above})
    return scope
