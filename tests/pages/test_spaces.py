from pages.services import open_territory_space
from portal.core.models import PageFact
from tests.factories import make_news, section


def test_a_space_nests_under_its_region_with_its_sections(landes_space):
    page = landes_space.page
    assert page.url_path.endswith("/territoires/nouvelle-aquitaine/landes/")
    assert "actualites" in page.get_children().values_list("slug", flat=True)


def test_opening_twice_gives_the_same_space(landes_space, landes):
    before = landes_space.page.get_children().count()
    assert open_territory_space(territory=landes) == landes_space
    assert landes_space.page.get_children().count() == before


def test_a_news_item_is_listed_in_its_own_space_and_nationally_only(client, landes_space):
    news = make_news(landes_space, title="Un bus numérique dans les Landes")
    assert PageFact.objects.get(page=news).space == landes_space
    for address, shown in [
        ("/actualites/", True),
        ("/territoires/nouvelle-aquitaine/landes/actualites/", True),
        ("/territoires/nouvelle-aquitaine/actualites/", False),
        ("/territoires/nouvelle-aquitaine/actualites/?portee=dedans", True),
    ]:
        assert (news.title in client.get(address).content.decode()) is shown, address
    assert section(landes_space, "actualites").live
