"""« Plan du site » : what the portal holds, in the order of its menu, spaces as territories nest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from wagtail.models import Page

from portal.core.enums import ContentKind
from portal.territories.models import Territory
from portal.territories.text import fold

#: From so many spaces on, the list of those at its top stands before it, as links.
LONG = 40


@dataclass
class Entry:
    """An entry of the site map and those beneath it."""

    title: str
    url: str
    anchor: str = ""
    children: list[Entry] = field(default_factory=list)


@dataclass
class SiteMap:
    """``sections`` in the order of the menu; ``spaces`` by name, nested; ``help``; ``about``, every other page."""

    sections: list[Entry]
    spaces: list[Entry]
    help: list[Entry]
    about: list[Entry]
    space_count: int

    @property
    def is_long(self) -> bool:
        return self.space_count > LONG


def site_map(home: Page) -> SiteMap:
    """Sections, open spaces, standard and help pages that anyone may read; pages of content are reached by their lists.

    One query for the whole tree.
    """
    pages = (
        Page.objects.filter(
            Q(depth__lte=home.depth + 2) | Q(territory_space__isnull=False, territory_space__closed_at=None),
            fact__visible=True,
            fact__kind__in=[ContentKind.PAGE, ContentKind.SPACE, ContentKind.HELP],
            path__startswith=home.path,
            depth__gt=home.depth,
        )
        .select_related("fact", "territory_space__territory")
        .only(
            *("path", "depth", "title", "url_path", "show_in_menus", "fact__kind", "territory_space__closed_at"),
            *(f"territory_space__territory__{name}" for name in ("level", "code", "name", "kind", "departement")),
        )
        .order_by("path")
    )
    found = SiteMap([], [], [], [], 0)
    listed: dict[str, Entry] = {}
    spaces: dict[str, tuple[Entry, Territory]] = {}
    for page in pages:
        space = getattr(page, "territory_space", None)
        entry = Entry(page.title, "/" + page.url_path[len(home.url_path) :])
        if space is not None:
            entry.anchor = f"espace-{space.territory.key}"
            above = _above(page.path, spaces)
            (spaces[above][0].children if above else found.spaces).append(entry)
            spaces[page.path] = entry, space.territory
            continue
        if above := _above(page.path, listed):
            listed[above].children.append(entry)
        elif page.fact.kind == ContentKind.HELP:
            found.help.append(entry)
        elif page.depth == home.depth + 1 and page.show_in_menus:
            found.sections.append(entry)
        else:
            found.about.append(entry)
        listed[page.path] = entry
    found.space_count = len(spaces)
    names = Counter(entry.title for entry, _ in spaces.values())
    for entry, territory in spaces.values():
        entry.children.sort(key=_by_name)
        if names[entry.title] > 1:
            entry.title = territory.label
    found.spaces.sort(key=_by_name)
    return found


def _by_name(entry: Entry) -> str:
    return fold(entry.title)


def _above(path: str, entries: Mapping[str, object]) -> str:
    """The path of the nearest of ``entries`` above ``path``; "" for none."""
    while path := path[: -Page.steplen]:
        if path in entries:
            return path
    return ""
