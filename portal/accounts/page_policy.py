"""Page permissions at scale (docs/page-permissions.md).

Wagtail's policy adds one subquery condition a permission row and action; with rights on fifty spaces the expression
outgrows SQLite. Here a user's rows are read once, reduced to the roots that matter, and every queryset gets one flat
condition. What is allowed is exactly what Wagtail's policy allows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from wagtail.models import GroupPagePermission, Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from portal.core.page_permissions import lies_in_closed_space

from .paths import ancestors, beneath, collapse, common_ancestor

EXPLORE = frozenset({"add", "change", "publish", "lock", "unlock", "bulk_delete"})


class SpacePagePermissionPolicy(PagePermissionPolicy):
    """Wagtail's page permission policy over a few root paths."""

    def get_all_permissions_for_user(self, user: Any) -> list[GroupPagePermission]:
        """The user's permission rows without those implied by another: one a root and action. One query.

        A list of :class:`GroupPagePermission`, its page with only what the admin reads of it.
        """
        if not user.is_active or user.is_anonymous or user.is_superuser:
            return []
        rows = (
            GroupPagePermission.objects.filter(group__user=user)
            .select_related("page", "permission")
            .only(
                "group_id",
                *(f"page__{name}" for name in ("id", "path", "depth", "numchild", "title", "url_path", "slug")),
                "permission__codename",
            )
            .order_by("page__path", "pk")
        )
        kept: dict[str, list[GroupPagePermission]] = {}
        for row in rows:
            roots = kept.setdefault(row.permission.codename, [])
            if not roots or not row.page.path.startswith(roots[-1].page.path):
                roots.append(row)
        return [row for roots in kept.values() for row in roots]

    def roots(self, user: Any, actions: Iterable[str]) -> list[str]:
        """The paths under which ``user`` may do one of ``actions``, none under another. Superusers are not asked."""
        codenames = self._get_permission_codenames(set(actions))
        return collapse(
            row.page.path for row in self.get_cached_permissions_for_user(user) if row.permission.codename in codenames
        )

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Page) -> bool:
        """Wagtail's answer, but nobody publishes in a closed space (who reviews there is asked here)."""
        allowed = super().user_has_any_permission_for_instance(user, actions, instance)
        return bool(allowed) and not (set(actions) == {"publish"} and lies_in_closed_space(instance))

    def may_edit(self, user: Any, page: Page) -> bool:
        """Whether ``user`` may change ``page``, or add beneath it and made it. No query once their rows are read."""
        if user.is_superuser:
            return bool(user.is_active)
        if page.path.startswith(tuple(self.roots(user, {"change", "publish"}))):
            return True
        return page.owner_id == user.pk and page.path.startswith(tuple(self.roots(user, {"add"})))

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> Any:
        base = self._base_queryset_for_user(user)
        if base is not None:
            return base
        actions = set(actions)
        manager = self.model._default_manager
        roots = self.roots(user, actions)
        pages = beneath(manager.all(), roots)
        if "change" in actions and "add" not in actions:
            # Who may add beneath a page may change what they own there.
            only_own = [root for root in self.roots(user, {"add"}) if not root.startswith(tuple(roots))]
            if only_own:
                own = beneath(manager.filter(owner=user), only_own)
                return manager.filter(Q(pk__in=pages.values("pk")) | Q(pk__in=own.values("pk")))
        return pages

    def instances_with_direct_explore_permission(self, user: Any) -> Any:
        if user.is_superuser:
            return super().instances_with_direct_explore_permission(user)
        roots = set(self.roots(user, EXPLORE))
        found = {row.page.path: row.page for row in self.get_cached_permissions_for_user(user)}
        return [found[path] for path in sorted(roots)]

    def explorable_root_instance(self, user: Any) -> Page | None:
        """The deepest page above all that the user may explore; one query, kept for the request."""
        name = self._explorable_root_instance_cache_name
        if hasattr(user, name):
            return getattr(user, name)
        if user.is_superuser and user.is_active:
            root = Page.get_first_root_node()
        else:
            path = common_ancestor(self.roots(user, EXPLORE))
            root = Page.objects.filter(path=path).first() if path else None
        setattr(user, name, root)
        return root

    def explorable_instances(self, user: Any) -> Any:
        """What the user may explore, and the pages above it up to their common ancestor: the way there."""
        base = self._base_queryset_for_user(user)
        if base is not None:
            return base
        roots = self.roots(user, EXPLORE)
        top = common_ancestor(roots)
        above = {path for path in ancestors(roots) if path.startswith(top)} if top else set()
        manager = self.model._default_manager
        pages = beneath(manager.all(), roots)
        return (pages | manager.filter(path__in=above)) if above else pages
