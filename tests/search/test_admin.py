"""Wagtail's own searches go through the same engine, and modelsearch's interface holds."""

import pytest
from django.urls import reverse
from modelsearch.backends.base import FilterFieldError
from modelsearch.query import MATCH_ALL, MATCH_NONE, And, Boost, Fuzzy, Not, Or, Phrase, PlainText
from wagtail.models import Page

from pages.models import NewsPage
from tests.factories import make_initiative, make_member, make_news, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(landes_space, commit):
    """Three pages: a beaver's dam, a beaver in the lead, an otter."""
    with commit():
        return [
            make_news(landes_space, title="Le barrage du castor", lead="Une rivière."),
            make_news(landes_space, title="La rivière", lead="Un castor y construit des barrages."),
            make_initiative(landes_space, title="La maison de la loutre", lead="Au bord de la rivière."),
        ]


def found(results) -> list[str]:
    return [page.title for page in results]


def test_an_editor_finds_pages_in_the_explorer(client, landes, three):
    client.force_login(make_member("editor", landes))
    response = client.get(reverse("wagtailadmin_explore", args=[section(landes.space, "actualites").pk]), {"q": "barr"})
    assert response.status_code == 200
    content = response.content.decode()
    assert "Le barrage du castor" in content
    assert "La maison de la loutre" not in content


def test_drafts_are_found_in_the_admin(landes_space, commit):
    with commit():
        page = make_news(landes_space, title="Un brouillon de castor", live=False)
    assert found(Page.objects.search("brouillons")) == [page.title]


def test_relevance_puts_titles_first_and_subclasses_are_narrowed(three):
    assert found(Page.objects.search("castor")) == ["Le barrage du castor", "La rivière"]
    assert found(NewsPage.objects.search("loutre")) == []
    assert found(Page.objects.search("riviere"))[0] == "La rivière"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("castor loutre", set()),
        (PlainText("castor loutre", operator="or"), {0, 1, 2}),
        (Phrase("construit des barrages"), {1}),
        (Phrase("barrages construit"), set()),
        (Fuzzy("castors"), {0, 1}),
        (Boost(PlainText("loutre"), 3), {2}),
        (And([PlainText("castor"), Not(PlainText("construit"))]), {0}),
        (Or([PlainText("loutre"), PlainText("construit")]), {1, 2}),
        (PlainText("castor") & PlainText("riviere"), {0, 1}),
        (PlainText("!!!"), set()),
    ],
)
def test_query_classes(three, query, expected):
    assert set(found(Page.objects.search(query))) == {three[index].title for index in expected}


def test_not_leaves_out_what_matches(three, landes_space):
    pages = Page.objects.filter(id__in=[page.pk for page in three])
    assert set(found(pages.search(Not(PlainText("castor"))))) == {"La maison de la loutre"}
    assert len(pages.search(MATCH_ALL)) == 3
    assert len(pages.search(MATCH_NONE)) == 0


def test_filters_order_count_slices_and_facets(three):
    results = Page.objects.filter(live=True).search("riviere")
    assert results.count() == 3
    assert len(results[:2]) == 2
    assert found(results[1:3]) == found(results)[1:]
    assert results[0].title == "La rivière"
    ordered = Page.objects.order_by("title").search("riviere", order_by_relevance=False)
    assert found(ordered) == ["La maison de la loutre", "La rivière", "Le barrage du castor"]
    facets = results.facet("content_type_id")
    assert sorted(facets.values()) == [1, 2]
    with pytest.raises(FilterFieldError):
        results.facet("seo_title")


def test_scores_are_greater_for_better_results(three):
    scored = list(Page.objects.search("castor").annotate_score("score"))
    assert scored[0].score > scored[1].score > 0


def test_searches_on_named_fields(three):
    assert found(Page.objects.search("castors", fields=["title"])) == ["Le barrage du castor"]
    assert found(NewsPage.objects.search("castor", fields=["lead"])) == ["La rivière"]


def test_completion_takes_beginnings_of_words_of_titles(three):
    assert found(Page.objects.autocomplete("barr cas")) == ["Le barrage du castor"]
    assert found(Page.objects.autocomplete("construi")) == []
    assert Page.objects.autocomplete("castor").count() == 1


@pytest.mark.parametrize("words", ['"', "'", "\x00", "castor\x00", "AND", "(", "*", "a:b", "NEAR(a b)", "-", "!", "\\"])
@pytest.mark.parametrize("method", ["search", "autocomplete"])
def test_odd_characters_raise_nothing(three, method, words):
    assert len(getattr(Page.objects, method)(words)) < 3


def test_huge_queries_are_cut(three):
    assert found(Page.objects.search("castor " * 5000)) != []
    assert list(Page.objects.search("mot" * 50_000)) == []
