"""Listings: filters, what they say, paging, feeds, pins, cost, and query strings of every kind."""

from __future__ import annotations

import datetime as dt
import time
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.images import get_image_model
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction

from pages.models import NewsIndexPage, NewsPage
from portal.core.enums import ThemeFamily
from portal.core.listing import FilterableIndexPage
from portal.core.models import Theme
from portal.core.page_cache import GENERATION
from portal.core.sections import registered_sections
from tests.factories import make_initiative, make_news, section

pytestmark = pytest.mark.django_db
LANDES = "/territoires/nouvelle-aquitaine/landes/actualites/"


def make_theme(name: str, slug: str) -> Theme:
    return Theme.objects.create(name=name, slug=slug, family=ThemeFamily.INCLUSION)


def titles(client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200, address
    return [item.title for item in response.context["items"]]


def feed_titles(client, address: str) -> list[str]:
    root = ElementTree.fromstring(client.get(address).content)
    items = list(root.iter("item")) or list(root.iter("{http://www.w3.org/2005/Atom}entry"))
    return [each.findtext("title") or each.findtext("{http://www.w3.org/2005/Atom}title") or "" for each in items]


@pytest.fixture
def news(landes_space):
    health, code = make_theme("Santé", "sante-test"), make_theme("Code", "code-test")
    made = {
        "Bus": make_news(landes_space, title="Bus", echelon="local", themes=[health]),
        "Pix": make_news(landes_space, title="Pix", echelon="departemental", themes=[code]),
        "Dax": make_news(landes_space, title="Dax", echelon="regional", themes=[health, code]),
    }
    for days, (_, page) in enumerate(made.items()):
        page.fact.date = timezone.now() - dt.timedelta(days=10 * days)
        page.fact.save()
    return made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Bus", "Pix", "Dax"}),
        ("theme=sante-test", {"Bus", "Dax"}),
        ("theme=sante-test&theme=code-test", {"Bus", "Pix", "Dax"}),
        ("echelon=local&echelon=regional", {"Bus", "Dax"}),
        ("theme=code-test&echelon=regional", {"Dax"}),
        ("q=bu", {"Bus"}),
        ("du=2999-01-01", set()),
        ("au=1999-12-31", set()),
        ("territoire=departement-40", {"Bus", "Pix", "Dax"}),
        ("territoire=region-75", {"Bus", "Pix", "Dax"}),
        ("territoire=departement-84", set()),
        ("territoire=nation-FR", {"Bus", "Pix", "Dax"}),
    ],
)
def test_each_filter_and_its_feeds_give_the_same_set(client, news, query, expected):
    assert set(titles(client, f"/actualites/?{query}")) == expected
    for feed in ("rss", "atom"):
        assert set(feed_titles(client, f"/actualites/{feed}/?{query}")) == expected


@pytest.mark.parametrize("family", ["", "disparue"])
def test_a_theme_of_no_known_family_is_offered_last_under_others(client, news, family):
    make_theme("Zéro", "zero")
    Theme.objects.create(name="Égaré", slug="egare", family=family, order=0)
    for address in ("/actualites/", "/agenda/", "/initiatives/", "/ressources/", "/recherche/?q=bus"):
        assert client.get(address).status_code == 200, address
    groups = client.get("/actualites/").context["form"].fields["theme"].choices
    assert list(groups)[-1] == ("Autres", [("egare", "Égaré")])
    assert titles(client, "/actualites/?theme=egare") == []


def test_a_period_holds_both_its_ends(client, news):
    day = timezone.localdate(news["Pix"].fact.date).isoformat()
    assert titles(client, f"/actualites/?du={day}&au={day}") == ["Pix"]


def test_the_newest_come_first(client, news):
    assert titles(client, "/actualites/") == ["Bus", "Pix", "Dax"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("theme=inconnu", "Le filtre « Thèmes » ne connaît pas « inconnu »."),
        ("theme=sante-test&theme=inconnu", "ne connaît pas « inconnu »"),
        ("echelon=mondial", "Le filtre « Échelon » ne connaît pas « mondial »."),
        ("territoire=departement-999", "Le filtre « Territoire » a été ignoré : Ce territoire n’existe pas."),
        ("du=hier", "Le filtre « Du » a été ignoré"),
        ("du=2026-02-01&au=2026-01-01", "la fin précède le début"),
        ("q=" + "x" * 101, "Le filtre « Mots du titre ou du chapô » a été ignoré"),
        ("theme=%3Cscript%3E", "ne connaît pas « &lt;script&gt; »"),
    ],
)
def test_what_was_not_understood_is_said_and_left_out(client, news, query, said):
    html = client.get(f"/actualites/?{query}").content.decode().replace("&#x27;", "'")
    assert said in html
    assert "<script>" not in html.split("<main", 1)[1].split("</main>")[0].replace('<script type="application', "")


def test_known_values_beside_an_unknown_one_still_filter(client, news):
    assert set(titles(client, "/actualites/?theme=sante-test&theme=inconnu")) == {"Bus", "Dax"}


def test_an_empty_list_says_whether_filters_are_the_reason(client, landes_space):
    for section_, bare in (
        ("actualites", "Aucune actualité n’est encore publiée ici."),
        ("agenda", "Aucun événement n’est annoncé pour l’instant."),
        ("initiatives", "Aucune initiative n’est encore publiée ici."),
        ("ressources", "Aucune ressource n’est encore publiée ici."),
    ):
        address = f"/territoires/nouvelle-aquitaine/landes/{section_}/"
        for query, said in (("", bare), ("?q=introuvable", "Rien ne correspond aux filtres choisis.")):
            assert client.get(address + query).context["empty_text"] == said, address


def test_a_day_is_told_with_the_end_it_is(client, news):
    found = client.get("/actualites/?du=2026-01-02&au=2026-03-04").context["active_filters"]
    assert [each.value for each in found] == ["Du 02/01/2026", "Au 04/03/2026"]


def test_active_filters_are_tags_that_remove_themselves(client, news):
    response = client.get("/actualites/?theme=sante-test&theme=code-test&echelon=local&page=1&utm=x")
    found = {each.value: each.query for each in response.context["active_filters"]}
    assert found == {
        "Santé": "echelon=local&theme=code-test",
        "Code": "echelon=local&theme=sante-test",
        "Local": "theme=sante-test&theme=code-test",
    }
    assert 'href="/actualites/?echelon=local&amp;theme=code-test"' in response.content.decode()


@pytest.mark.parametrize(
    ("query", "robots"), [("", False), ("?portee=espace", False), ("?theme=sante-test", True), ("?utm=1", False)]
)
def test_only_the_bare_list_is_for_search_engines(client, news, query, robots):
    html = client.get(f"{LANDES}{query}").content.decode()
    assert ('content="noindex, follow"' in html) is robots
    assert f'<link rel="canonical" href="http://testserver{LANDES}">' in html


def test_the_feed_of_the_filtered_list_is_announced(client, news):
    html = client.get("/actualites/?theme=sante-test").content.decode()
    assert 'type="application/rss+xml" title="Actualités – RSS" href="/actualites/rss/?theme=sante-test"' in html
    assert 'type="application/atom+xml" title="Actualités – Atom" href="/actualites/atom/?theme=sante-test"' in html


def test_paging_keeps_the_filters(client, landes_space, monkeypatch):
    monkeypatch.setattr("pages.models.NewsIndexPage.per_page", 2)
    for number in range(5):
        make_news(landes_space, title=f"N{number}", echelon="local")
    html = client.get("/actualites/?echelon=local&page=2").content.decode()
    assert 'href="?echelon=local&amp;page=3"' in html
    assert 'href="?echelon=local&amp;page=1"' in html
    assert "5 actualités" in html
    assert 'content="noindex, follow"' in html
    seen = [title for page in (1, 2, 3) for title in titles(client, f"/actualites/?echelon=local&page={page}")]
    assert sorted(seen) == [f"N{number}" for number in range(5)]


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "1e3", "²", "9" * 30, "", "1\x00", "٣"])
def test_a_page_that_is_not_there_is_404(client, news, page):
    assert client.get("/actualites/", {"page": page}).status_code == 404


def test_an_empty_list_helps(client, landes_space):
    html = client.get(f"{LANDES}?q=introuvable").content.decode()
    assert "Rien ne correspond aux filtres choisis." in html
    assert f'href="{LANDES}">Retirer les filtres' in html
    assert 'href="/actualites/">Voir la liste nationale' in html


def test_from_above_is_a_visible_choice(client, landes_space, nouvelle_aquitaine):
    make_news(nouvelle_aquitaine.space, title="Régionale")
    assert titles(client, LANDES) == []
    assert titles(client, f"{LANDES}?au_dessus=on") == ["Régionale"]
    assert "Inclure les échelons supérieurs" in client.get(LANDES).content.decode()


def pin(news: NewsPage, day: dt.date) -> None:
    NewsPage.objects.filter(pk=news.pk).update(pinned_until=day)


def test_pinned_news_lead_their_own_space_until_their_day_and_no_other(client, news):
    today = timezone.localdate()
    pin(news["Dax"], today)
    pin(news["Pix"], today - dt.timedelta(days=1))
    assert titles(client, LANDES) == ["Dax", "Bus", "Pix"]
    assert titles(client, "/actualites/") == ["Bus", "Pix", "Dax"]
    assert feed_titles(client, f"{LANDES}rss/") == ["Bus", "Pix", "Dax"]


def test_pinned_news_are_on_one_page_only(client, news, monkeypatch):
    monkeypatch.setattr("pages.models.NewsIndexPage.per_page", 2)
    pin(news["Dax"], timezone.localdate())
    assert titles(client, LANDES) == ["Dax", "Bus"]
    assert titles(client, f"{LANDES}?page=2") == ["Pix"]


def test_no_more_is_counted_than_can_be_turned(client, news, monkeypatch):
    monkeypatch.setattr("portal.core.listing.paging.MAX_PAGE", 1)
    monkeypatch.setattr("pages.models.NewsIndexPage.per_page", 2)
    html = client.get("/actualites/").content.decode()
    assert "Plus de 2 actualités" in html
    assert "La liste s’arrête ici" in html
    assert client.get("/actualites/?page=2").status_code == 404


# --- What must not leak ----------------------------------------------------------------------------------------------
@pytest.fixture
def hidden(landes_space):
    """A draft, an unpublished, a private and a privately placed page; nothing of them may be seen."""
    draft = make_news(landes_space, title="SECRET brouillon", lead="SECRET", live=False)
    gone = make_news(landes_space, title="SECRET retirée", lead="SECRET")
    gone.unpublish()
    private = make_news(landes_space, title="SECRET privée", lead="SECRET")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    under = make_initiative(landes_space, title="SECRET dessous", lead="SECRET")
    PageViewRestriction.objects.create(page=section(landes_space, "initiatives"), restriction_type="login")
    return [draft, gone, private, under]


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/actualites/", "/actualites/rss/", "/actualites/atom/", "/initiatives/", "/initiatives/rss/", LANDES),
        *(f"{LANDES}?portee=dedans&au_dessus=on", "/actualites/?q=SECRET", "/territoires/nouvelle-aquitaine/landes/"),
        *("/plan-du-site/", "/sitemap.xml"),
    ],
)
def test_no_public_surface_shows_what_is_hidden(client, hidden, address):
    response = client.get(address)
    text = response.content.decode().replace("q=SECRET", "").replace('value="SECRET"', "")
    text = text.replace("</span>SECRET</a>", "").replace("(SECRET)", "")
    assert "SECRET" not in text
    assert not any(page.slug in text for page in hidden)


def test_a_hidden_page_is_not_reached_either(client, hidden):
    draft, gone, private, under = hidden
    assert client.get(draft.url_path.removeprefix("/accueil")).status_code == 404
    assert client.get(gone.url_path.removeprefix("/accueil")).status_code == 404
    for page in (private, under):
        response = client.get(page.url)
        assert response.status_code == 302
        assert "/compte/" in response.url or "login" in response.url


# --- Cost ------------------------------------------------------------------------------------------------------------
def make_image() -> Image:
    return get_image_model().objects.create(title="Bus", file=get_test_image_file(size=(1300, 800)))


def cold_queries(client, address: str) -> int:
    """Queries of a page nobody has seen since the last publication, all else asked once before."""
    client.get(address)
    caches["default"].set(GENERATION, str(time.time_ns()))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    statements = [query["sql"] for query in captured]
    assert len(statements) == len(set(statements)), "a query is asked twice"
    return len(statements)


@pytest.mark.parametrize("count", [1, 3])
def test_a_listing_costs_the_same_for_one_and_three_items(client, landes_space, count):
    theme = make_theme("Santé", "sante-test")
    for _ in range(count):
        make_news(landes_space, themes=[theme], image=make_image(), image_alt="Un bus")
        make_initiative(landes_space, themes=[theme], image=make_image(), image_decorative=True)
    found = {path: cold_queries(client, path) for path in ("/actualites/", LANDES, "/initiatives/", "/actualites/rss/")}
    assert found == {"/actualites/": 9, LANDES: 9, "/initiatives/": 8, "/actualites/rss/": 5}


@pytest.mark.parametrize("count", [1, 3])
def test_a_detail_costs_the_same_for_one_and_three_neighbours(client, landes_space, count):
    theme = make_theme("Santé", "sante-test")
    shown = {"themes": [theme], "image": make_image(), "image_alt": "Un bus"}
    for _ in range(count):
        make_news(landes_space, **shown)
        make_initiative(landes_space, **shown)
    news, initiative = make_news(landes_space, **shown), make_initiative(landes_space, **shown)
    assert [cold_queries(client, news.url), cold_queries(client, initiative.url)] == [9, 10]


@pytest.mark.parametrize(("query", "index"), [("", "fact_kind"), ("echelon=local", "fact_kind"), ("own", "fact_space")])
def test_a_listing_reads_an_index_of_dates_and_sorts_nothing(landes_space, query, index):
    if connection.vendor != "sqlite":
        pytest.skip("the plan is read in SQLite's words")
    page = section(landes_space, "actualites") if query == "own" else NewsIndexPage.objects.get(depth=3)
    form = page.form_class(QueryDict(query), space=page.space)
    plan = page.filtered_items(form).prefetch_related(None)[:12].explain()
    assert "TEMP B-TREE" not in plan
    assert index in plan


# --- Any query string ------------------------------------------------------------------------------------------------
def listing_addresses() -> list[str]:
    found = []
    for each in registered_sections():
        if issubclass(each.page_class(), FilterableIndexPage):
            found += [f"/{each.slug}/", f"/territoires/nouvelle-aquitaine/landes/{each.slug}/"]
    return found


NAMES = ["q", "portee", "territoire", "au_dessus", "theme", "echelon", "du", "au", "page", "audience", "format", "type"]
NAMES += ["niveau", "licence", "mois", "passe", "annee", "public", "mode", "tri", "x[]", "__proto__", "", "page[]"]
KNOWN = ["1", "0", "-1", "espace", "dedans", "on", "departement-40", "region-75", "nation-FR", "local", "sante-test"]
KNOWN += [
    "2026-01-01",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "9" * 40,
    "%",
    "_",
    "\\",
    "'\"",
    "NaN",
    "1e999",
    "²",
    "٣",
]
VALUES = st.one_of(
    st.sampled_from(KNOWN),
    st.text(max_size=40),
    st.text(alphabet="\x00\x01\x0b\u200b\u202e\ufeff\U0001f389%&=;<>'\"\\/", max_size=20),
    st.integers().map(str),
    st.sampled_from(["x" * 5000, "é" * 2000, "a " * 1000]),
)
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=12)
RAW = st.sampled_from(
    ["%00", "%ED%A0%80", "%FF%FE", "%", "%zz", "&&&", "=&=", "theme=%00&theme=%ED%A0%80", "page=%C2%B2", "q[]=1&q=%80"]
)


@pytest.fixture
def listings(landes_space):
    make_news(landes_space, themes=[make_theme("Santé", "sante-test")])
    return listing_addresses()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(pairs=PAIRS, raw=st.one_of(st.just(""), RAW), choice=st.integers(min_value=0, max_value=10_000))
def test_any_query_string_gives_a_list_or_a_404(client, listings, pairs, raw, choice):
    address = listings[choice % len(listings)]
    query = "&".join(part for part in (urlencode(pairs), raw) if part)
    for suffix in ("", "rss/", "atom/"):
        response = client.get(f"{address}{suffix}", QUERY_STRING=query)
        assert response.status_code in (200, 404), (address, query)
        if suffix and response.status_code == 200:
            ElementTree.fromstring(response.content)
