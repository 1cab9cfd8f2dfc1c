"""Opening and closing the space of a territory."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Page

from portal.accounts.models import User
from portal.core.sections import registered_sections, space_closed, space_opened
from portal.territories.enums import Level
from portal.territories.models import Space, Territory

from ..models import TerritoryDirectoryPage, TerritoryPage


@transaction.atomic
def open_territory_space(*, territory: Territory, actor: User | None = None, editors: Iterable[User] = ()) -> Space:
    """Open the space of ``territory``: page, sections, collection, groups, workflow; idempotent.

    Nested under the nearest open space that contains it. Sends ``space_opened`` inside the transaction, so that apps
    add what is theirs (a mailing list). A closed space is opened again, its pages published as they were.
    """
    space = Space.objects.filter(territory=territory).first()
    if space is None:
        parent = _parent_page(territory)
        page = TerritoryPage(title=territory.name, slug=_free_slug(parent, territory), show_in_menus=False)
        parent.add_child(instance=page)
        space = set_up_space(territory=territory, page=page)
    elif not space.is_open:
        space.closed_at = None
        space.save(update_fields=["closed_at"])
        space.page.specific.save_revision(user=actor).publish(user=actor)
    add_sections(space)
    space_opened.send(sender=Space, space=space, actor=actor)
    # Read again: adding children made the page in memory stale.
    return Space.objects.select_related("territory", "page", "collection").get(pk=space.pk)


@transaction.atomic
def close_territory_space(*, space: Space, actor: User | None = None) -> None:
    """Archive a space: its pages are unpublished and its address leads to the nearest open one. Nothing is deleted."""
    page = space.page.specific
    parent = page.get_parent()
    page.unpublish(set_expired=False, user=actor)
    for descendant in page.get_descendants().live().specific():
        descendant.unpublish(user=actor, log_action=True)
    space.closed_at = timezone.now()
    space.save(update_fields=["closed_at"])
    Redirect.add_redirect(page.url_path, redirect_to=parent, is_permanent=False)
    space_closed.send(sender=Space, space=space, actor=actor)


def set_up_space(*, territory: Territory, page: Page) -> Space:
    """The :class:`Space` row of ``page``, with its media collection, nested as the pages are."""
    above = space_above(page)
    parent = Collection.objects.get(pk=above.collection_id) if above else Collection.get_first_root_node()
    collection = parent.add_child(instance=Collection(name=f"{territory.label}"))
    return Space.objects.create(territory=territory, page=page, collection=collection)


def space_above(page: Page) -> Space | None:
    """The nearest space strictly above ``page``."""
    paths = [page.path[:end] for end in range(page.steplen, len(page.path), page.steplen)]
    return Space.objects.filter(page__path__in=paths).order_by("-page__depth").first()


def add_sections(space: Space) -> None:
    """Make the sections that the space does not have yet."""
    page = Page.objects.get(pk=space.page_id)
    have = set(page.get_children().values_list("slug", flat=True))
    for section in registered_sections():
        if section.slug not in have:
            page.add_child(instance=section.page_class()(title=section.title, slug=section.slug, show_in_menus=True))


def _parent_page(territory: Territory) -> Page:
    """The page of the nearest open space containing ``territory``, else the directory."""
    levels = [level for level in reversed(Level.values) if level not in (Level.NATION, territory.level)]
    spaces = {
        space.territory.level: space
        for space in Space.objects.select_related("territory", "page").filter(
            closed_at=None, territory__descendant_links__descendant=territory
        )
        if territory.level not in (Level.EPCI,) or space.territory_id in (territory.departement_id, territory.region_id)
    }
    for level in levels:
        if level in spaces:
            return spaces[level].page
    return TerritoryDirectoryPage.objects.get()


def _free_slug(parent: Page, territory: Territory) -> str:
    slug = territory.slug or slugify(territory.name)
    return slug if parent.get_children().filter(slug=slug).count() == 0 else f"{slug}-{territory.code.lower()}"
