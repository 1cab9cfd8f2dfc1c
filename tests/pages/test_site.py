"""The site stands where ``SITE_URL`` says: what leaves the portal carries that address."""

import pytest
from wagtail.models import Site

from pages.services import ensure_site
from tests.factories import make_news

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "hostname", "port"),
    [
        ("https://portail.exemple.fr", "portail.exemple.fr", 443),
        ("http://127.0.0.1:8123", "127.0.0.1", 8123),
        ("http://portail.exemple.fr", "portail.exemple.fr", 80),
    ],
)
def test_the_default_site_follows_the_setting(client, settings, landes_space, address, hostname, port):
    news = make_news(landes_space)
    settings.SITE_URL = address
    ensure_site()
    site = Site.objects.get(is_default_site=True)
    assert (site.hostname, site.port) == (hostname, port)
    settings.ALLOWED_HOSTS = ["*"]
    page = client.get(news.get_url()).content.decode()
    assert f'<link rel="canonical" href="{address}/territoires/' in page
    assert f"<link>{address}/territoires/" in client.get("/actualites/rss/").content.decode()


def test_setting_up_again_writes_nothing(django_assert_max_num_queries):
    ensure_site()
    with django_assert_max_num_queries(60) as captured:
        ensure_site()
    assert not [query for query in captured.captured_queries if query["sql"].startswith(("UPDATE", "DELETE"))]
