"""A page's fact follows whatever happens to the page."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from pages.models import NewsPage
from pages.services import open_territory_space
from portal.core import facts
from portal.core.models import PageFact
from portal.territories.models import Territory
from tests.factories import make_news, make_user, section

pytestmark = pytest.mark.django_db


def fact_of(page):
    return PageFact.objects.get(page_id=page.pk)


def test_a_draft_is_not_visible_and_becomes_so_on_publication(landes_space):
    news = make_news(landes_space, live=False)
    assert not fact_of(news).visible
    news.save_revision().publish()
    assert fact_of(news).visible
    NewsPage.objects.get(pk=news.pk).unpublish()
    assert not fact_of(news).visible


def test_the_territory_is_the_space_s_unless_the_page_says_more(landes_space):
    dax = Territory.objects.get(level="commune", code="40088")
    assert fact_of(make_news(landes_space)).territory == landes_space.territory
    assert fact_of(make_news(landes_space, territory=dax)).territory == dax


def test_a_draft_of_a_live_page_changes_no_fact_before_it_is_published(landes_space):
    news = make_news(landes_space)
    news.territory = Territory.objects.get(level="commune", code="40088")
    revision = news.save_revision()
    assert fact_of(news).territory == landes_space.territory
    revision.publish()
    assert fact_of(news).territory.code == "40088"


@pytest.mark.parametrize("where", ["page", "section", "space"])
def test_a_restriction_on_the_page_or_above_hides_it_and_lifting_it_shows_it(landes_space, where):
    news = make_news(landes_space)
    restricted = {"page": news, "section": section(landes_space, "actualites"), "space": landes_space.page}[where]
    restriction = PageViewRestriction.objects.create(page=restricted, restriction_type="login")
    assert not fact_of(news).visible
    assert fact_of(make_news(landes_space)).visible is (where == "page")
    restriction.delete()
    assert fact_of(news).visible


def test_a_moved_page_changes_space_and_visibility(landes_space, nouvelle_aquitaine):
    target = section(nouvelle_aquitaine.space, "actualites")
    PageViewRestriction.objects.create(page=target, restriction_type="login")
    news = make_news(landes_space)
    news.move(target, pos="last-child")
    assert fact_of(news).space == nouvelle_aquitaine.space
    assert not fact_of(news).visible


def test_a_moved_space_carries_its_pages(landes_space):
    news = make_news(landes_space)
    other = open_territory_space(territory=Territory.objects.get(level="region", code="93"))
    Page.objects.get(pk=landes_space.page_id).move(other.page, pos="last-child")
    assert fact_of(news).space == landes_space
    assert news.fact.visible


def test_a_deleted_page_leaves_no_fact(landes_space):
    news = make_news(landes_space)
    Page.objects.get(pk=news.pk).delete()
    assert not PageFact.objects.filter(page_id=news.pk).exists()


def test_an_alias_is_as_private_as_its_source(landes_space, nouvelle_aquitaine):
    news = make_news(landes_space)
    alias = news.create_alias(parent=section(nouvelle_aquitaine.space, "actualites"))
    assert fact_of(alias).visible
    restriction = PageViewRestriction.objects.create(page=news, restriction_type="login")
    assert not fact_of(alias).visible
    restriction.delete()
    assert fact_of(alias).visible


def test_a_private_page_answers_with_the_sign_in_page(client, landes_space):
    news = make_news(landes_space)
    address = news.get_url()
    assert client.get(address).status_code == 200
    restriction = PageViewRestriction.objects.create(page=landes_space.page, restriction_type="login")
    answer = client.get(address)
    assert answer.status_code == 302
    assert "/compte/login/" in answer["Location"] or "login" in answer["Location"]
    restriction.delete()
    assert news.title in client.get(address).content.decode()


def test_an_expired_page_is_hidden_by_the_schedule(landes_space):
    news = make_news(landes_space, expire_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled", verbosity=0)
    assert not fact_of(news).visible


def test_facts_are_written_in_a_constant_number_of_queries(landes_space):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            facts.refresh_subtree(Page.objects.get(pk=landes_space.page_id))
        return len(queries)

    make_news(landes_space)
    cost()
    before = cost()
    for _ in range(5):
        make_news(landes_space)
    assert cost() == before


def test_the_command_finds_and_mends_false_facts(landes_space):
    news, gone = make_news(landes_space), make_news(landes_space)
    PageFact.objects.filter(page=news).update(visible=False)
    PageFact.objects.filter(page=gone).delete()
    out = StringIO()
    with pytest.raises(CommandError, match="2 page facts"):
        call_command("check_facts", stdout=out)
    assert f"page {news.pk}" in out.getvalue()
    call_command("check_facts", "--fix", stdout=out)
    assert fact_of(news).visible
    assert fact_of(gone).visible
    assert "Every page fact is true." in out.getvalue()


def test_the_author_of_a_page_may_be_disabled_without_losing_it(landes_space):
    author = make_user()
    news = make_news(landes_space, owner=author)
    author.is_active = False
    author.save()
    assert fact_of(news).visible
