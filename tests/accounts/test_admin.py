"""« Réseau » and « Espaces » in the admin, by role."""

import pytest
from django.urls import reverse

from pages.services import open_territory_space
from portal.accounts.enums import Role
from portal.accounts.models import Membership, Organisation, User
from portal.territories.models import Space, Territory
from tests.factories import make_member, make_user

pytestmark = pytest.mark.django_db
MEMBERSHIPS, ORGANISATIONS, PEOPLE = (
    "accounts_membership_modeladmin",
    "accounts_organisation_modeladmin",
    "accounts_user_modeladmin",
)


def territory(key):
    level, code = key.split("-")
    return Territory.objects.get(level=level, code=code)


def screen(name, action="index", *args):
    return reverse(f"{name}_{action}", args=args)


@pytest.fixture
def admin(client, nation):
    user = make_member(Role.ADMIN_NATIONAL, nation)
    client.force_login(user)
    return user


@pytest.fixture
def editor(client, landes):
    user = make_member(Role.EDITOR, landes)
    client.force_login(user)
    return user


def refused(response):
    return response.status_code == 403 or (response.status_code == 302 and response.url == "/admin/")


# --- Espaces ---------------------------------------------------------------------------------------------------------
def test_opening_a_space_from_its_screen(client, admin):
    first = make_user(email="premier@exemple.fr")
    address = reverse("spaces_admin_open")
    asked = {"territory": "Landes", "editors": "premier@exemple.fr"}
    html = client.post(address, asked).content.decode()
    assert "Landes (département)" in html
    assert not Space.objects.filter(territory__code="40").exists()
    response = client.post(address, {"territory": "departement-40", "editors": "premier@exemple.fr", "confirm": "1"})
    space = Space.objects.get(territory__code="40")
    assert response.url == reverse("wagtailadmin_explore", args=[space.page_id])
    assert first.memberships.get().territory == space.territory
    assert "Landes (département)" in client.get(reverse("spaces_admin")).content.decode()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"territory": "Atlantide"}, "Aucun territoire"),
        ({"territory": ""}, "requis"),
        ({"territory": "40", "editors": "pas une adresse"}, "« pas une adresse » n’est pas une adresse e-mail."),
    ],
)
def test_what_cannot_be_opened_is_said_and_what_was_typed_is_kept(client, admin, typed, message):
    html = client.post(reverse("spaces_admin_open"), typed | {"confirm": "1"}).content.decode()
    assert message in html
    assert typed["territory"] in html
    assert not Space.objects.exclude(territory__level="nation").exists()


def test_a_name_that_several_bear_is_told_apart(client, admin):
    html = client.post(reverse("spaces_admin_open"), {"territory": "La Réunion"}).content.decode()
    assert "region-04" in html
    assert "departement-974" in html


def test_closing_and_opening_again_from_the_list(client, admin, landes_space):
    address = reverse("spaces_admin_close", args=[landes_space.pk])
    assert "Fermer l’espace" in client.get(address).content.decode()
    assert Space.objects.get(pk=landes_space.pk).is_open
    client.post(address)
    assert not Space.objects.get(pk=landes_space.pk).is_open
    assert "Rouvrir" in client.get(reverse("spaces_admin")).content.decode()
    client.post(reverse("spaces_admin_open"), {"territory": "departement-40", "confirm": "1"})
    assert Space.objects.get(pk=landes_space.pk).is_open


@pytest.mark.parametrize("role", [Role.EDITOR, Role.SENDER])
def test_spaces_are_for_the_national_administration(client, landes_space, landes, role):
    client.force_login(make_member(role, landes))
    close = reverse("spaces_admin_close", args=[landes_space.pk])
    for address in (reverse("spaces_admin"), reverse("spaces_admin_open"), close):
        assert refused(client.get(address))
        assert refused(client.post(address, {"territory": "departement-47", "confirm": "1"}))
    assert Space.objects.get(pk=landes_space.pk).is_open
    assert not Space.objects.filter(territory__code="47").exists()
    assert reverse("spaces_admin") not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_spaces_takes_the_same_queries(client, admin, django_assert_max_num_queries, count):
    for key in ("region-75", "region-76", "region-93")[:count]:
        open_territory_space(territory=territory(key))
    client.get(reverse("spaces_admin"))
    with django_assert_max_num_queries(20):
        client.get(reverse("spaces_admin"))


# --- Rôles -----------------------------------------------------------------------------------------------------------
def test_an_editor_sees_and_gives_roles_inside_their_territory(client, editor, landes):
    inside = make_member(Role.CONTRIBUTOR, territory("commune-40192"), email="dedans@exemple.fr")
    make_member(Role.CONTRIBUTOR, territory("departement-47"), email="dehors@exemple.fr")
    html = client.get(screen(MEMBERSHIPS)).content.decode()
    assert inside.email in html or str(inside) in html
    assert "dehors@exemple.fr" not in html
    new = make_user(email="nouveau@exemple.fr")
    data = {
        "person": new.email,
        "role": Role.CONTRIBUTOR,
        "territory": "departement-40",
        "organisation": "",
        "expires_on": "",
    }
    assert client.post(screen(MEMBERSHIPS, "create"), data).status_code == 302
    assert new.memberships.get().granted_by == editor


@pytest.mark.parametrize(
    ("role", "where"),
    [(Role.ADMIN_NATIONAL, "nation-FR"), (Role.SENDER, "departement-40"), (Role.EDITOR, "departement-47")],
)
def test_a_forged_grant_is_refused_and_said(client, editor, role, where):
    new = make_user(email="nouveau@exemple.fr")
    data = {"person": new.email, "role": role, "territory": where, "organisation": "", "expires_on": ""}
    html = client.post(screen(MEMBERSHIPS, "create"), data).content.decode()
    assert "Vous ne pouvez pas donner ou retirer ce rôle ici." in html.replace("&#x27;", "'")
    assert "nouveau@exemple.fr" in html
    assert not new.memberships.exists()


def test_roles_are_taken_back_inside_ones_territory_only(client, editor):
    inside = make_member(Role.CONTRIBUTOR, territory("commune-40192")).memberships.get()
    outside = make_member(Role.CONTRIBUTOR, territory("departement-47")).memberships.get()
    above = make_member(Role.SENDER, territory("departement-40")).memberships.get()
    client.post(screen(MEMBERSHIPS, "delete", inside.pk))
    for held in (outside, above):
        client.post(screen(MEMBERSHIPS, "delete", held.pk))
    assert set(Membership.objects.filter(pk__in=[inside.pk, outside.pk, above.pk])) == {outside, above}


# --- Organisations ---------------------------------------------------------------------------------------------------
def test_organisations_keep_to_ones_territory(client, editor, landes):
    ours = Organisation.objects.create(name="Structure des Landes", kind="association", territory=landes)
    theirs = Organisation.objects.create(
        name="Structure du Lot", kind="association", territory=territory("departement-47")
    )
    html = client.get(screen(ORGANISATIONS)).content.decode()
    assert ours.name in html
    assert theirs.name not in html
    data = {"name": "Renommée", "kind": "association", "siret": "", "territory": "departement-40", "website": ""}
    client.post(screen(ORGANISATIONS, "edit", ours.pk), data)
    ours.refresh_from_db()
    assert ours.name == "Renommée"
    assert client.post(screen(ORGANISATIONS, "edit", theirs.pk), data).status_code in (302, 403, 404)
    theirs.refresh_from_db()
    assert theirs.name == "Structure du Lot"
    html = client.post(screen(ORGANISATIONS, "create"), data | {"territory": "departement-47"}).content.decode()
    assert "dans votre périmètre" in html
    html = client.post(screen(ORGANISATIONS, "create"), data | {"siret": "123"}).content.decode()
    assert "Un SIRET a 14 chiffres." in html
    assert Organisation.objects.count() == 2


# --- Personnes -------------------------------------------------------------------------------------------------------
def test_the_national_administration_disables_accounts_and_makes_no_superuser(client, admin):
    person, root = make_user(), make_user(is_superuser=True)
    client.post(
        screen(PEOPLE, "edit", person.pk), {"first_name": "A", "last_name": "B", "is_superuser": "on", "groups": "1"}
    )
    person.refresh_from_db()
    assert (person.first_name, person.is_active, person.is_superuser) == ("A", False, False)
    assert not person.groups.exists()
    assert client.post(screen(PEOPLE, "edit", root.pk), {"first_name": "A"}).status_code in (302, 403)
    root.refresh_from_db()
    assert root.is_active
    html = client.post(screen(PEOPLE, "edit", admin.pk), {"first_name": "A", "last_name": "B"}).content.decode()
    assert "propre compte" in html
    assert User.objects.get(pk=admin.pk).is_active


@pytest.mark.parametrize("name", ["wagtailusers_users:index", "wagtailusers_users:add", "wagtailusers_groups:index"])
def test_wagtails_own_accounts_screens_are_for_superusers(client, admin, name):
    assert refused(client.get(reverse(name)))
    client.force_login(make_user(is_superuser=True))
    assert client.get(reverse(name)).status_code == 200


def test_an_editor_does_not_see_people(client, editor):
    assert refused(client.get(screen(PEOPLE)))
    assert refused(client.post(screen(PEOPLE, "edit", make_user().pk), {"first_name": "A"}))


# --- Territories covered ---------------------------------------------------------------------------------------------
def test_an_editor_gives_and_takes_coverage_inside_their_territory_only(client, editor, landes):
    hub = Organisation.objects.create(name="Hub", kind="hub", territory=landes)
    gers, epci = territory("departement-32"), territory("epci-244000675")
    hub.covered.set([gers, epci])
    address = screen(ORGANISATIONS, "edit", hub.pk)
    data = {"name": "Hub", "kind": "hub", "siret": "", "territory": "departement-40", "website": ""}
    assert "Vaucluse" not in client.get(address).content.decode()

    html = client.post(address, data | {"covered": [landes.pk, territory("departement-84").pk]}).content.decode()
    assert "Sélectionnez un choix valide" in html
    assert set(hub.covered.order_by("pk")) == {gers, epci}

    client.post(address, data | {"covered": [landes.pk, epci.pk]})
    assert set(hub.covered.order_by("pk")) == {gers, epci, landes}
    client.post(address, data)
    assert set(hub.covered.order_by("pk")) == {gers}


def test_saving_a_name_keeps_an_intercommunalite_that_is_covered(client, admin, landes):
    hub = Organisation.objects.create(name="Hub", kind="hub", territory=landes)
    epci = territory("epci-244000675")
    hub.covered.set([epci])
    html = client.get(screen(ORGANISATIONS, "edit", hub.pk)).content.decode()
    assert f'<option value="{epci.pk}" selected' in html
    assert f'<option value="{territory("departement-84").pk}"' in html


# --- Lists -----------------------------------------------------------------------------------------------------------
def test_the_list_of_people_says_in_words_whose_account_is_disabled(client, admin):
    make_user(is_active=False)
    html = client.get(screen(PEOPLE)).content.decode()
    assert "Désactivé" in html
    assert "icon-yes" not in html
    assert "icon-no" not in html


def test_the_list_of_spaces_gives_the_addresses_readers_type(client, admin, landes_space):
    html = client.get(reverse("spaces_admin")).content.decode()
    assert "<td>/territoires/nouvelle-aquitaine/landes/</td>" in html


@pytest.mark.parametrize("bulk", [False, True], ids=["one", "several"])
def test_wagtails_screens_delete_nobody_and_say_what_to_do(client, bulk):
    client.force_login(User.objects.create_superuser("technique@exemple.fr", "x"))
    person = make_user()
    address = f"/admin/bulk/accounts/user/delete/?id={person.pk}" if bulk else f"/admin/users/delete/{person.pk}/"
    page = client.post(address, follow=True).content.decode()
    assert "Un compte ne se supprime pas" in page
    assert User.objects.filter(pk=person.pk).exists()
