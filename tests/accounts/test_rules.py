"""The role table, cell by cell, against the table of the specification written out again by hand."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from portal.accounts.abilities import can, get_abilities
from portal.accounts.enums import Role
from portal.accounts.models import Membership, Organisation
from portal.accounts.rules import GRANTABLE, Ability, Reach, may_grant, reach, roles_with
from portal.territories.models import Territory
from tests.factories import make_member, make_user

# One line an ability, one column a role: F everywhere, T on the territory, O in the organisation, D on the dossier.
#   ability              admin editor sender instructor advisor contributor depositor reader
TABLE = """
    access_admin         F     T      T      -          -       -           -         -
    publish              F     T      -      -          -       -           -         -
    review               F     T      -      -          -       -           -         -
    propose              F     T      -      -          -       T           -         -
    compose_letter       F     T      -      -          -       -           -         -
    send_letter          F     -      T      -          -       -           -         -
    manage_lists         F     -      T      -          -       -           -         -
    instruct             F     -      -      T          -       -           -         -
    validate             F     -      -      T          -       -           -         -
    manage_dossier_types F     -      -      -          -       -           -         -
    advise               F     -      -      -          D       -           -         -
    deposit              F     -      -      -          -       -           O         -
    read_dossiers        F     -      -      T          D       -           O         O
    view_contacts        F     T      -      T          -       -           O         -
    export_contacts      F     -      -      T          -       -           -         -
    manage_memberships   F     T      -      T          -       -           O         -
    manage_organisations F     T      -      -          -       -           -         -
    open_spaces          F     -      -      -          -       -           -         -
    view_audit           F     -      -      -          -       -           -         -
"""
COLUMNS = list(Role)
LETTERS = {"F": Reach.FRANCE, "T": Reach.TERRITORY, "O": Reach.ORGANISATION, "D": Reach.DOSSIER, "-": None}
CELLS = [
    (role, Ability(words[0]), LETTERS[letter])
    for words in (line.split() for line in TABLE.strip().splitlines())
    for role, letter in zip(COLUMNS, words[1:], strict=True)
]


def territory(key):
    level, code = key.split("-")
    return Territory.objects.get(level=level, code=code)


@pytest.mark.parametrize(("role", "ability", "expected"), CELLS)
def test_each_cell_of_the_table(role, ability, expected):
    assert reach(role, ability) == expected


def test_the_table_written_here_has_every_cell():
    assert len(CELLS) == len(Role) * len(Ability)


def test_an_unknown_role_may_nothing():
    assert not any(reach("maire", ability) for ability in Ability)
    assert not may_grant("maire", Role.READER)


@pytest.mark.parametrize(
    ("role", "granted"),
    [(role, granted) for role in Role for granted in Role if granted not in GRANTABLE.get(role, ())],
)
def test_nobody_but_the_national_administration_gives_the_highest_roles(role, granted):
    assert role != Role.ADMIN_NATIONAL
    assert not may_grant(role, granted)


def test_only_roles_that_manage_memberships_grant():
    assert set(GRANTABLE) == set(roles_with(Ability.MANAGE_MEMBERSHIPS))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("held", "asked", "allowed"),
    [
        ("departement-40", "departement-40", True),
        ("departement-40", "commune-40192", True),
        ("departement-40", "epci-200030435", True),  # Spans the Landes and the Gers.
        ("departement-32", "epci-200030435", True),
        ("departement-40", "commune-32027", False),
        ("departement-40", "region-75", False),
        ("departement-40", "departement-47", False),
        ("departement-40", "nation-FR", False),
        ("region-75", "departement-40", True),
        ("region-75", "commune-40001", True),
        ("region-75", "departement-84", False),
        ("region-84", "departement-84", False),  # Same code, another territory.
        ("nation-FR", "commune-97411", True),
    ],
)
def test_rights_flow_down_the_territories(held, asked, allowed):
    user = make_member(Role.EDITOR, territory(held))
    assert can(user, Ability.PUBLISH, territory(asked)) is allowed


@pytest.mark.django_db
def test_two_queries_whatever_the_number_of_roles(landes, nouvelle_aquitaine, django_assert_num_queries):
    user = make_member(Role.EDITOR, landes)
    for other in Territory.objects.exclude(pk=landes.pk).exclude(level="nation").exclude(level="region"):
        Membership.objects.create(user=user, role=Role.EDITOR, territory=other)
    with django_assert_num_queries(2):
        assert not can(user, Ability.PUBLISH, nouvelle_aquitaine)
    with django_assert_num_queries(1):
        assert can(user, Ability.PUBLISH, landes)
    with django_assert_num_queries(1):
        assert can(user, Ability.PUBLISH)


def test_a_space_is_its_territory(landes_space, landes, nouvelle_aquitaine):
    assert can(make_member(Role.EDITOR, nouvelle_aquitaine), Ability.REVIEW, landes_space)
    assert not can(make_member(Role.EDITOR, territory("departement-47")), Ability.REVIEW, landes_space)


@pytest.mark.django_db
def test_an_organisation_is_reached_by_its_own_and_by_the_territory_above(landes, nouvelle_aquitaine):
    ours = Organisation.objects.create(name="Structure A", kind="association", territory=landes)
    theirs = Organisation.objects.create(name="Structure B", kind="association", territory=landes)
    depositor = make_user()
    Membership.objects.create(user=depositor, role=Role.DEPOSITOR, organisation=ours)
    assert can(depositor, Ability.DEPOSIT, ours)
    assert not can(depositor, Ability.DEPOSIT, theirs)
    assert not can(depositor, Ability.DEPOSIT, landes)
    assert can(make_member(Role.INSTRUCTOR, nouvelle_aquitaine), Ability.READ_DOSSIERS, theirs)
    assert not can(make_member(Role.INSTRUCTOR, territory("departement-84")), Ability.READ_DOSSIERS, theirs)


@pytest.mark.django_db
def test_what_is_past_disabled_or_anonymous_counts_for_nothing(landes):
    today = timezone.localdate()
    user = make_member(Role.EDITOR, landes)
    Membership.objects.filter(user=user).update(expires_on=today)
    assert can(user, Ability.PUBLISH, landes)
    Membership.objects.filter(user=user).update(expires_on=today - dt.timedelta(days=1))
    assert not can(user, Ability.PUBLISH, landes)
    assert not can(make_member(Role.EDITOR, landes, is_active=False), Ability.PUBLISH, landes)
    assert not can(AnonymousUser(), Ability.PUBLISH, landes)
    assert not can(make_user(), Ability.PROPOSE)


@pytest.mark.django_db
def test_a_national_role_held_on_a_département_gives_nothing(landes):
    user = make_member(Role.ADMIN_NATIONAL, landes)
    assert not any(can(user, ability, landes) or can(user, ability) for ability in Ability)
    assert not user.has_perm("wagtailadmin.access_admin")


@pytest.mark.django_db
def test_the_national_administration_may_all_everywhere(nation):
    user = make_member(Role.ADMIN_NATIONAL, nation)
    abilities = get_abilities(user)
    assert all(abilities.can(ability, territory("commune-97411")) for ability in Ability)
    assert all(get_abilities(make_user(is_superuser=True)).can(ability, nation) for ability in Ability)


@pytest.mark.django_db
def test_territories_of_an_ability_filter_lists(landes):
    found = get_abilities(make_member(Role.SENDER, landes)).territories(Ability.MANAGE_LISTS)
    assert {t.key for t in found} == {
        "departement-40", "epci-244000808", "epci-244000675", "epci-200030435",
        "commune-40192", "commune-40088", "commune-40001",
    }  # fmt: skip
    assert not get_abilities(make_member(Role.SENDER, landes)).territories(Ability.PUBLISH).exists()
