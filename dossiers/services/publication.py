"""The public page of an accepted dossier: made, brought up to date, taken down."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from portal.accounts.models import User
from portal.core.page_forms import free_slug
from portal.territories.models import Space
from portal.territories.text import address_slug

from ..access import lock
from ..enums import EventKind, Side, State
from ..journal import record
from ..models import Dossier, DossierEvent, DossierPage
from ..rules import DossierRefused
from ..territory.publishing import lead_of, public_content, space_for, words_of
from .versions import bump, check_version

#: After these the dossier's page is nobody's to read.
_ENDING = frozenset({EventKind.REOPENED, EventKind.BINNED})


@transaction.atomic
def publish_dossier(*, dossier: Dossier | uuid.UUID | str, actor: User, version: int | str | None) -> DossierPage:
    """Make the page of an accepted dossier in the open space of its territory (else of its département), live at once;
    or bring the one there is up to date.

    It holds what the form says in public (:func:`dossiers.territory.publishing.is_public`), never contacts. The
    instructing service publishes: no right on the space's pages is asked. What editors added to the page stays.
    Side effects: page, revision, log rows of Wagtail, an event. Raises Http404 out of rights, DossierConflict, and
    :class:`DossierRefused`: ``state``, ``publishable``, ``space``.
    """
    locked, rights = lock(dossier, actor)
    if not (rights.instructs or rights.validates):
        raise Http404
    check_version(locked, version, rights)
    if locked.state != State.ACCEPTED:
        raise DossierRefused("state", "Seul un dossier accepté est publié.")
    if not locked.type.publishable:
        raise DossierRefused("publishable", "Les dossiers de ce type ne sont pas publiés.")
    space = space_for(locked.territory)
    if space is None:
        raise DossierRefused(
            "space",
            f"Aucun espace n’est ouvert pour « {locked.territory.name} » : demandez-le à l’administration nationale, "
            "puis publiez.",
        )
    page = _page_of(locked, space)
    content = public_content(locked)
    page.title = locked.label[:255]
    page.draft_title = page.title
    page.kind, page.number = locked.type.kind, locked.number or ""
    page.organisation_name = locked.organisation.name[:300]
    page.accepted_on = timezone.localdate(locked.closed_at)
    page.territory = locked.territory if locked.territory_id != space.territory_id else None
    content["lead"] = lead_of(locked, content)
    if page.pk is None or page.lead == page.content.get("lead"):
        page.lead = content["lead"]  # Otherwise an editor wrote another.
    page.content, page.words = content, words_of(content)
    if page.pk is None:
        parent = Page.objects.get(pk=space.page_id)
        page.slug = free_slug(address_slug(page.title)[:200] or "dossier", parent, page)
        page.live = False
        parent.add_child(instance=page)
    locked.published_page = page
    bump(locked)
    locked.save(update_fields=["published_page", "version", "updated_at"])
    # A revision that is published writes the page; nobody's rights on the space are asked.
    page.save_revision(user=actor, log_action=False).publish(user=actor, skip_permission_checks=True)
    record(locked, EventKind.PUBLISHED, actor=actor, side=Side.INSTRUCTION, data={"page": page.pk, "space": str(space)})
    published: DossierPage = DossierPage.objects.get(pk=page.pk)
    return published


@transaction.atomic
def unpublish_dossier(*, dossier: Dossier | uuid.UUID | str, actor: User, version: int | str | None) -> Dossier:
    """Take the page down; it is kept, and published again at the same address.

    Side effects: log rows of Wagtail, an event. Raises Http404 out of rights, DossierConflict, and
    :class:`DossierRefused` (``unpublished``) where there is none to take down.
    """
    locked, rights = lock(dossier, actor)
    if not (rights.instructs or rights.validates):
        raise Http404
    check_version(locked, version, rights)
    if not take_down(locked, actor):
        raise DossierRefused("unpublished", "Ce dossier n’est pas publié.")
    bump(locked)
    locked.save(update_fields=["version", "updated_at"])
    record(locked, EventKind.UNPUBLISHED, actor=actor, side=Side.INSTRUCTION, data={"page": locked.published_page_id})
    return locked


def take_down(dossier: Dossier, actor: User | None) -> bool:
    """Unpublish the page of ``dossier``, whose row is locked; whether it was live."""
    page = DossierPage.objects.filter(pk=dossier.published_page_id, live=True).first()
    if page is None:
        return False
    _unpublish(page, actor)
    return True


def _unpublish(page: DossierPage, actor: User | None) -> None:
    """``Page.unpublish`` would ask for the actor's rights on the space's pages."""
    action = UnpublishPageAction(page, set_expired=False, log_action=True, user=actor)
    action.execute(skip_permission_checks=True)


def follow(event: DossierEvent) -> None:
    """Listener of the log: what is no longer decided is no longer published.

    The page is taken down in the event's own transaction, which logs that it was.
    """
    if event.kind in _ENDING and take_down(event.dossier, None):
        data = {"page": event.dossier.published_page_id}
        record(event.dossier, EventKind.UNPUBLISHED, actor=None, side=Side.SYSTEM, data=data)


def may_be_live(page: Page) -> bool:
    """Whether the dossier of ``page`` is accepted, and so its page may be read."""
    return Dossier.objects.kept().filter(published_page=page.pk, state=State.ACCEPTED).exists()


def _page_of(dossier: Dossier, space: Space) -> DossierPage:
    """The dossier's page, where it is still in ``space``; else a new one."""
    found: DossierPage | None = DossierPage.objects.filter(pk=dossier.published_page_id).first()
    if found is not None and found.path.startswith(space.page.path):
        return found
    if found is not None and found.live:
        _unpublish(found, None)
    return DossierPage()
