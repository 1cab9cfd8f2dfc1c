"""A page of the Landes, a draft of Lot-et-Garonne."""

import pytest

from pages.models import NewsPage
from pages.services import open_territory_space
from tests.factories import make_news

from .scene import OURS, THEIRS, territory


@pytest.fixture
def other_space(landes_space):
    return open_territory_space(territory=territory("departement-47"))


@pytest.fixture
def ours(landes_space, commit):
    with commit():  # Searches are fed after the commit.
        page = make_news(landes_space, title=OURS, slug="annonce")
        page.save_revision().publish()
    return NewsPage.objects.get(pk=page.pk)


@pytest.fixture
def theirs(other_space, commit):
    with commit():
        page = make_news(other_space, title=THEIRS, slug="secret", live=False)
        page.save_revision()
    return NewsPage.objects.get(pk=page.pk)
