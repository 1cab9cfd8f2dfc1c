"""The search page through its address."""

import html
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from wagtail.rich_text import RichText

from portal.core.models import PageFact, Theme
from portal.search.models import PageText
from tests.factories import make_initiative, make_news

pytestmark = pytest.mark.django_db


def titles(response) -> list[str]:
    """The titles of the results, in order, without their marks."""
    found = re.findall(r'<h3 class="fr-card__title"><a [^>]*>(.*?)</a>', response.content.decode(), re.DOTALL)
    return [html.unescape(re.sub(r"</?mark>", "", title)) for title in found]


def find(client, q: str, **params) -> list[str]:
    response = client.get("/recherche/", {"q": q, **params})
    assert response.status_code == 200
    return titles(response)


@pytest.mark.parametrize(
    "words",
    [
        "médiation",
        "MEDIATION",
        "médiations",
        "l’accès",
        "acces",
        "accéder droits",
        "co-construction",
        "coconstruction",
        "co construire",
        "publique",
        "publics",
        "formée",
        "formees",
        "cœur",
        "coeur",
        "droits acces",
    ],
)
def test_accents_case_elision_hyphens_and_word_forms_are_ignored(client, landes_space, commit, words):
    with commit():
        page = make_news(
            landes_space,
            title="La médiation au cœur de l'accès aux droits",
            lead="Une co-construction ouverte aux publics, formés et accédant.",
        )
        make_news(landes_space, title="Rien à voir", lead="Un autre sujet.")
    assert find(client, words) == [page.title]


def test_every_kind_is_found_with_its_count(client, landes_space, commit):
    with commit():
        make_news(landes_space, title="Festival des libellules")
        make_news(landes_space, title="Une libellule")
        make_initiative(landes_space, title="La maison des libellules")
    response = client.get("/recherche/", {"q": "libellule"})
    content = response.content.decode()
    assert "Actualités (2)" in content
    assert "Initiatives (1)" in content
    assert "Tout (3)" in content
    assert find(client, "libellule", type="initiative") == ["La maison des libellules"]


def test_markup_in_titles_and_texts_is_shown_as_text(client, landes_space, commit):
    evil = '<script>alert("castor")</script>'
    with commit():
        make_news(landes_space, title=f"Castor {evil}", lead=f'{evil} <img src=x onerror="castor"> & castor')
    content = client.get("/recherche/", {"q": "castor"}).content.decode()
    assert "<script>alert" not in content
    assert "<img src=x" not in content
    assert "&lt;script&gt;alert(&quot;<mark>castor</mark>&quot;)&lt;/script&gt;" in content
    content = client.get("/recherche/", {"q": evil}).content.decode()
    assert "<script>alert" not in content


def test_the_extract_shows_where_the_words_are(client, landes_space, commit):
    with commit():
        page = make_news(landes_space, title="Un titre", lead="Mot. " * 80 + "Voici enfin le castor et sa famille.")
    content = client.get("/recherche/", {"q": "castors"}).content.decode()
    assert "le <mark>castor</mark> et sa famille." in content
    assert content.count("Mot.") < 40
    assert page.url in content


def test_headings_and_items_do_not_run_into_the_text(client, landes_space, commit, engine):
    body = [
        ("text", RichText("<h2>Au programme</h2><p>Accueil du castor.</p><ul><li>Un</li><li>Deux</li></ul>")),
        ("text", RichText("<h3>Pour finir</h3><p>Un goûter<br/>et un bilan</p>")),
    ]
    with commit():
        make_news(landes_space, title="Journée", lead="Venez", body=body)
    call_command("wagtail_update_index", verbosity=0)
    engine()
    content = client.get("/recherche/", {"q": "castor"}).content.decode()
    told = "Venez · Au programme · Accueil du <mark>castor</mark>. Un · Deux · Pour finir · Un goûter · et un bilan"
    assert told in content


def test_addresses_and_settings_of_components_are_no_text(client, landes_space, commit, engine):
    body = [
        ("text", RichText("<p>Un castor.</p>")),
        ("buttons", {"items": [{"label": "Consulter", "url": "/ressources/", "style": "secondary"}]}),
        (
            "quote",
            {
                "text": "Belle bête",
                "author": "Buffon",
                "author_title": "",
                "source": "Histoire",
                "source_url": "https://a.example",
            },
        ),
        ("alert", {"level": "info", "title": "À savoir", "text": RichText("<p>La fin</p>")}),
    ]
    with commit():
        page = make_news(landes_space, title="Journée", lead="Venez", body=body)
    call_command("wagtail_update_index", verbosity=0)
    engine()
    assert PageText.objects.get(page=page).text == (
        "Venez · Un castor. Consulter · Belle bête · Buffon · Histoire · À savoir · La fin"
    )
    assert page.title not in find(client, "ressources")
    assert find(client, "secondaire") == []


def test_events_to_come_rank_before_past_ones(client, landes_space, commit, engine):
    with commit():
        past = make_news(landes_space, title="Castor, castor et castors", lead="Castor")
        news = make_news(landes_space, title="Actualité", lead="On y parle aussi de castor.")
        future = make_news(landes_space, title="Rencontre", lead="Un castor parmi bien d'autres animaux de la rivière.")
        for page, days in ((past, -3), (future, 3)):
            PageFact.objects.filter(page=page).update(kind="event", date=timezone.now() + timedelta(days=days))
    call_command("wagtail_update_index", verbosity=0)
    engine()
    assert find(client, "castor")[-1] == past.title
    assert find(client, "castor", tri="date") == [future.title, news.title, past.title]
    assert sorted(find(client, "castor", type="event")) == [past.title, future.title]


def test_filters_by_territory_and_theme_combine_with_counts(client, landes_space, nation, commit, engine):
    theme = Theme.objects.create(family="inclusion", name="Sobriété", slug="sobriete-essai")
    with commit():
        local = make_news(landes_space, title="Le castor local")
        local.themes = [theme]
        local.save()
        make_news(nation.space, title="Le castor national")
        make_initiative(landes_space, title="La maison du castor")
    engine()
    assert len(find(client, "castor")) == 3
    assert sorted(find(client, "castor", territoire="region-75")) == ["La maison du castor", "Le castor local"]
    assert find(client, "castor", theme=theme.slug) == ["Le castor local"]
    assert find(client, "castor", territoire="departement-84") == []
    content = client.get("/recherche/", {"q": "castor", "territoire": "departement-40"}).content.decode()
    assert "Actualités (1)" in content
    assert "Tout (2)" in content


def test_pages_are_found_by_the_name_of_their_territory(client, landes_space, commit):
    with commit():
        page = make_news(landes_space, title="Un castor")
    assert page.title in find(client, "castor landes")
    assert page.title in find(client, "castor nouvelle aquitaine")
    assert find(client, "castor vaucluse", type="news") == [page.title]  # For want of both words.


def test_some_words_are_better_than_nothing_and_it_is_said(client, landes_space, commit):
    with commit():
        page = make_news(landes_space, title="Un castor")
    response = client.get("/recherche/", {"q": "castor zygomorphe"})
    assert titles(response) == [page.title]
    assert "Aucune page ne contient tous ces mots" in response.content.decode()


@pytest.mark.parametrize(("words", "label"), [("Landes", "Landes"), ("40", "Landes"), ("landes", "Landes")])
def test_the_name_or_code_of_a_territory_leads_to_its_space(client, landes_space, words, label):
    content = client.get("/recherche/", {"q": words}).content.decode()
    assert re.search(rf'<h3 class="fr-tile__title"><a href="{re.escape(landes_space.page.url)}">{label}', content)


@pytest.mark.parametrize("words", ["Dax", "40100", "40088"])
def test_a_commune_leads_to_the_nearest_open_space(client, landes_space, words):
    content = client.get("/recherche/", {"q": words}).content.decode()
    assert f'<a href="{landes_space.page.url}">Dax (40)</a>' in content
    assert "Espace le plus proche&nbsp;: Landes" in content


def test_no_result_helps(client, db):
    content = client.get("/recherche/", {"q": "zygomorphe"}).content.decode()
    assert "Aucun résultat pour «&nbsp;zygomorphe&nbsp;»" in content
    assert "Quelques pistes" in content
    assert 'href="/actualites/"' in content


def test_without_words_the_page_explains_and_searches_nothing(client, db):
    content = client.get("/recherche/").content.decode()
    assert "Comment chercher" in content
    assert "Aucun résultat" not in content
    assert '<meta name="robots" content="noindex, follow">' in content


def test_words_too_long_are_refused_with_the_reason(client, db):
    response = client.get("/recherche/", {"q": "castor " * 40})
    assert response.status_code == 200
    assert "200 caractères au plus" in response.content.decode()
    assert 'value="castor castor' in response.content.decode()


def test_unknown_filters_are_ignored_and_told(client, landes_space, commit):
    with commit():
        page = make_news(landes_space, title="Un castor")
    response = client.get(
        "/recherche/", {"q": "castor", "territoire": "lune-1", "theme": "rien", "type": "x", "tri": "y"}
    )
    assert titles(response) == [page.title]
    content = html.unescape(response.content.decode())
    for label in ("Territoire", "Thèmes", "Type de contenu", "Trier par"):
        assert f"Le filtre « {label} » a été ignoré" in content


def test_results_are_paged_and_a_page_beyond_is_the_last(client, landes_space, commit):
    with commit():
        expected = {make_news(landes_space, title=f"Castor {number}").title for number in range(12)}
    first, second = find(client, "castor"), find(client, "castor", page=2)
    assert len(first) == 10
    assert set(first) | set(second) == expected
    assert find(client, "castor", page=900) == second
    content = client.get("/recherche/", {"q": "castor", "type": "news"}).content.decode()
    assert "?q=castor&amp;type=news&amp;page=2" in content


def test_the_answer_is_not_stored_by_the_page_cache(client, landes_space, commit):
    assert find(client, "castor") == []
    with commit():
        page = make_news(landes_space, title="Un castor")
    response = client.get("/recherche/", {"q": "castor"})
    assert titles(response) == [page.title]
    assert "private" in response["Cache-Control"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_results_costs_the_same_queries_whatever_their_number(
    client, landes_space, commit, django_assert_num_queries, count
):
    with commit():
        for number in range(count):
            make_news(landes_space, title=f"Castor {number}")
            make_initiative(landes_space, title=f"Le castor {number}")
    client.get("/recherche/", {"q": "castor"})  # Content types and site roots are in memory from here on.
    with django_assert_num_queries(10):
        assert len(find(client, "castor", territoire="departement-40")) == 2 * count


@pytest.mark.parametrize("count", [1, 3])
def test_suggestions_cost_three_queries(client, landes_space, commit, django_assert_num_queries, count):
    with commit():
        for number in range(count):
            make_news(landes_space, title=f"Castor {number}")
    client.get("/")
    with django_assert_num_queries(3):
        answer = client.get("/recherche/suggestions/", {"q": "cast"}).json()
    assert len(answer["suggestions"]) == count
    assert answer["suggestions"][0].keys() == {"title", "url", "kind"}


@pytest.mark.parametrize("typed", ["mediat", "Médiat", "l'éte", "co-con", "cocon", "numé"])
def test_suggestions_heed_no_accent_case_or_elision(client, landes_space, commit, engine, typed):
    with commit():
        page = make_news(landes_space, title="Médiation numérique de l’été, co-construite")
    engine()
    answer = client.get("/recherche/suggestions/", {"q": typed}).json()
    assert page.title in [item["title"] for item in answer["suggestions"]]


def test_suggestions_are_eight_at_most_and_none_for_a_letter(client, landes_space, commit):
    with commit():
        for number in range(10):
            make_news(landes_space, title=f"Castor {number}")
    ask = lambda q: client.get("/recherche/suggestions/", {"q": q}).json()["suggestions"]  # noqa: E731
    assert len(ask("castor")) == 8
    assert ask("c") == []
    assert ask("castor " * 60) == []


# What breaks naive engines, and anything else.
NASTY = [
    '"',
    "'",
    "AND",
    "NEAR(",
    "*",
    "^",
    "a:b",
    "title:x",
    "(",
    ")",
    "{",
    "-",
    "--",
    "\\",
    "%",
    "_",
    ";DROP",
    "'_OR_1=1",
]
NASTY += ["*:*", "!&|", "<->", ":*", "🦫", "ﷺ", "\x00", "OR NOT", "\u202e", "é" * 50, "a" * 199]


@pytest.mark.parametrize("address", ["/recherche/", "/recherche/suggestions/"])
def test_odd_characters_are_no_error(client, db, engine, address):
    for words in NASTY:
        for q in (words, f"castor {words}", f"{words}castor"):
            assert client.get(address, {"q": q}).status_code == 200, q


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    params=st.dictionaries(
        st.sampled_from(["q", "type", "territoire", "theme", "tri", "page", "x"]),
        st.lists(st.one_of(st.text(max_size=300), st.sampled_from(NASTY), st.integers().map(str)), max_size=3),
    )
)
def test_any_query_string_is_answered(client, db, params):
    assert client.get("/recherche/", params).status_code == 200
    assert client.get("/recherche/suggestions/", params).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_reading_is_allowed(client, db, method):
    assert getattr(client, method)("/recherche/").status_code == 405


def test_an_engine_that_is_down_is_said_and_the_rest_works(client, landes_space, commit, settings):
    settings.WAGTAILSEARCH_BACKENDS = {
        "default": {"BACKEND": "portal.search.backends.elasticsearch", "URLS": ["http://127.0.0.1:9"], "TIMEOUT": 1}
    }
    with commit():  # Saving does not fail.
        make_news(landes_space, title="Un castor")
    response = client.get("/recherche/", {"q": "landes"})
    assert response.status_code == 503
    content = response.content.decode()
    assert "La recherche est momentanément indisponible" in content
    assert landes_space.page.url in content
    assert client.get("/recherche/suggestions/", {"q": "cas"}).json() == {"suggestions": []}
    assert "Un castor" in client.get("/actualites/").content.decode()
