"""Files for robots and the site map: what is in them, what never is."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from pages import sitemaps
from pages.services import open_territory_space
from portal.territories.models import Territory
from tests.factories import make_initiative, make_news, section

pytestmark = pytest.mark.django_db
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def locations(client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    return [each.text or "" for each in ElementTree.fromstring(response.content).iter(f"{NAMESPACE}loc")]


def every_address(client) -> list[str]:
    found = []
    for file in locations(client, "/sitemap.xml"):
        found += locations(client, file.removeprefix("http://testserver"))
    return [address.removeprefix("http://testserver") for address in found]


def test_the_sitemap_holds_each_visible_page_once_and_nothing_hidden(client, landes_space):
    shown, draft, private = (make_news(landes_space, title=title) for title in ("Visible", "Brouillon", "Privée"))
    draft.unpublish()
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    addresses = every_address(client)
    assert shown.url in addresses
    assert draft.url_path.removeprefix("/accueil") not in addresses
    assert private.url not in addresses
    assert "/" in addresses
    assert len(addresses) == len(set(addresses))


def test_a_sitemap_is_cut_in_slices(client, landes_space, monkeypatch):
    monkeypatch.setattr(sitemaps, "SLICE", 2)
    news = [make_news(landes_space) for _ in range(5)]
    files = [each for each in locations(client, "/sitemap.xml") if "sitemap-news-" in each]
    assert len(files) == 3
    assert sorted(every_address(client)).count(news[4].url) == 1
    assert client.get("/sitemap-news-4.xml").status_code == 404
    assert client.get("/sitemap-inconnu-1.xml").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_sitemap_costs_the_same_queries_whatever_its_size(client, landes_space, count, django_assert_num_queries):
    for _ in range(count):
        make_news(landes_space)
    client.get("/robots.txt")
    caches["pages"].clear()
    with django_assert_num_queries(2):
        client.get("/sitemap-news-1.xml")
    with django_assert_num_queries(1):
        client.get("/sitemap.xml")


def test_robots_are_told_of_the_sitemap_and_kept_out(client):
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /admin/" in text


def test_security_txt_says_whom_to_write_to_and_until_when(client):
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines())
    assert lines["Contact"] == "mailto:contact@exemple.fr"
    assert lines["Expires"] > "2020"
    assert set(lines) >= {"Contact", "Expires"}


def test_the_site_map_shows_sections_and_spaces_and_no_content(client, landes_space):
    news = make_news(landes_space, title="Une actualité précise")
    html = client.get("/plan-du-site/").content.decode()
    assert 'href="/actualites/"' in html
    assert f'href="{landes_space.page.url}"' in html
    region = html.partition("Nouvelle-Aquitaine</a></h3>")[2]
    assert region.index("<ul") < region.index("Landes</a>") < region.index("</ul>")
    assert news.title not in html


def test_the_site_map_follows_the_menu_then_help_then_the_rest(client, landes_space):
    html = client.get("/plan-du-site/").content.decode().partition("<main")[2].partition("</main>")[0]
    order = ("/", "/actualites/", "/agenda/", "/ressources/", "/initiatives/", "/lettres/", "/territoires/", "/aide/")
    places = [html.index(f'class="fr-link" href="{address}"') for address in (*order, "/accessibilite/")]
    assert places == sorted(places)


def test_spaces_of_the_site_map_are_sorted_by_name_and_told_apart(client, landes_space):
    for key in (("region", "93"), ("region", "84"), ("region", "04"), ("departement", "974"), ("departement", "47")):
        open_territory_space(territory=Territory.objects.get(level=key[0], code=key[1]))
    html = client.get("/plan-du-site/").content.decode().partition('id="espaces"')[2].partition("</section>")[0]
    names = re.findall(r">([^<>]+)</a>", html)[1:]
    assert names == [
        *("Auvergne-Rhône-Alpes", "La Réunion (région)", "La Réunion (département)"),
        *("Nouvelle-Aquitaine", "Landes", "Lot-et-Garonne", "Provence-Alpes-Côte d&#x27;Azur"),
    ]
    assert "7 territoires ont ouvert leur espace" in html
    assert "Aller à une région" not in html


def test_a_long_site_map_begins_with_links_to_its_regions(client, landes_space, monkeypatch):
    monkeypatch.setattr("pages.site_map.LONG", 1)
    html = client.get("/plan-du-site/").content.decode()
    assert '<a class="fr-tag fr-tag--sm" href="#espace-region-75">Nouvelle-Aquitaine</a>' in html
    assert 'id="espace-region-75"' in html


def test_the_site_map_costs_the_same_with_more_spaces(client, landes_space):
    def queries():
        cache.clear()
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as captured:
            client.get("/plan-du-site/")
        return len(captured)

    before = queries()
    for code in ("47", "32", "84"):
        open_territory_space(territory=Territory.objects.get(level="departement", code=code))
    assert queries() == before


def test_the_site_map_leaves_out_what_is_private(client, landes_space):
    PageViewRestriction.objects.create(page=landes_space.page, restriction_type="login")
    assert f'href="{landes_space.page.url}"' not in client.get("/plan-du-site/").content.decode()


def test_a_page_whose_slug_changes_or_that_moves_leads_to_its_new_address(client, landes_space, commit):
    news = make_news(landes_space)
    before = news.url
    with commit():
        news.slug = "nouvelle-adresse"
        news.save_revision().publish()
    news.refresh_from_db()
    response = client.get(before)
    assert (response.status_code, response.url) == (301, news.url)
    initiative = make_initiative(landes_space)
    before = initiative.url
    with commit():
        initiative.move(
            section(landes_space, "initiatives").get_parent().get_parent().get_children().get(slug="initiatives"),
            pos="last-child",
        )
    assert Redirect.objects.filter(old_path=before.rstrip("/")).exists()
