"""The lists and forms of wagtail-modeladmin speak French that agrees."""

import re

import pytest
from wagtail.admin.menu import admin_menu

from portal.accounts.enums import Role
from portal.core.modeladmin import lines, one
from tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("noun", "said"),
    [
        ("organisation", "une organisation"),
        ("adresse exclue", "une adresse exclue"),
        ("abonné", "un abonné"),
        ("rôle attribué", "un rôle attribué"),
    ],
)
def test_nouns_have_their_article(noun, said):
    assert one(noun) == said


@pytest.mark.parametrize(
    "address", ["accounts/user/", "accounts/membership/", "accounts/organisation/", "newsletters/mailinglist/"]
)
def test_no_screen_says_both_genders(client, nation, address):
    client.force_login(make_member(Role.ADMIN_NATIONAL, nation))
    for end in ("", "create/"):
        html = client.get(f"/admin/{address}{end}").content.decode()
        assert "Ajouter un" in html
        for wrong in ("un(e)", "ce/cette", "Le/la", "créé(e)"):
            assert wrong not in html


def test_nothing_and_nothing_found_are_said(client, nation):
    client.force_login(make_member(Role.ADMIN_NATIONAL, nation))
    assert "Rien ici pour l’instant." in client.get("/admin/newsletters/subscriber/").content.decode()
    html = client.get("/admin/accounts/user/", {"q": "xyzzy"}).content.decode()
    assert "Aucun résultat" in html


@pytest.mark.parametrize(
    ("shown", "everything", "said"),
    [
        (36371, 36371, "36\u202f371 lignes"),
        (1200, 36371, "1\u202f200 lignes sur 36\u202f371"),
        (1, 3, "1 ligne sur 3"),
        (0, 3, "0 ligne sur 3"),
        (1, 1, "1 ligne"),
    ],
)
def test_lists_say_how_many_lines_they_show(shown, everything, said):
    assert lines(shown, everything) == said


def test_a_list_of_the_administration_is_counted_and_searched_in_french(client, nation):
    client.force_login(make_member(Role.ADMIN_NATIONAL, nation))
    html = client.get("/admin/territories/territory/", {"q": "landes"}).content.decode()
    told = re.search(r'result-count">(.*?)<', html)
    assert told is not None
    assert re.fullmatch(r"\d+ lignes? sur \d+", told[1].replace("\u202f", ""))
    assert 'placeholder="Rechercher dans la liste"' in html
    assert "Rechercher territoires" not in html


def test_a_role_is_taken_back_and_not_deleted(client, landes, nation):
    client.force_login(make_member(Role.ADMIN_NATIONAL, nation))
    membership = make_member(Role.EDITOR, landes).memberships.get()
    listed = client.get("/admin/accounts/membership/").content.decode()
    asked = client.get(f"/admin/accounts/membership/delete/{membership.pk}/").content.decode()
    for html in (listed, asked):
        assert "Retirer" in html
        assert "upprimer" not in html[html.index("<main") :]
    assert str(membership) in asked
    client.post(f"/admin/accounts/membership/delete/{membership.pk}/")
    assert not type(membership).objects.filter(pk=membership.pk).exists()


def test_spaces_and_territories_have_each_their_icon(client, nation):
    client.force_login(make_member(Role.ADMIN_NATIONAL, nation))
    icons = {
        item.label: item.icon_name
        for item in admin_menu.menu_items_for_request(client.get("/admin/").wsgi_request)
        if item.label in ("Espaces", "Territoires")
    }
    assert icons == {"Espaces": "globe", "Territoires": "map"}
    assert "icon-map" in client.get("/admin/sprite/").content.decode()
