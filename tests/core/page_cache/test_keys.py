"""What is kept for whom, and what never is."""

from __future__ import annotations

import gzip
import subprocess
import sys

import pytest
from django.core.cache import caches
from django.test import Client, RequestFactory
from wagtail.models import PageViewRestriction

from portal.core.page_cache import (
    GENERATION,
    PageCacheMiddleware,
)
from tests.factories import make_user

from .away import Away

LIST = "/actualites/"


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
