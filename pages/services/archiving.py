"""Archiving the pages of a space that closes, and giving them back when it opens again."""

from __future__ import annotations

from django.db.models import Q
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision, Site
from wagtail.signals import page_published

from portal.accounts.models import User
from portal.territories.models import Space

from ..models import ArchivedPage

_BATCH = 500


def archive_pages(space: Space, *, actor: User | None) -> int:
    """Unpublish what is live beneath the space's page and hold what was scheduled; returns how many pages.

    What each page was is kept in :class:`ArchivedPage`; their addresses lead to the nearest page that stays.
    """
    root = Page.objects.get(pk=space.page_id)
    fallback = root.get_parent()
    held: dict[int, ArchivedPage] = {}
    pages = Page.objects.filter(path__startswith=root.path)
    for page in pages.live().order_by("path").iterator(_BATCH):
        held[page.pk] = ArchivedPage(
            space=space,
            page=page,
            was_live=True,
            had_unpublished_changes=page.has_unpublished_changes,
            live_revision_id=page.live_revision_id,
        )
    scheduled = Revision.page_revisions.filter(
        approved_go_live_at__isnull=False, object_id__in=[str(pk) for pk in pages.values_list("pk", flat=True)]
    )
    for revision in scheduled.order_by("pk"):
        row = held.setdefault(
            int(revision.object_id), ArchivedPage(space=space, page_id=int(revision.object_id), was_live=False)
        )
        row.scheduled_revision, row.go_live_at = revision, revision.approved_go_live_at
    ArchivedPage.objects.bulk_create(held.values(), batch_size=_BATCH)
    scheduled.update(approved_go_live_at=None)
    live = pages.live().order_by("-path")
    _redirect([page.url_path for page in live], fallback)
    for page in live.specific():
        page.unpublish(set_expired=False, user=actor, log_action=True)
    return len(held)


def restore_pages(space: Space, *, actor: User | None) -> int:
    """Publish again what was live when the space closed, as it was, drafts left drafts; returns how many pages.

    Pages moved out of the space meanwhile stay as they are.
    """
    root = Page.objects.get(pk=space.page_id)
    archived = ArchivedPage.objects.filter(space=space, page__path__startswith=root.path).select_related(
        "live_revision", "scheduled_revision"
    )
    rows = {row.page_id: row for row in archived.order_by("page__path")}
    for page in Page.objects.filter(pk__in=rows).order_by("path").specific():
        row = rows[page.pk]
        if row.was_live:
            edited = bool(page.latest_revision_created_at and page.latest_revision_created_at > row.archived_at)
            page.live = True
            page.has_unpublished_changes = row.had_unpublished_changes or edited
            page.live_revision = row.live_revision
            page.save(clean=False, update_fields=["live", "has_unpublished_changes", "live_revision"])
            page_published.send(sender=type(page), instance=page, revision=row.live_revision)
        if row.scheduled_revision:
            Revision.objects.filter(pk=row.scheduled_revision_id).update(approved_go_live_at=row.go_live_at)
    ArchivedPage.objects.filter(space=space).delete()
    return len(rows)


def forget_redirects(page: Page) -> None:
    """Remove the redirects that :func:`archive_pages` made from the addresses of ``page`` and beneath it."""
    path = _address(page.url_path)
    above = page.get_ancestors().values("pk")
    Redirect.objects.filter(
        Q(old_path=path) | Q(old_path__startswith=f"{path}/"), automatically_created=True, redirect_page__in=above
    ).delete()


def _redirect(url_paths: list[str], to: Page) -> None:
    addresses = {_address(url_path) for url_path in url_paths}
    for start in range(0, len(addresses), _BATCH):
        batch = sorted(addresses)[start : start + _BATCH]
        Redirect.objects.filter(old_path__in=batch, site=None).delete()
        Redirect.objects.bulk_create(
            Redirect(old_path=path, site=None, redirect_page=to, is_permanent=False, automatically_created=True)
            for path in batch
        )


def _address(url_path: str) -> str:
    """A page's ``url_path`` ("/accueil/territoires/…/") as the redirects keep addresses ("/territoires/…")."""
    home = Site.objects.select_related("root_page").get(is_default_site=True).root_page
    return str(Redirect.normalise_path(url_path[len(home.url_path) - 1 :]))
