"""The list of recurring letters in the administration."""

from __future__ import annotations

import pytest
from django.utils import timezone

from newsletters.models import Digest
from newsletters.services.lists import ensure_default_list
from portal.accounts.enums import Role
from portal.territories.models import Territory
from tests.factories import make_member

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/newsletters/digest/"


def make_digests(territory: Territory, count: int) -> None:
    one = ensure_default_list(territory=territory)
    Digest.objects.bulk_create(
        Digest(territory=territory, list=one, name=f"Chaque mois {number}", next_at=timezone.now())
        for number in range(count)
    )


@pytest.mark.parametrize("role", [Role.EDITOR, Role.SENDER])
def test_the_team_sees_those_of_its_territory(client, landes_space, landes, role):
    make_digests(landes, 1)
    client.force_login(make_member(role, landes))
    assert "Chaque mois 0" in client.get(ADDRESS).content.decode()
    client.force_login(make_member(role, Territory.objects.get(level="departement", code="32")))
    assert "Chaque mois 0" not in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(client, landes_space, landes, count, django_assert_num_queries):
    make_digests(landes, count)
    client.force_login(make_member(Role.SENDER, landes))
    client.get(ADDRESS)
    with django_assert_num_queries(QUERIES):
        assert client.get(ADDRESS).status_code == 200


QUERIES = 21
