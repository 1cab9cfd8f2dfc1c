"""The anonymous page cache: exact, never personal, bounded, and no error where the shared cache is away."""

from __future__ import annotations

import gzip
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageViewRestriction, Site

from pages.models import NewsPage
from portal.core.models import SiteIdentity, Theme
from portal.core.page_cache import (
    GENERATION,
    PageCacheMiddleware,
    generation,
    generation_of,
    invalidate_pages,
)
from tests.factories import make_news, make_user, section

LIST = "/actualites/"


@pytest.fixture(autouse=True)
def page_cache(settings):
    settings.PAGE_CACHE_SECONDS = 600


@pytest.fixture
def reader(db):
    """Asks for an address as a new anonymous reader: the text, and whether it came from memory."""

    def ask(address: str = LIST, **headers: str):
        response = Client().get(address, headers=headers)
        assert response.status_code == 200, address
        return response.content.decode(), response.get("X-Cache") == "hit"

    return ask


@pytest.fixture
def news(landes_space):
    return make_news(landes_space, title="Un bus numérique")


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


# --- Never personal --------------------------------------------------------------------------------------------------
def test_signed_in_readers_neither_get_nor_fill_it(news, reader):
    person = Client()
    person.force_login(make_user())
    assert not person.get(LIST).has_header("X-Cache")
    assert not reader()[1], "the signed-in reader's page was kept"
    assert reader()[1]
    assert not person.get(LIST).has_header("X-Cache")


def test_an_authorised_request_or_one_with_messages_passes_by(news, reader):
    reader()
    assert not reader(authorization="Bearer x")[1]
    client = Client()
    client.cookies["messages"] = "x"
    assert not client.get(LIST).has_header("X-Cache")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda response: response.set_cookie("panier", "1"),
        lambda response: response.__setitem__("Cache-Control", "private"),
        lambda response: response.__setitem__("Cache-Control", "no-store"),
        lambda response: response.__setitem__("Vary", "Accept-Language"),
        lambda response: setattr(response, "status_code", 404),
        lambda response: response.__setitem__("Content-Encoding", "br"),
    ],
)
def test_what_may_not_be_kept(rf: RequestFactory, spoil):
    from django.http import HttpResponse

    def view(request):
        response = HttpResponse("à une personne")
        spoil(response)
        return response

    middleware = PageCacheMiddleware(view)
    middleware(rf.get("/"))
    assert not middleware(rf.get("/")).has_header("X-Cache")


def test_a_password_form_is_never_kept(news, reader, commit):
    PageViewRestriction.objects.create(page=news, restriction_type=PageViewRestriction.PASSWORD, password="ouvre")
    for _ in range(2):
        text, hit = reader(news.get_url())
        assert "csrfmiddlewaretoken" in text
        assert not hit


def test_anonymous_pages_hold_no_token(news, reader):
    for address in ("/", LIST, news.get_url(), "/territoires/nouvelle-aquitaine/landes/"):
        assert "csrfmiddlewaretoken" not in reader(address)[0]


def test_a_form_is_not_kept_for_others_though_its_reader_has_the_cookie_already(rf: RequestFactory):
    from django.http import HttpResponse

    middleware = PageCacheMiddleware(
        lambda request: HttpResponse('<input name="csrfmiddlewaretoken" value="celui de ce lecteur">')
    )
    rf.cookies["csrftoken"] = "x" * 32
    middleware(rf.get("/"))
    assert not middleware(rf.get("/")).has_header("X-Cache")


# --- Keys ------------------------------------------------------------------------------------------------------------
def test_each_territory_has_its_page_and_only_a_possible_one_counts(landes_space):
    def ask(cookie: str):
        client = Client()
        client.cookies["territoire"] = cookie
        return client.get("/")

    assert "Landes" in ask("departement-40").content.decode()
    plain = Client().get("/")
    assert not plain.has_header("X-Cache"), "the page of the Landes was given to somebody who chose nothing"
    for cookie in ("<script>", "x" * 4000, "departement-", "planete-40"):
        assert ask(cookie).content == plain.content
        assert ask(cookie)["X-Cache"] == "hit"


def test_a_territory_that_is_no_more_shows_the_national_page(landes_space):
    client = Client()
    client.cookies["territoire"] = "departement-99"
    response = client.get("/")
    assert response.status_code == 200
    assert "Près de chez vous" not in response.content.decode()


def test_a_long_query_string_is_answered_and_not_kept(news, reader):
    address = f"{LIST}?q={'a' * 400}"
    reader(address)
    assert not reader(address)[1]


def test_head_is_answered_from_a_page_got_and_keeps_nothing(news, reader):
    assert not Client().head(LIST).has_header("X-Cache")
    text, hit = reader()
    assert not hit
    response = Client().head(LIST)
    assert response["X-Cache"] == "hit"
    assert response.content == b""
    assert int(response["Content-Length"]) == len(text.encode())


def test_post_passes_by(news, reader):
    reader()
    assert not Client().post(LIST).has_header("X-Cache")


def test_it_comes_compressed_or_not_and_304_when_unchanged(news, reader):
    plain, _ = reader()
    zipped = Client().get(LIST, headers={"accept-encoding": "gzip, br"})
    assert zipped["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.content).decode() == plain
    unchanged = Client().get(LIST, headers={"if-none-match": zipped["ETag"]})
    assert unchanged.status_code == 304
    assert unchanged.content == b""


# --- Where the shared cache is away ----------------------------------------------------------------------------------
class Away:
    """A cache whose server does not answer."""

    def __getattr__(self, name):
        def fail(*args, **kwargs):
            raise ConnectionError("no route to host")

        return fail


def test_without_the_shared_cache_pages_are_rendered_and_saved(news, reader, commit, monkeypatch, caplog):
    from portal.core import page_cache as module

    reader()
    monkeypatch.setattr(module, "caches", {"default": Away(), "pages": caches["pages"]})
    assert not reader()[1]
    with commit():
        news.title = "Pendant la panne"
        news.save_revision().publish()
    assert "Pendant la panne" in reader()[0]
    monkeypatch.undo()
    assert "Pendant la panne" in reader()[0], "an entry from before the failure came back"


def test_another_process_invalidates_through_the_shared_files(news, reader, settings, tmp_path):
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }
    reader()
    assert reader()[1]
    script = (
        "from django.conf import settings; settings.configure();"
        "from django.core.cache.backends.filebased import FileBasedCache;"
        f"FileBasedCache({str(tmp_path)!r}, {{}}).set({GENERATION!r}, 'renewed', None)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=settings.BASE_DIR)
    assert not reader()[1]
