from __future__ import annotations

import pytest
from django.test import Client

from pages.services import open_territory_space
from portal.territories.models import Territory
from tests.factories import make_member


@pytest.fixture
def vaucluse_space(landes_space):
    return open_territory_space(territory=Territory.objects.get(level="departement", code="84"))


@pytest.fixture
def editor(landes_space, landes):
    """Signed in as who writes for the Landes; ``.user`` is who."""
    return signed_in(make_member("editor", landes, first_name="Edith", last_name="Édition"))


@pytest.fixture
def sender(landes_space, landes):
    """Signed in as who sends for the Landes."""
    return signed_in(make_member("sender", landes, first_name="Serge", last_name="Envoi"))


def signed_in(user):
    client = Client()
    client.force_login(user)
    client.user = user
    return client
