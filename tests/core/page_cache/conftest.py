"""A site whose pages are kept, its reader and a page to change."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_news

LIST = "/actualites/"


@pytest.fixture(autouse=True)
def page_cache(settings):
    settings.PAGE_CACHE_SECONDS = 600


@pytest.fixture
def reader(db):
    """Asks for an address as a new anonymous reader: the text, and whether it came from memory."""

    def ask(address: str = LIST, **headers: str):
        response = Client().get(address, headers=headers)
        assert response.status_code == 200, address
        return response.content.decode(), response.get("X-Cache") == "hit"

    return ask


@pytest.fixture
def news(landes_space):
    return make_news(landes_space, title="Un bus numérique")
