"""The reference in Wagtail's admin: to look at, by who may, and never to change."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from portal.territories.models import Territory, TerritoryImport
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/territories/territory/"
IMPORTS = "/admin/territories/territoryimport/"


@pytest.fixture
def viewer(client):
    """Someone with the permission to view, and nothing else."""
    user = make_user()
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "view_territory", "view_territoryimport"])
    )
    client.force_login(user)
    return user


@pytest.fixture
def boss(client):
    user = make_user(is_superuser=True, is_staff=True)
    client.force_login(user)
    return user


def test_who_may_view_finds_and_inspects(client, viewer, landes):
    html = client.get(LIST, {"level": "departement"}).content.decode()
    assert "Landes" in html
    assert "Mont-de-Marsan" not in html
    inspected = client.get(f"{LIST}inspect/{landes.pk}/").content.decode()
    assert "Europe/Paris" in inspected


@pytest.mark.parametrize(
    ("typed", "found", "not_found"),
    [
        ("MONT MARSAN", "Mont-de-Marsan", "Dax"),
        ("40192", "Mont-de-Marsan", "Dax"),
        ("d'azur", "Provence-Alpes-Côte", "Nouvelle-Aquitaine"),
    ],
)
def test_search_ignores_accents_and_case(client, viewer, typed, found, not_found):
    html = client.get(LIST, {"q": typed}).content.decode()
    results = html[html.index("<table") :]
    assert found in results
    assert not_found not in results


@pytest.mark.parametrize("typed", ["\x00", "%", "😀", "x" * 9000])
def test_odd_searches_are_answered(client, viewer, typed):
    assert client.get(LIST, {"q": typed}).status_code == 200


def test_others_are_refused(client, landes):
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    client.force_login(user)
    for address in (LIST, IMPORTS, f"{LIST}inspect/{landes.pk}/"):
        assert client.get(address)["Location"] == "/admin/", address


@pytest.mark.parametrize("action", ["create/", "edit/{pk}/", "delete/{pk}/"])
def test_nobody_changes_the_reference(client, boss, landes, action):
    response = client.post(LIST + action.format(pk=landes.pk), {"name": "Autre"})
    assert response.status_code == 302
    assert response["Location"] == "/admin/"
    landes.refresh_from_db()
    assert landes.name == "Landes"


def test_the_list_is_constant(client, boss, django_assert_num_queries):
    TerritoryImport.objects.create(vintage=2026, digest="0" * 64)
    client.get(LIST)

    def queries(**filters) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST, filters).status_code == 200
        return len(captured)

    assert queries(level="nation") == queries(level="commune") == queries(level="departement")
    assert Territory.objects.filter(level="commune").count() > 3


def test_imports_are_listed(client, viewer):
    TerritoryImport.objects.create(vintage=2026, digest="0" * 64, created=36371)
    assert "36371" in client.get(IMPORTS).content.decode().replace("\u202f", "").replace("\xa0", "")


def test_filters_say_what_they_keep(client, viewer):
    Territory.objects.filter(code="40192").update(ended_on="2025-12-31")
    html = client.get(LIST).content.decode()
    assert "En vigueur" in html
    assert "Empty" not in html
    results = client.get(LIST, {"ended_on__isempty": "0"}).content.decode()
    assert "Mont-de-Marsan" in results
    assert "Dax" not in results[results.index("<table") :]
