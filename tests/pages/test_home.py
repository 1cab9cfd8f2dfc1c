"""The home page and the pages of territory spaces: what each reader finds there, and at what cost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction

from pages.services import close_territory_space, open_territory_space
from portal.accounts.models import Organisation
from portal.core.highlights import registered_highlights
from portal.territories.models import Space, Territory
from tests.factories import make_initiative, make_news

LANDES = "/territoires/nouvelle-aquitaine/landes/"


def visit(address: str = "/", territory: str = "") -> str:
    client = Client()
    if territory:
        client.cookies["territoire"] = territory
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def national(db) -> Space:
    return Space.objects.get(territory__level="nation")


@pytest.fixture
def vaucluse_space(landes_space) -> Space:
    return open_territory_space(territory=Territory.objects.get(level="departement", code="84"))


# --- The country's home page -----------------------------------------------------------------------------------------
def test_everybody_sees_the_news_of_every_space(landes_space, vaucluse_space, national):
    titles = [make_news(space).title for space in (landes_space, vaucluse_space, national)]
    text = visit()
    assert all(title in text for title in titles)
    assert 'action="/territoires/choisir/"' in text


def test_a_pinned_item_comes_first_until_its_day_is_over(landes_space):
    pinned = make_news(
        landes_space,
        title="À retenir",
        pinned_until=timezone.localdate(),
        first_published_at=timezone.now() - timedelta(days=9),
    )
    for number in range(4):
        make_news(landes_space, title=f"Plus récente {number}")
    text = visit()
    assert text.index("À retenir") < text.index("Plus récente 3")
    assert "Plus récente 0" not in text
    pinned.pinned_until = timezone.localdate() - timedelta(days=1)
    pinned.save()
    assert "À retenir" not in visit()


def test_what_is_not_public_is_on_no_home_page(landes_space):
    draft = make_news(landes_space, title="Un brouillon", live=False)
    private = make_news(landes_space, title="Une page privée")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    for text in (visit(), visit(territory="departement-40"), visit(LANDES)):
        assert draft.title not in text
        assert private.title not in text


# --- The visitor's home page -----------------------------------------------------------------------------------------
def test_it_becomes_the_visitors(landes_space, vaucluse_space, national):
    elsewhere = make_news(vaucluse_space)
    # The Landes and the region contain Mont-de-Marsan: what they publish comes « from above », as the country's does.
    region = Space.objects.get(territory__level="region", territory__code="75")
    above = [make_news(space) for space in (landes_space, region, national)]
    text = visit(territory="commune-40192")
    assert "Près de chez vous\u00a0: Mont-de-Marsan" in text.replace("&nbsp;", "\u00a0")
    assert all(news.title in text for news in above)
    assert elsewhere.title not in text


def test_a_resident_of_the_departement_sees_what_is_inside_and_above(landes_space, vaucluse_space, national):
    inside = make_news(landes_space, territory=Territory.objects.get(level="commune", code="40192"))
    own, above, elsewhere = make_news(landes_space), make_news(national), make_news(vaucluse_space)
    own.delete()
    text = visit(territory="departement-40")
    assert inside.title in text
    assert above.title in text
    assert elsewhere.title not in text


def test_the_nearest_spaces_come_first_and_closed_ones_not(landes_space):
    text = visit(territory="commune-40192")
    near = re.findall(r'href="(/territoires/nouvelle-aquitaine/[a-z/]*)">[A-Z]', text.split("</h1>")[1])
    assert near[:2] == [LANDES, "/territoires/nouvelle-aquitaine/"]
    close_territory_space(space=landes_space)
    assert f'href="{LANDES}"' not in visit(territory="commune-40192")


def test_voir_tout_leads_to_the_same_scope(landes_space):
    make_news(landes_space)
    assert 'href="/actualites/?territoire=departement-40&amp;au_dessus=on"' in visit(territory="departement-40")
    assert 'href="/actualites/"' in visit()


# --- A territory's space ---------------------------------------------------------------------------------------------
def test_a_space_shows_what_lies_inside_it_and_nothing_else(landes_space, vaucluse_space, national):
    own, elsewhere, above = make_news(landes_space), make_news(vaucluse_space), make_initiative(national)
    text = visit(LANDES)
    assert "<h1" in text
    assert "Landes" in text.split("<h1")[1][:60]
    assert own.title in text
    assert elsewhere.title not in text
    assert above.title not in text
    assert own.title in visit("/territoires/nouvelle-aquitaine/")


def test_a_region_lists_its_open_spaces(landes_space):
    address = "/territoires/nouvelle-aquitaine/"
    assert f'<a href="{LANDES}">Landes</a>' in visit(address)
    close_territory_space(space=landes_space)
    assert f'<a href="{LANDES}">Landes</a>' not in visit(address)


def test_its_sections_are_one_step_away_and_the_current_one_is_said(landes_space):
    news = make_news(landes_space)
    text = visit(news.get_url())
    assert f'<a href="{LANDES}actualites/" aria-current="true">Actualités</a>' in text
    assert f'<a href="{LANDES}" aria-current="page">Accueil de l’espace</a>' in visit(LANDES)
    assert 'class="portal-space-nav"' not in visit("/actualites/")


# --- Cost ------------------------------------------------------------------------------------------------------------
# Site with its identity, menu, the address with what is above it, images; one query a block. A space is one page more
# to read and its nested spaces; a visitor has a territory and its nearest spaces.
FIXED = {"/": 4, LANDES: 6}
FIXED_FOR_A_VISITOR = 6
AT_MOST = 10


def add_items(space: Space, count: int) -> None:
    for _ in range(count):
        image = get_image_model().objects.create(title="Image", file=get_test_image_file("carte.png"))
        make_news(space, image=image, image_alt="Une carte")
        make_initiative(space, image=image, image_alt="Une carte")


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("address", FIXED)
def test_queries_of_a_cold_page(landes_space, django_assert_num_queries, address, count):
    add_items(landes_space, count)
    visit(address)  # Makes the renditions.
    expected = FIXED[address] + len(registered_highlights())
    with django_assert_num_queries(expected) as captured:
        visit(address)
    assert len({query["sql"] for query in captured.captured_queries}) == expected, "a query is asked twice"
    assert expected <= AT_MOST


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_visitors_home_page(landes_space, django_assert_num_queries, count):
    add_items(landes_space, count)
    visit(territory="departement-40")
    with django_assert_num_queries(FIXED_FOR_A_VISITOR + len(registered_highlights())):
        visit(territory="departement-40")


def test_a_card_image_has_its_size_and_costs_nothing_more(landes_space):
    add_items(landes_space, 1)
    tag = re.search(r'<img class="fr-responsive-img"[^>]+>', visit())[0]
    assert 'loading="lazy"' in tag
    assert re.search(r'width="\d+" height="\d+"', tag)
    assert 'alt="Une carte"' in tag


def test_a_space_names_the_hubs_that_cover_it_and_follows_their_changes(
    landes_space, landes, nouvelle_aquitaine, commit
):
    def shown():
        return "Hub des Pins" in visit(LANDES)

    def make(kind="hub", name="Hub des Pins"):
        return Organisation.objects.create(name=name, kind=kind, territory=nouvelle_aquitaine)

    with commit():
        hub = make()
        make(kind="association", name="Association des Pins").covered.add(landes)
    assert not shown()
    with commit():
        hub.covered.add(nouvelle_aquitaine)
    assert shown()
    assert "Association des Pins" not in visit(LANDES)
    with commit():
        hub.covered.clear()
    assert not shown()
