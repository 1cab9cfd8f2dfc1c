"""The lists and forms of wagtail-modeladmin speak French that agrees."""

import pytest

from portal.accounts.enums import Role
from portal.core.modeladmin import one
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
