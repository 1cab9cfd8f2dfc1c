"""Letters on the web: a page, the archive of a list, feeds; and nothing of what is not public."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from newsletters.enums import Visibility
from newsletters.models import MailingList, NewsletterPage
from newsletters.services.lists import ensure_default_list
from portal.core.facts import refresh_page
from portal.territories.models import Space
from tests.factories import make_news

from .letters.factories import block, make_letter, pages

pytestmark = pytest.mark.django_db
SECRET = "Ne pas montrer"


def publish(space: Space, *blocks: Any, **fields: Any) -> NewsletterPage:
    letter = make_letter(space, *blocks, live=True, first_published_at=timezone.now(), **fields)
    refresh_page(letter)
    return letter


def html_of(client: Any, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_letter_on_the_web_leads_where_it_says(client, landes_space):
    news = make_news(landes_space, title="Un bus arrive", lead="Il passe à Dax.")
    letter = publish(
        landes_space,
        block("text", '<p>Bonjour {{ nom|à vous }}, <a href="https://exemple.fr/a?b=1&amp;c=2">lisez</a></p>'),
        pages(news),
        title="La lettre <de> mai",
    )
    html = html_of(client, letter.url)
    main = html.partition("<main")[2].partition("</main>")[0]
    assert "La lettre &lt;de&gt; mai" in main
    assert "Bonjour à vous, " in main
    assert 'href="https://exemple.fr/a?b=1&amp;c=2"' in main
    assert re.search(rf'<a href="{re.escape(news.url)}">Un bus arrive</a>', main)
    assert "style=" not in main
    assert "/l/" not in main
    assert "\ue000" not in main


def test_the_web_page_leaves_out_what_is_no_longer_public(client, landes_space):
    news = make_news(landes_space, title=SECRET)
    letter = publish(landes_space, pages(news, make_news(landes_space, title="Reste")))
    assert SECRET in html_of(client, letter.url)
    news.unpublish()
    html = html_of(client, letter.url)
    assert SECRET not in html
    assert "Reste" in html


def test_the_archive_of_a_list(client, landes_space):
    one = ensure_default_list(territory=landes_space.territory)
    first = publish(landes_space, title="La première")
    second = publish(landes_space, title="La seconde")
    make_letter(landes_space, title=SECRET)
    for url in (f"/lettres/liste/{one.slug}/", landes_space.page.url + "lettres/"):
        html = html_of(client, url)
        assert html.index("La seconde") < html.index("La première")
        assert SECRET not in html
    for kind in ("rss", "atom"):
        feed = html_of(client, f"/lettres/liste/{one.slug}/{kind}/")
        assert feed.index("La seconde") < feed.index("La première")
        assert SECRET not in feed
    assert f"Lettre suivante&nbsp;: {second.title}" in html_of(client, first.url)
    assert f"Lettre précédente&nbsp;: {first.title}" in html_of(client, second.url)


@pytest.mark.parametrize("hidden", [{"visibility": Visibility.PRIVATE}, {"archived_at": timezone.now()}])
@pytest.mark.parametrize("path", ["", "rss/", "atom/"])
def test_private_and_archived_lists_do_not_exist(client, landes_space, hidden, path):
    one = ensure_default_list(territory=landes_space.territory)
    letter = publish(landes_space)
    MailingList.objects.filter(pk=one.pk).update(name=SECRET, **hidden)
    response = client.get(f"/lettres/liste/{one.slug}/{path}")
    assert response.status_code == 404
    assert SECRET not in response.content.decode()
    assert SECRET not in html_of(client, letter.url)


def test_an_empty_archive_says_so(client, landes_space):
    one = ensure_default_list(territory=landes_space.territory)
    assert "n’est encore parue" in html_of(client, f"/lettres/liste/{one.slug}/")


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999"])
def test_a_page_that_does_not_exist(client, landes_space, page):
    one = ensure_default_list(territory=landes_space.territory)
    publish(landes_space, title="Celle-ci")
    assert "Celle-ci" in html_of(client, f"/lettres/liste/{one.slug}/?page={page}")


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_letter_as_for_three(client, landes_space, count, django_assert_num_queries):
    one = ensure_default_list(territory=landes_space.territory)
    for _ in range(count):
        publish(landes_space)
    client.get("/lettres/abonnement/")
    with django_assert_num_queries(QUERIES_OF_ARCHIVE):
        html_of(client, f"/lettres/liste/{one.slug}/")


@pytest.mark.parametrize("count", [1, 3])
def test_a_letter_of_many_pages_takes_no_more_queries(client, landes_space, count, django_assert_num_queries):
    letter = publish(landes_space, pages(*[make_news(landes_space) for _ in range(count)]))
    client.get("/lettres/abonnement/")
    with django_assert_num_queries(QUERIES_OF_LETTER):
        html_of(client, letter.url)


QUERIES_OF_ARCHIVE = 7
QUERIES_OF_LETTER = 10
