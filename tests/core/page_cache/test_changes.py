"""The anonymous page cache: exact, never personal, bounded, and no error where the shared cache is away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageViewRestriction, Site

from pages.models import NewsPage
from portal.core.models import SiteIdentity, Theme
from portal.core.page_cache import (
    GENERATION,
    generation,
    generation_of,
    invalidate_pages,
)
from tests.factories import section

from .away import Away

LIST = "/actualites/"


def test_a_warm_page_asks_the_database_nothing(news, reader, django_assert_num_queries):
    for address in ("/", LIST, news.get_url(), "/territoires/nouvelle-aquitaine/landes/"):
        text, hit = reader(address)
        assert not hit
        with django_assert_num_queries(0):
            assert reader(address) == (text, True)


# --- Exact: each change is seen at once ------------------------------------------------------------------------------
def publish(news):
    news.title = "Un titre corrigé"
    news.save_revision().publish()


def edit_without_publishing(news):
    news.title = "Un brouillon"
    news.save_revision()


def unpublish(news):
    news.unpublish()


def delete(news):
    news.delete()


def expire(news):
    Page.objects.filter(pk=news.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled")


def restrict(news):
    PageViewRestriction.objects.create(page=news, restriction_type=PageViewRestriction.LOGIN)


def move(news):
    news.move(section(Site.objects.get().root_page.territory_space, "actualites"), pos="last-child")


@pytest.mark.parametrize(
    ("change", "address", "gone", "come"),
    [
        (publish, LIST, "Un bus numérique", "Un titre corrigé"),
        (unpublish, LIST, "Un bus numérique", None),
        (delete, LIST, "Un bus numérique", None),
        (expire, LIST, "Un bus numérique", None),
        (restrict, LIST, "Un bus numérique", None),
        (move, "/territoires/nouvelle-aquitaine/landes/actualites/", "Un bus numérique", None),
    ],
)
def test_what_happens_to_a_page_is_seen_at_once(news, reader, commit, change, address, gone, come):
    assert gone in reader(address)[0]
    assert reader(address)[1]
    with commit():
        change(NewsPage.objects.get(pk=news.pk))
    text, hit = reader(address)
    assert not hit
    assert gone not in text
    assert come is None or come in text


def test_a_draft_changes_nothing_for_readers(news, reader, commit):
    text, _ = reader()
    with commit():
        edit_without_publishing(NewsPage.objects.get(pk=news.pk))
    assert "Un brouillon" not in reader()[0]
    assert "Un bus numérique" in text


def test_a_page_rolled_back_leaves_the_cache_as_it_was(news, reader, commit):
    reader()
    before = generation()
    with commit() as callbacks:
        pass
    assert callbacks == []
    assert generation() == before
    assert reader()[1]


def test_the_menu_follows_the_tree(news, reader, commit):
    text, _ = reader()
    assert 'href="/aide/"' not in text.split("</nav>")[1]
    with commit():
        page = Page.objects.get(slug="aide")
        page.show_in_menus = True
        page.save()
    text, _ = reader()
    assert 'class="fr-nav__link" href="/aide/"' in text


def test_the_directory_is_drawn_once_and_follows_the_territories_and_their_spaces(
    news, landes_space, reader, commit, django_assert_num_queries
):
    forget(commit)
    text, _ = reader("/territoires/")
    assert text.count('href="/territoires/nouvelle-aquitaine/landes/"') == 2, "on the map and in the list"
    with commit():
        news.save()
    with django_assert_num_queries(2):
        assert reader("/territoires/") == (text, False)
    with commit():
        landes_space.closed_at = timezone.now()
        landes_space.save()
    text, _ = reader("/territoires/")
    assert 'href="/territoires/nouvelle-aquitaine/landes/"' not in text
    with commit():
        landes_space.territory.name = "Landes & alentours"
        landes_space.territory.save()
    text, _ = reader("/territoires/")
    assert "Landes &amp; alentours" in text


def test_settings_snippets_and_sites_are_seen_at_once(news, reader, commit):
    theme = Theme.objects.create(family="inclusion", name="Parentalité", slug="parentalite")
    news.themes.add(theme)
    news.save()
    reader()
    with commit():
        SiteIdentity.objects.create(site=Site.objects.get(), title="Portail de test", notice="Interruption samedi")
    text, _ = reader()
    assert "Portail de test" in text
    assert "Interruption samedi" in text
    with commit():
        theme.name = "Vie de famille"
        theme.save()
    text, hit = reader()
    assert not hit
    assert "Parentalité" not in text


def test_an_image_changed_is_seen_at_once(news, reader, commit):
    image = get_image_model().objects.create(title="Bus", file=get_test_image_file("un.png"))
    news.image, news.image_alt = image, "Un bus"
    with commit():
        news.save_revision().publish()
    before, _ = reader("/")
    assert "/media/images/un" in before
    with commit():
        image.file = get_test_image_file("deux.png")
        image.save()
        image.renditions.all().delete()
    assert "/media/images/un" not in reader("/")[0]


def test_a_redirect_made_for_a_cached_address(news, reader, commit):
    reader(news.get_url())
    with commit():
        news.unpublish()
        Redirect.add_redirect(news.get_url() or news.url_path.removeprefix("/accueil"), redirect_to="/actualites/")
    response = Client().get("/territoires/nouvelle-aquitaine/landes/actualites/" + news.slug + "/")
    assert response.status_code == 301
    assert response["Location"] == "/actualites/"


def test_many_changes_of_one_transaction_renew_each_generation_once(db, commit, monkeypatch):
    written = []
    cache = caches["default"]
    set_value = type(cache).set
    monkeypatch.setattr(
        type(cache), "set", lambda self, *args, **kw: (written.append(args), set_value(self, *args, **kw))
    )
    with commit() as callbacks:
        for _ in range(5):
            invalidate_pages()
    assert len(callbacks) == 5
    names = [name for name, *_ in written]
    assert names[-1] == GENERATION
    assert f"{GENERATION}-frame" in names
    assert len(set(names)) == len(names)


# --- What outlives a publication --------------------------------------------------------------------------------------
def forget(commit):
    """What the fixtures changed is committed: what follows is a transaction of its own."""
    with commit():
        invalidate_pages()


def test_publishing_content_leaves_the_site_and_the_menu_in_memory(news, reader, commit, django_assert_num_queries):
    forget(commit)
    reader()
    with commit():
        publish(NewsPage.objects.get(pk=news.pk))
    with django_assert_num_queries(6):
        text, hit = reader()
    assert not hit
    assert "Un titre corrigé" in text


def test_a_kind_of_content_is_renewed_by_itself_and_by_everything_but_content(news, commit):
    def now():
        return generation(), generation_of(), generation_of("news"), generation_of("resource")

    def changed(before):
        return [one != other for one, other in zip(before, now(), strict=True)]

    forget(commit)
    before = now()
    with commit():
        publish(NewsPage.objects.get(pk=news.pk))
    assert changed(before) == [True, False, True, False]
    before = now()
    with commit():
        Theme.objects.create(family="inclusion", name="Parentalité", slug="parentalite")
    assert changed(before) == [True, True, True, True]


def test_a_home_page_moved_or_renamed_is_seen_at_once(news, reader, commit):
    reader()
    with commit():
        home = Site.objects.get().root_page.specific
        home.title = "Un autre accueil"
        home.save_revision().publish()
    assert "Un autre accueil" in reader("/")[0]


def test_without_the_shared_cache_nothing_is_kept_with_the_frame(news, reader, monkeypatch, caplog):
    from portal.core import page_cache as module

    monkeypatch.setattr(module, "caches", {"default": Away(), "pages": caches["pages"]})
    assert generation_of() is None
    assert generation_of("news") is None
    assert "Un bus numérique" in reader()[0]
