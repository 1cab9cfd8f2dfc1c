"""Where a space lies: its page and its media collection, nested as the open spaces' territories are."""

from __future__ import annotations

from django.utils.text import slugify
from wagtail.models import Collection, Page

from portal.accounts.models import User
from portal.accounts.services import sync_spaces
from portal.territories.enums import Level
from portal.territories.models import Space, Territory

from ..models import TerritoryDirectoryPage


def parent_page(territory: Territory) -> Page:
    """The page of the nearest open space that contains ``territory``, else the directory.

    Of several départements or régions (an EPCI over them), the principal one.
    """
    spaces = (
        Space.objects.select_related("territory", "page")
        .filter(closed_at=None, territory__descendant_links__descendant=territory)
        .exclude(territory=territory)
        .exclude(territory__level=Level.NATION)
    )
    principal = {Level.DEPARTEMENT: territory.departement_id, Level.REGION: territory.region_id}
    near = [space for space in spaces if principal.get(Level(space.territory.level)) in (None, space.territory_id)]
    if near:
        return max(near, key=lambda space: (Level(space.territory.level).rank, -space.pk)).page
    return TerritoryDirectoryPage.objects.get()


def space_above(page: Page) -> Space | None:
    """The nearest space strictly above ``page``."""
    paths = [page.path[:end] for end in range(page.steplen, len(page.path), page.steplen)]
    return Space.objects.filter(page__path__in=paths).order_by("-page__depth").first()


def free_slug(parent: Page, territory: Territory, *, page_id: int | None = None) -> str:
    """The territory's slug, told apart from its future siblings by code, level and at last a number."""
    taken = set(parent.get_children().exclude(pk=page_id).values_list("slug", flat=True))
    slug = territory.slug or slugify(territory.name) or territory.key
    candidates = [slug, f"{slug}-{territory.code.lower()}", f"{slug}-{territory.key.lower()}"]
    number = 2
    while candidates[0] in taken:
        candidates = candidates[1:] or [f"{slug}-{territory.key.lower()}-{number}"]
        number += 1
    return candidates[0]


def place(space: Space, *, actor: User | None = None) -> bool:
    """Move a space where it belongs; whether it had to move.

    Side effects: redirects from the old addresses (Wagtail's), facts of the pages, permissions.
    """
    page, parent = Page.objects.get(pk=space.page_id), parent_page(space.territory)
    if page.get_parent().pk == parent.pk:
        return False
    slug = free_slug(parent, space.territory, page_id=page.pk)
    if page.slug != slug:
        specific = page.specific
        specific.slug = slug
        specific.save(update_fields=["slug", "url_path"])
        page = Page.objects.get(pk=page.pk)
    page.move(Page.objects.get(pk=parent.pk), pos="last-child", user=actor)
    moved = Page.objects.get(pk=page.pk)
    above = space_above(moved)
    root = Collection.objects.get(pk=above.collection_id) if above else Collection.get_first_root_node()
    Collection.objects.get(pk=space.collection_id).move(root, pos="sorted-child")
    sync_spaces(Space.objects.filter(page__path__startswith=moved.path))
    return True


def place_nested(territory: Territory, *, actor: User | None = None) -> int:
    """Move the open spaces inside ``territory`` where they belong, the widest first; returns how many moved."""
    nested = (
        Space.objects.select_related("territory")
        .filter(closed_at=None, territory__ancestor_links__ancestor=territory)
        .exclude(territory=territory)
    )
    return sum(
        place(space, actor=actor)
        for space in sorted(nested, key=lambda space: (Level(space.territory.level).rank, space.pk))
    )
