"""Opening and closing the space of a territory (docs/spaces.md)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Collection, Page

from portal.accounts.abilities import can
from portal.accounts.invitations.services import invite_once
from portal.accounts.models import User
from portal.accounts.rules import SPACE_ROLE, Ability
from portal.accounts.services import grant_membership
from portal.core.sections import registered_sections, space_closed, space_opened
from portal.territories.enums import Level
from portal.territories.models import Space, Territory

from ..models import TerritoryPage
from .archiving import archive_pages, forget_redirects, restore_pages
from .nesting import free_slug, parent_page, place, place_nested, space_above
from .reviews import ensure_workflow


class SpaceError(Exception):
    """The space cannot be opened or closed; the message is French, for the person who tried."""


@transaction.atomic
def open_territory_space(
    *, territory: Territory, actor: User | None = None, editors: Iterable[User] = (), invited: Iterable[str] = ()
) -> Space:
    """Open the space of ``territory``: page, sections, collection, groups, workflow, first editors. Idempotent.

    ``editors`` have accounts and get the role at once; ``invited`` are addresses that have none: each is written to,
    once however often it is asked (``actor`` is who invites them, and may not be the system).

    Nested under the nearest open space that contains it; open spaces inside it move beneath it. A closed space is
    opened again with exactly what was published when it closed. Side effects: log rows, redirects of what moved,
    permissions; sends ``space_opened`` inside the transaction, so that apps add what is theirs (a mailing list).
    ``actor`` None is the system. Raises :class:`SpaceError` when the actor may not, or the territory is no more;
    ``GrantError`` and ``InvitationError`` from the two services.
    """
    _check(actor)
    _one_at_a_time()
    territory = Territory.objects.get(pk=territory.pk)
    if territory.ended_on is not None:
        raise SpaceError(f"« {territory.label} » n'existe plus : ouvrez l'espace du territoire qui le remplace.")
    space = Space.objects.filter(territory=territory).first()
    if space is None:
        space = _make(territory)
        log(instance=space, action="pages.space_open", user=actor, title=str(space))
    elif not space.is_open:
        _reopen(space, actor)
    add_sections(space)
    ensure_workflow(space)
    if territory.level != Level.NATION:
        place_nested(territory, actor=actor)
    for editor in editors:
        grant_membership(actor=actor, user=editor, role=SPACE_ROLE, territory=territory)
    for address in invited:
        if actor is None:
            raise SpaceError("Une invitation se fait au nom d'une personne.")
        invite_once(actor=actor, email=address, role=SPACE_ROLE, territory=territory)
    space_opened.send(sender=Space, space=space, actor=actor)
    # Read again: adding children made the page in memory stale.
    return Space.objects.select_related("territory", "page", "collection", "workflow").get(pk=space.pk)


@transaction.atomic
def close_territory_space(*, space: Space, actor: User | None = None) -> None:
    """Archive a space: unpublished, its editors' permissions removed, its addresses lead to the nearest open one.

    Nothing is deleted, and the open spaces beneath it move up. Closing twice does nothing. Side effects: log rows,
    redirects, permissions; sends ``space_closed`` inside the transaction. Raises :class:`SpaceError` when the actor
    may not, and for the national space.
    """
    _check(actor)
    _one_at_a_time()
    space = Space.objects.select_for_update(of=("self",)).select_related("territory").get(pk=space.pk)
    if not space.is_open:
        return
    if space.territory.level == Level.NATION:
        raise SpaceError("L'espace national ne se ferme pas.")
    space.closed_at = timezone.now()
    space.save(update_fields=["closed_at"])
    place_nested(space.territory, actor=actor)
    archive_pages(space, actor=actor)
    log(instance=space, action="pages.space_close", user=actor, title=str(space))
    space_closed.send(sender=Space, space=space, actor=actor)


def set_up_space(*, territory: Territory, page: Page) -> Space:
    """The :class:`Space` row of ``page``, with its media collection (nested as the pages are) and its workflow."""
    above = space_above(page)
    parent = Collection.objects.get(pk=above.collection_id) if above else Collection.get_first_root_node()
    collection = parent.add_child(instance=Collection(name=f"{territory.label}"))
    space = Space.objects.create(territory=territory, page=page, collection=collection)
    ensure_workflow(space)
    return space


def add_sections(space: Space) -> None:
    """Make the sections that the space does not have yet."""
    page = Page.objects.get(pk=space.page_id)
    have = set(page.get_children().values_list("slug", flat=True))
    for section in registered_sections():
        if section.slug not in have:
            page.add_child(instance=section.page_class()(title=section.title, slug=section.slug, show_in_menus=True))


def _one_at_a_time() -> None:
    """Wait for whoever opens or closes a space, until the transaction's end.

    The same space opened twice is then found open; a département and its région nest, whichever comes first; and no
    two pages or collections take the same place in their tree.
    """
    list(Territory.objects.select_for_update(no_key=True).filter(level=Level.NATION).values_list("pk"))


def _check(actor: User | None) -> None:
    if actor is not None and not can(actor, Ability.OPEN_SPACES):
        raise SpaceError("Seule l'administration nationale ouvre et ferme les espaces.")


def _make(territory: Territory) -> Space:
    parent = parent_page(territory)
    page = TerritoryPage(title=territory.name, slug=free_slug(parent, territory), show_in_menus=False)
    parent.add_child(instance=page)
    return set_up_space(territory=territory, page=page)


def _reopen(space: Space, actor: User | None) -> None:
    forget_redirects(Page.objects.get(pk=space.page_id))
    space.closed_at = None
    space.save(update_fields=["closed_at"])
    place(space, actor=actor)
    restore_pages(space, actor=actor)
    log(instance=space, action="pages.space_open", user=actor, title=str(space))
