"""Keeping :class:`portal.core.models.PageFact` true: pure functions over subtrees, and the signals that call them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from portal.territories.models import Space

from .enums import ContentKind
from .models import PageFact

_BATCH = 500
_FIELDS = ["kind", "space", "territory", "visible", "date"]


def _ancestor_paths(path: str) -> list[str]:
    """The paths of a page and its ancestors, root first ("000100020003" has three)."""
    return [path[:end] for end in range(Page.steplen, len(path) + 1, Page.steplen)]


class _Tree:
    """What is needed of the tree above the pages at hand, read once: spaces and restrictions by path.

    ``alone``: only of the page at ``root_path``, not of those beneath it. Its ancestors are then found by an index,
    where a prefix reads every page of the site on SQLite.
    """

    def __init__(self, root_path: str, *, alone: bool = False) -> None:
        near = Q(page__path__in=_ancestor_paths(root_path))
        if not alone:
            near |= Q(page__path__startswith=root_path)
        self.spaces = {space.page.path: space for space in Space.objects.select_related("page").filter(near)}
        self.restricted = set(PageViewRestriction.objects.filter(near).values_list("page__path", flat=True))

    def space_of(self, path: str) -> Space | None:
        for ancestor in reversed(_ancestor_paths(path)):
            if ancestor in self.spaces:
                return self.spaces[ancestor]
        return None

    def is_restricted(self, path: str) -> bool:
        return bool(self.restricted) and any(ancestor in self.restricted for ancestor in _ancestor_paths(path))


def _fact(page: Page, tree: _Tree) -> PageFact:
    space = tree.space_of(page.path)
    date: datetime | None = (
        getattr(page, "fact_date", None) or page.first_published_at or page.latest_revision_created_at
    )
    return PageFact(
        page_id=page.pk,
        kind=getattr(page, "fact_kind", ContentKind.PAGE),
        space=space,
        territory_id=getattr(page, "territory_id", None) or (space.territory_id if space else None),
        visible=page.live and not tree.is_restricted(page.path) and not _source_is_restricted(page),
        date=date or timezone.now(),
    )


def _source_is_restricted(page: Page) -> bool:
    """An alias is read under the restriction of its source, as Wagtail has it."""
    return bool(page.alias_of_id) and Page.get_view_restrictions(page).exists()


def _save(facts: Iterable[PageFact]) -> int:
    written = PageFact.objects.bulk_create(
        facts, batch_size=_BATCH, update_conflicts=True, unique_fields=["page"], update_fields=_FIELDS
    )
    return len(written)


def refresh_page(page: Page) -> None:
    """Write the fact of one page, as the database has it: the instance at hand may hold a draft. Four queries."""
    stored = page.specific_class or Page
    _save([_fact(stored._default_manager.get(pk=page.pk), _Tree(page.path, alone=True))])


@transaction.atomic
def refresh_subtree(root: Page) -> int:
    """Write the facts of ``root`` and every page under it, by batches; returns how many. Memory stays bounded."""
    tree = _Tree(root.path)
    pages = Page.objects.filter(path__startswith=root.path, depth__gt=1)
    total = 0
    for model_id in pages.order_by().values_list("content_type", flat=True).distinct():
        model = ContentType.objects.get_for_id(model_id).model_class() or Page
        batch: list[PageFact] = []
        for page in model._default_manager.filter(
            path__startswith=root.path, depth__gt=1, content_type=model_id
        ).iterator(_BATCH):
            batch.append(_fact(page, tree))
            if len(batch) == _BATCH:
                total += _save(batch)
                batch = []
        total += _save(batch)
    for alias in Page.objects.filter(alias_of__path__startswith=root.path).exclude(path__startswith=root.path):
        refresh_page(alias)
    return total


def wrong_facts(root: Page | None = None) -> list[tuple[int, dict[str, Any]]]:
    """Pages whose fact is missing or false: (page id, {field: expected}). What ``manage.py check_facts`` prints."""
    root = root or Page.get_first_root_node()
    tree = _Tree(root.path)
    stored = {fact.page_id: fact for fact in PageFact.objects.filter(page__path__startswith=root.path)}
    wrong = []
    for page in Page.objects.filter(path__startswith=root.path, depth__gt=1).specific().iterator(_BATCH):
        expected, fact = _fact(page, tree), stored.pop(page.pk, None)
        fields = ["kind", "space_id", "territory_id", "visible"]
        differs = {
            name: getattr(expected, name)
            for name in fields
            if fact is None or getattr(fact, name) != getattr(expected, name)
        }
        if differs:
            wrong.append((page.pk, differs))
    return wrong
