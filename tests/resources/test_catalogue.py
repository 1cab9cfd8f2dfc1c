"""The catalogue as its readers see it: what is listed, counted, filtered, and what never is."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from portal.core.models import Theme
from resources.forms import CatalogueForm
from tests.factories import make_news
from tests.resources.factories import make_document, make_resource

LANDES = "/territoires/nouvelle-aquitaine/landes/ressources/"


def facets(response):
    """{facet: {value: count}} of a catalogue page."""
    return {facet.name: {v.value: v.count for v in facet.values} for facet in response.context["facets"]}


def titles(response):
    return [item.title for item in response.context["items"]]


@pytest.fixture
def theme(db):
    return Theme.objects.create(family="inclusion", name="Santé essai", slug="sante-essai", order=1)


@pytest.fixture
def three(landes_space, nation, theme):
    """Three resources: two of the Landes, one national."""
    make_resource(
        landes_space,
        title="Atelier seniors",
        type="methodologie",
        level="debutant",
        beneficiaries=["seniors", "adultes"],
        themes=[theme],
        documents=[make_document("atelier.pdf"), make_document("annexe.pdf"), make_document("atelier.odt")],
    )
    make_resource(landes_space, title="Kit parents", type="boite-a-outils", level="avance", beneficiaries=["parents"])
    make_resource(
        nation.space, title="Zoom national", type="methodologie", level="avance", licence="cc-by-sa-4.0", themes=[theme]
    )


def test_each_facet_counts_pages_once(client, three):
    counted = facets(client.get("/ressources/"))
    assert counted["type"] == {"methodologie": 2, "boite-a-outils": 1}
    assert counted["beneficiaire"] == {"adultes": 1, "seniors": 1, "parents": 1}
    assert counted["format"] == {"pdf": 1, "texte": 1}
    assert counted["licence"] == {"licence-ouverte-2.0": 2, "cc-by-sa-4.0": 1}
    assert counted["theme"] == {"sante-essai": 2}
    assert counted["territoire"] == {"region-75": 2, "departement-40": 2}


def test_a_facet_is_counted_under_the_other_filters_and_not_under_its_own(client, three):
    response = client.get("/ressources/?type=methodologie&niveau=avance")
    assert titles(response) == ["Zoom national"]
    counted = facets(response)
    assert counted["type"] == {"methodologie": 1, "boite-a-outils": 1}
    assert counted["niveau"] == {"debutant": 1, "avance": 1}
    assert counted["licence"] == {"cc-by-sa-4.0": 1}


@pytest.mark.parametrize("address", ["/ressources/", LANDES])
def test_a_count_is_the_number_of_results_its_value_gives(client, three, address):
    response = client.get(address)
    assert facets(response)["type"]
    for name, values in facets(response).items():
        for value, count in values.items():
            assert client.get(address, {name: value}).context["items"].paginator.count == count, (name, value)


def test_sort_view_words_and_several_values_of_one_facet(client, three):
    assert titles(client.get("/ressources/?tri=titre")) == ["Atelier seniors", "Kit parents", "Zoom national"]
    assert titles(client.get("/ressources/?tri=recent")) == ["Zoom national", "Kit parents", "Atelier seniors"]
    assert titles(client.get("/ressources/?beneficiaire=parents&beneficiaire=seniors&tri=titre")) == [
        "Atelier seniors",
        "Kit parents",
    ]
    assert titles(client.get("/ressources/?q=seniors")) == ["Atelier seniors"]
    assert 'class="portal-plain-list resources-list"' in client.get("/ressources/?vue=liste").content.decode()
    assert "resources-list" not in client.get("/ressources/").content.decode()


def test_the_feed_of_a_selection_is_the_selection(client, three):
    page = client.get("/ressources/?type=methodologie&theme=sante-essai&niveau=debutant")
    feed = client.get(page.context["rss_url"]).content.decode()
    assert "Atelier seniors" in feed
    assert "Zoom national" not in feed
    assert "Santé essai" in feed


def test_a_tag_takes_its_filter_off_and_keeps_the_others(client, three):
    response = client.get("/ressources/?type=boite-a-outils&niveau=avance&tri=titre")
    tags = {each.value: each.query for each in response.context["active_filters"]}
    assert tags == {"Boîte à outils": "niveau=avance&tri=titre", "Avancé": "type=boite-a-outils&tri=titre"}


def test_a_value_without_result_stays_shown_when_it_is_chosen(client, three):
    response = client.get("/ressources/?format=tableur&territoire=region-93&theme=sante-essai")
    assert titles(response) == []
    counted = facets(response)
    assert counted["format"]["tableur"] == 0
    assert counted["territoire"]["region-93"] == 0
    assert "Aucune ressource ne correspond à ces filtres." in response.content.decode()


def test_unknown_values_are_told_and_the_known_ones_kept(client, three):
    response = client.get("/ressources/?type=methodologie&type=inconnu&niveau=expert&tri=hasard")
    assert set(titles(response)) == {"Atelier seniors", "Zoom national"}
    told = " ".join(response.context["notices"])
    for value in ("inconnu", "expert"):
        assert value in told


SELECTIONS = [
    {},
    {"type": "methodologie"},
    {"niveau": "avance", "licence": "licence-ouverte-2.0"},
    {"q": "atelier"},
    {"theme": "sante-essai", "q": "zoom"},
    {"territoire": "departement-40"},
    {"territoire": "departement-40", "au_dessus": "on"},
    {"beneficiaire": ["seniors", "parents"], "format": "pdf"},
    {"portee": "dedans", "type": ["methodologie", "boite-a-outils"]},
    {"au_dessus": "on", "niveau": "avance"},
]


@pytest.mark.parametrize("selection", SELECTIONS, ids=urlencode)
@pytest.mark.parametrize("address", ["/ressources/", "/territoires/nouvelle-aquitaine/ressources/", LANDES])
def test_under_any_selection_a_count_is_the_number_of_results_its_value_gives(client, three, address, selection):
    """The counts are made in memory, the results by the database: they agree."""
    response = client.get(address, selection)
    assert response.context["items"].paginator.count == len(titles(response))
    for name, values in facets(response).items():
        if name == "territoire" and not {"territoire", "au_dessus"}.isdisjoint(selection):
            continue  # What comes from above a territory is in its results and not in its count.
        for value, count in values.items():
            narrowed = client.get(address, selection | {name: value})
            assert len(titles(narrowed)) == count, (name, value)
            assert narrowed.context["items"].paginator.count == count, (name, value)


@pytest.mark.parametrize(("address", "queries"), [("/ressources/", 4), (LANDES, 5)])
def test_the_catalogue_costs_the_same_with_one_resource_or_three(
    client, landes_space, theme, settings, commit, django_assert_num_queries, address, queries
):
    """The page is not in memory; the site, the vocabulary and the index of the facets are."""
    settings.PAGE_CACHE_SECONDS = 600
    query = "type=methodologie&theme=sante-essai&beneficiaire=seniors&format=pdf"

    def check(count):
        with commit():
            make_resource(landes_space, themes=[theme], beneficiaries=["seniors"], documents=[make_document()])
        client.get(f"{address}?territoire=departement-40&vu={count}")
        for asked, more in (("", 0), (query, 0), (f"{query}&territoire=departement-40", address == "/ressources/")):
            with django_assert_num_queries(queries + more):
                assert len(titles(client.get(f"{address}?{asked}"))) == count

    for count in (1, 2, 3):
        check(count)


def test_the_facets_are_read_again_when_a_resource_changes_and_not_for_news(
    client, landes_space, settings, commit, django_assert_num_queries
):
    settings.PAGE_CACHE_SECONDS = 600
    with commit():
        page = make_resource(landes_space)
        news = make_news(landes_space)
    assert facets(client.get("/ressources/"))["type"] == {"methodologie": 1}
    with commit():
        news.save()
    with django_assert_num_queries(4):
        assert facets(client.get("/ressources/"))["type"] == {"methodologie": 1}
    with commit():
        page.type = "annuaire"
        page.save_revision().publish()
    with django_assert_num_queries(7):
        assert facets(client.get("/ressources/"))["type"] == {"annuaire": 1}
    with commit():
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert facets(client.get("/ressources/"))["type"] == {}


def test_a_resource_costs_the_same_with_one_companion_or_three(client, landes_space, django_assert_num_queries):
    from resources.models import ResourceRelation

    def relate(count):
        page = make_resource(landes_space, documents=[make_document() for _ in range(count)])
        for _ in range(count):
            page.relations.add(ResourceRelation(related=make_resource(landes_space)))
            user = make_resource(landes_space)
            user.relations.add(ResourceRelation(related=page))
            user.save()
        page.save()
        return page.url

    one, three = relate(1), relate(3)
    client.get(one)
    for address in (one, three):
        with django_assert_num_queries(7):
            client.get(address)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from([*CatalogueForm.base_fields, "page", "inconnu"]),
            st.text(max_size=30) | st.sampled_from(["methodologie", "pdf", "region-75", "-1", "9" * 30, "a" * 5000]),
        ),
        max_size=12,
    )
)
def test_any_query_string_is_answered(client, three, pairs):
    for address in ("/ressources/", "/ressources/rss/"):
        response = client.get(address, QUERY_STRING=urlencode([(k, v.encode("utf-8", "replace")) for k, v in pairs]))
        assert response.status_code in (200, 404), pairs


@pytest.mark.parametrize("family", ["", "disparue"])
def test_a_theme_of_no_known_family_is_counted_last_under_others(client, three, landes_space, family):
    stray = Theme.objects.create(family=family, name="Égaré", slug="egare", order=0)
    make_resource(landes_space, title="Égarée", themes=[stray])
    facet = next(facet for facet in client.get("/ressources/").context["facets"] if facet.name == "theme")
    assert [(value.value, value.count, value.group) for value in facet.values][-1] == ("egare", 1, "Autres")
