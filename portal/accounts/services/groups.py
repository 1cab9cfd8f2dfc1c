"""Groups derived from memberships, and what Wagtail lets each do (docs/page-permissions.md).

A group stands for one role on one territory. Its rows lie on the roots of the spaces inside that territory, one a
root, none beneath another: a région's editors get one row, and one more for each space of theirs elsewhere in the
tree (an intercommunalité over two départements). Everything here is idempotent and says what it changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from portal.territories.enums import Level
from portal.territories.models import Space, Territory, TerritoryLink

from ..enums import Role
from ..models import Membership, RoleGroup, User
from ..paths import collapse
from ..rules import NATIONAL_ROLES, Ability, Reach, reach, roles_with

GROUP_ROLES = frozenset(roles_with(Ability.ACCESS_ADMIN))

PAGE_ACTIONS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
MEDIA_ACTIONS = tuple(f"{action}_{kind}" for kind in ("image", "document") for action in ("add", "change", "choose"))
COLLECTION_ACTIONS = ("add_collection", "change_collection", "delete_collection")
# Apps whose models the national administration manages in full. Accounts are managed through our own screens and
# services: change_user in Wagtail's screens would let its holder make superusers.
ADMIN_APPS = (
    "pages",
    "events",
    "newsletters",
    "resources",
    "dossiers",
    "core",
    "territories",
    "notifications",
    "wagtailredirects",
)
ADMIN_MODELS = (
    ("wagtailcore", ("workflow", "task")),
    ("accounts", ("organisation", "membership")),
)
# What editors of any space add to and correct together; nobody but the national administration deletes.
SHARED_DIRECTORIES = (("events", "add_venue"), ("events", "change_venue"))


@dataclass
class Report:
    """What a synchronisation changed, as sentences for ``manage.py sync_permissions``."""

    changes: list[str] = field(default_factory=list)

    def add(self, group: str, what: str, created: int, deleted: int) -> None:
        if created or deleted:
            self.changes.append(f"{group} : {what}, {created} ajouté(s), {deleted} retiré(s)")


@transaction.atomic
def ensure_role_group(role: str, territory: Territory) -> RoleGroup:
    """The group of ``role`` on ``territory``, made with its permissions where it is missing."""
    found = RoleGroup.objects.select_related("group", "territory").filter(role=role, territory=territory).first()
    if found is not None:
        return found
    group, _ = Group.objects.get_or_create(name=f"{Role(role).label} · {territory.label} · {territory.key}"[:150])
    role_group = RoleGroup.objects.create(group=group, role=role, territory=territory)
    sync_group(role_group)
    return role_group


@transaction.atomic
def sync_user(user: User) -> bool:
    """Put ``user`` in the groups of their valid memberships and out of any other role group; whether that changed.

    A membership that lies inside another of the same role needs no group: the wider one covers it.
    """
    held = Membership.objects.valid().filter(user=user, role__in=GROUP_ROLES, territory__isnull=False)
    pairs = {(m.role, m.territory_id): m.territory for m in held.select_related("territory").order_by("pk")}
    ids = {territory_id for _, territory_id in pairs}
    inside: defaultdict[int, set[int]] = defaultdict(set)
    if len(pairs) > 1:
        links = TerritoryLink.objects.filter(ancestor__in=ids, descendant__in=ids).values_list("ancestor", "descendant")
        for ancestor, descendant in links:
            if ancestor != descendant:
                inside[descendant].add(ancestor)
    wanted = {
        ensure_role_group(role, territory).group_id
        for (role, _), territory in pairs.items()
        if territory and not any((role, wider) in pairs for wider in inside[territory.pk])
    }
    current = set(user.groups.filter(role_group__isnull=False).values_list("pk", flat=True))
    user.groups.remove(*(current - wanted))
    user.groups.add(*(wanted - current))
    return current != wanted


@transaction.atomic
def sync_group(role_group: RoleGroup, report: Report | None = None) -> None:
    """Give a role group exactly the permissions that it stands for."""
    report = report or Report()
    group, role, territory = role_group.group, Role(role_group.role), role_group.territory
    pages: set[tuple[int, str]] = set()
    collections: set[tuple[int, str]] = set()
    publishes = reach(role, Ability.PUBLISH)
    if publishes == Reach.FRANCE and territory.level == Level.NATION:
        home = Space.objects.filter(territory=territory).values_list("page_id", flat=True).first()
        root = Collection.get_first_root_node()
        pages = {(home, codename) for codename in (*PAGE_ACTIONS, "bulk_delete_page")} if home else set()
        collections = {(root.pk, codename) for codename in (*MEDIA_ACTIONS, *COLLECTION_ACTIONS)} if root else set()
    elif publishes == Reach.TERRITORY:
        page_ids, collection_ids = space_roots(territory)
        pages = {(page_id, codename) for page_id in page_ids for codename in PAGE_ACTIONS}
        collections = {(pk, codename) for pk in collection_ids for codename in MEDIA_ACTIONS}
    _sync_rows(GroupPagePermission, "page", "droits sur les pages", group, pages, report)
    _sync_rows(GroupCollectionPermission, "collection", "droits sur les médias", group, collections, report)
    _sync_models(group, role, territory, report)


def sync_spaces(spaces: Iterable[Space]) -> None:
    """Rights after spaces opened, closed or moved: the groups of every territory that contains one of them."""
    territories = {space.territory_id for space in spaces}
    groups = RoleGroup.objects.filter(
        territory__in=TerritoryLink.objects.filter(descendant__in=territories).values("ancestor")
    )
    for role_group in groups.select_related("group", "territory").order_by("pk"):
        sync_group(role_group)


def sync_all() -> Report:
    """Repair every role group and everybody's groups; the report names what was wrong."""
    report = Report()
    for role_group in RoleGroup.objects.select_related("group", "territory").order_by("pk"):
        sync_group(role_group, report)
    holders = User.objects.filter(Q(memberships__isnull=False) | Q(groups__role_group__isnull=False)).distinct()
    report.changes += [f"{user.email} : groupes" for user in holders.order_by("pk") if sync_user(user)]
    return report


def sync_expired() -> int:
    """Take people out of the groups of roles whose last day is past; returns how many people. Periodic."""
    stale = User.objects.filter(groups__role_group__isnull=False).exclude(
        pk__in=Membership.objects.valid().values("user")
    )
    lapsed = User.objects.filter(
        groups__role_group__isnull=False, memberships__in=Membership.objects.exclude(pk__in=Membership.objects.valid())
    )
    users = {user.pk: user for queryset in (stale, lapsed) for user in queryset.order_by("pk")}
    return sum(sync_user(user) for user in users.values())


def space_roots(territory: Territory) -> tuple[list[int], list[int]]:
    """(page ids, collection ids) of the outermost open spaces inside ``territory``. One query."""
    spaces = (
        Space.objects.filter(closed_at=None, territory__ancestor_links__ancestor=territory)
        .values_list("page__path", "page_id", "collection__path", "collection_id")
        .order_by("pk")
    )
    pages = {path: pk for path, pk, _, _ in spaces}
    collections = {path: pk for _, _, path, pk in spaces}
    return [pages[path] for path in collapse(pages)], [collections[path] for path in collapse(collections)]


def _sync_rows(
    model: type[GroupPagePermission | GroupCollectionPermission],
    target: str,
    label: str,
    group: Group,
    wanted: set[tuple[int, str]],
    report: Report,
) -> None:
    """Give ``group`` exactly the rows ``wanted``: (id of the ``target``, codename). ``label`` names them for people."""
    rows = {
        (target_id, codename): pk
        for pk, target_id, codename in model.objects.filter(group=group)
        .values_list("pk", f"{target}_id", "permission__codename")
        .order_by("pk")
    }
    missing, extra = wanted - rows.keys(), rows.keys() - wanted
    if missing:
        by_name = _permissions({codename for _, codename in missing})
        model.objects.bulk_create(
            model(group=group, permission=by_name[codename], **{f"{target}_id": target_id})
            for target_id, codename in sorted(missing)
        )
    model.objects.filter(pk__in=[rows[key] for key in extra]).delete()
    report.add(group.name, label, len(missing), len(extra))


def _sync_models(group: Group, role: Role, territory: Territory, report: Report) -> None:
    condition = Q(content_type__app_label="wagtailadmin", codename="access_admin")
    if reach(role, Ability.PUBLISH) == Reach.TERRITORY:
        for app, codename in SHARED_DIRECTORIES:
            condition |= Q(content_type__app_label=app, codename=codename)
    if role in NATIONAL_ROLES:
        if territory.level != Level.NATION:
            condition = Q(pk=None)
        else:
            condition |= Q(content_type__app_label__in=ADMIN_APPS)
            for app, models in ADMIN_MODELS:
                condition |= Q(content_type__app_label=app, content_type__model__in=models)
    wanted = set(Permission.objects.filter(condition).values_list("pk", flat=True))
    current = set(group.permissions.values_list("pk", flat=True))
    group.permissions.add(*(wanted - current))
    group.permissions.remove(*(current - wanted))
    report.add(group.name, "droits d'administration", len(wanted - current), len(current - wanted))


def _permissions(codenames: set[str]) -> dict[str, Permission]:
    """Wagtail's permissions on pages and media by codename; those of pages are on its own Page."""
    apps = ("wagtailcore", "wagtailimages", "wagtaildocs")
    found = Permission.objects.filter(content_type__app_label__in=apps, codename__in=codenames)
    return {permission.codename: permission for permission in found}
