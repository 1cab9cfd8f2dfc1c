"""Giving and taking back roles, and what the derived groups then allow."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, ModelLogEntry

from pages.services import close_territory_space, open_territory_space
from portal.accounts.enums import Role
from portal.accounts.models import Membership, Organisation, RoleGroup
from portal.accounts.services import (
    GrantError,
    disable_user,
    enable_user,
    ensure_role_group,
    grant_membership,
    revoke_membership,
    sync_all,
)
from portal.accounts.services.groups import sync_expired
from portal.territories.models import Space, Territory
from tests.factories import make_member, make_user

pytestmark = pytest.mark.django_db


def territory(key):
    level, code = key.split("-")
    return Territory.objects.get(level=level, code=code)


def page_rows(user):
    rows = GroupPagePermission.objects.filter(group__user=user)
    return {(row.page_id, row.permission.codename) for row in rows.select_related("permission")}


def roots(user):
    return {page for page, _ in page_rows(user)}


def collections(user):
    return set(GroupCollectionPermission.objects.filter(group__user=user).values_list("collection_id", flat=True))


# --- Giving and taking back ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "on", "granted", "where"),
    [
        (Role.EDITOR, "departement-40", Role.ADMIN_NATIONAL, "nation-FR"),
        (Role.EDITOR, "departement-40", Role.SENDER, "departement-40"),
        (Role.EDITOR, "departement-40", Role.INSTRUCTOR, "departement-40"),
        (Role.EDITOR, "departement-40", Role.EDITOR, "departement-47"),
        (Role.EDITOR, "departement-40", Role.EDITOR, "region-75"),
        (Role.SENDER, "departement-40", Role.SENDER, "departement-40"),
        (Role.INSTRUCTOR, "departement-40", Role.EDITOR, "departement-40"),
        (Role.CONTRIBUTOR, "departement-40", Role.CONTRIBUTOR, "departement-40"),
    ],
)
def test_nobody_grants_above_their_role_or_outside_their_scope(role, on, granted, where):
    actor, user = make_member(role, territory(on)), make_user()
    with pytest.raises(GrantError):
        grant_membership(actor=actor, user=user, role=granted, territory=territory(where))
    assert not user.memberships.exists()


def test_an_editor_names_another_inside_their_territory_and_it_is_logged(landes):
    actor, user = make_member(Role.EDITOR, landes), make_user()
    held = grant_membership(actor=actor, user=user, role=Role.EDITOR, territory=territory("epci-244000808"))
    assert held.granted_by == actor
    entry = ModelLogEntry.objects.get(action="accounts.grant")
    assert (entry.user, entry.object_id, entry.data["territory"]) == (actor, str(user.pk), "epci-244000808")
    revoke_membership(actor=actor, membership=held)
    assert not user.memberships.exists()
    assert ModelLogEntry.objects.get(action="accounts.revoke").user == actor


def test_granting_twice_is_one_role_whose_last_day_changes(landes, nation):
    actor, user = make_member(Role.ADMIN_NATIONAL, nation), make_user()
    until = timezone.localdate() + dt.timedelta(days=30)
    first = grant_membership(actor=actor, user=user, role=Role.EDITOR, territory=landes)
    again = grant_membership(actor=actor, user=user, role=Role.EDITOR, territory=landes, expires_on=until)
    assert first.pk == again.pk
    assert user.memberships.get().expires_on == until


@pytest.mark.parametrize(
    ("role", "on", "in_organisation"),
    [
        ("maire", "departement-40", False),
        (Role.DEPOSITOR, None, False),
        (Role.DEPOSITOR, "departement-40", True),
        (Role.EDITOR, None, True),
        (Role.ADMIN_NATIONAL, "departement-40", False),
        (Role.ADVISOR, None, False),
    ],
)
def test_a_role_is_held_on_what_it_is_meant_for(role, on, in_organisation, landes):
    organisation = Organisation.objects.create(name="A", kind="autre", territory=landes) if in_organisation else None
    with pytest.raises(GrantError):
        grant_membership(
            actor=None,
            user=make_user(),
            role=role,
            territory=territory(on) if on else None,
            organisation=organisation,
        )


def test_a_past_last_day_is_refused(landes):
    with pytest.raises(GrantError, match="déjà passé"):
        grant_membership(
            actor=None,
            user=make_user(),
            role=Role.EDITOR,
            territory=landes,
            expires_on=timezone.localdate() - dt.timedelta(days=1),
        )


def test_a_depositor_names_others_in_their_own_organisation_only(landes):
    ours = Organisation.objects.create(name="A", kind="autre", territory=landes)
    theirs = Organisation.objects.create(name="B", kind="autre", territory=landes)
    actor = make_user()
    Membership.objects.create(user=actor, role=Role.DEPOSITOR, organisation=ours)
    assert grant_membership(actor=actor, user=make_user(), role=Role.READER, organisation=ours)
    with pytest.raises(GrantError):
        grant_membership(actor=actor, user=make_user(), role=Role.READER, organisation=theirs)


def test_the_last_national_administrator_stays(nation):
    admin = make_member(Role.ADMIN_NATIONAL, nation)
    with pytest.raises(GrantError, match="dernière"):
        revoke_membership(actor=admin, membership=admin.memberships.get())
    make_member(Role.ADMIN_NATIONAL, nation)
    revoke_membership(actor=admin, membership=admin.memberships.get())


def test_disabling_takes_rights_away_and_enabling_gives_them_back(landes_space, landes, nation):
    admin, editor = make_member(Role.ADMIN_NATIONAL, nation), make_member(Role.EDITOR, landes)
    disable_user(actor=admin, user=editor)
    assert not editor.groups.exists()
    assert editor.memberships.exists()
    enable_user(actor=admin, user=editor)
    assert roots(editor) == {landes_space.page_id}


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.ADMIN_NATIONAL, Role.DEPOSITOR, Role.READER)]
)
def test_only_the_national_administration_disables(role, landes):
    actor, user = make_member(role, landes), make_user()
    with pytest.raises(GrantError):
        disable_user(actor=actor, user=user)
    assert user.is_active


def test_an_administrator_disables_neither_oneself_nor_a_superuser(nation):
    admin, root = make_member(Role.ADMIN_NATIONAL, nation), make_user(is_superuser=True)
    for user in (admin, root):
        with pytest.raises(GrantError):
            disable_user(actor=admin, user=user)


# --- Derived groups --------------------------------------------------------------------------------------------------
def test_an_editor_has_rows_on_the_root_of_their_space_and_nowhere_else(landes_space, landes):
    editor = make_member(Role.EDITOR, landes)
    assert page_rows(editor) == {
        (landes_space.page_id, f"{action}_page") for action in ("add", "change", "publish", "lock", "unlock")
    }
    rows = GroupCollectionPermission.objects.filter(group__user=editor)
    assert {(row.collection_id, row.permission.codename) for row in rows.select_related("permission")} == {
        (landes_space.collection_id, f"{action}_{kind}")
        for kind in ("image", "document")
        for action in ("add", "change", "choose")
    }
    assert editor.get_all_permissions() == {"wagtailadmin.access_admin", "events.add_venue", "events.change_venue"}


def test_rights_come_whichever_is_first_the_role_or_the_space(landes):
    editor = make_member(Role.EDITOR, landes)
    assert roots(editor) == set()
    assert editor.has_perm("wagtailadmin.access_admin")
    space = open_territory_space(territory=landes)
    assert roots(editor) == {space.page_id}
    close_territory_space(space=space)
    assert roots(editor) == set()


def test_a_region_is_one_row_and_several_memberships_under_it_too(landes_space, landes, nouvelle_aquitaine):
    editor = make_member(Role.EDITOR, landes)
    Membership.objects.create(user=editor, role=Role.EDITOR, territory=nouvelle_aquitaine)
    Membership.objects.create(user=editor, role=Role.EDITOR, territory=territory("epci-244000808"))
    region = Space.objects.get(territory=nouvelle_aquitaine)
    assert roots(editor) == {region.page_id}
    assert collections(editor) == {region.collection_id}
    assert editor.groups.count() == 1
    revoke_membership(actor=None, membership=editor.memberships.get(territory=nouvelle_aquitaine))
    assert roots(editor) == {landes_space.page_id}


def test_a_space_inside_the_territory_that_lies_elsewhere_gets_its_own_row(landes_space):
    """The intercommunalité of Aire-sur-l'Adour lies beneath the Landes, and in part in the Gers."""
    gers = open_territory_space(territory=territory("departement-32"))
    shared = open_territory_space(territory=territory("epci-200030435"))
    assert shared.page.path.startswith(landes_space.page.path)
    editor = make_member(Role.EDITOR, territory("departement-32"))
    assert roots(editor) == {gers.page_id, shared.page_id}
    close_territory_space(space=shared)
    assert roots(editor) == {gers.page_id}


def test_the_national_administration_has_the_home_page_and_no_group_management(nation):
    admin = make_member(Role.ADMIN_NATIONAL, nation)
    home = Space.objects.get(territory=nation).page_id
    assert roots(admin) == {home}
    assert collections(admin) == {Collection.get_first_root_node().pk}
    assert admin.has_perms(["wagtailadmin.access_admin", "accounts.add_membership", "territories.change_territory"])
    assert not any(
        admin.has_perm(f"auth.{action}_{model}") for action in ("add", "change") for model in ("group", "permission")
    )
    assert not any(admin.has_perm(f"accounts.{action}_user") for action in ("add", "change", "delete"))


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.INSTRUCTOR, Role.ADVISOR])
def test_other_roles_get_no_group_at_all(role, landes_space, landes):
    user = make_member(role, landes)
    assert not user.groups.exists()
    assert not user.get_all_permissions()


def test_a_sender_enters_the_admin_and_edits_no_page(landes_space, landes):
    user = make_member(Role.SENDER, landes)
    assert user.get_all_permissions() == {"wagtailadmin.access_admin"}
    assert roots(user) == set()


def test_the_periodic_work_takes_expired_roles_out_of_their_groups(landes_space, landes):
    gone, stays = make_member(Role.EDITOR, landes), make_member(Role.EDITOR, landes)
    past = timezone.localdate() - dt.timedelta(days=1)
    Membership.objects.filter(user=gone).update(expires_on=past)
    assert sync_expired() == 1
    assert roots(gone) == set()
    assert roots(stays) == {landes_space.page_id}


def test_sync_permissions_reports_and_repairs(landes_space, landes, capsys):
    editor = make_member(Role.EDITOR, landes)
    call_command("sync_permissions")
    assert "Tous les droits sont justes." in capsys.readouterr().out
    group = RoleGroup.objects.get(role=Role.EDITOR, territory=landes).group
    GroupPagePermission.objects.filter(group=group, permission__codename="publish_page").delete()
    foreign = ensure_role_group(Role.EDITOR, territory("departement-47"))
    editor.groups.add(foreign.group)
    with pytest.raises(SystemExit):
        call_command("sync_permissions", check=True)
    capsys.readouterr()
    assert (landes_space.page_id, "publish_page") not in page_rows(editor)
    call_command("sync_permissions")
    out = capsys.readouterr().out
    assert "droits sur les pages, 1 ajouté(s), 0 retiré(s)" in out
    assert f"{editor.email} : groupes" in out
    assert (landes_space.page_id, "publish_page") in page_rows(editor)
    assert list(editor.groups.all()) == [group]
    assert sync_all().changes == []
