"""Addresses of other sites are asked for when a person wants it, through the door that keeps the network apart."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.urls import reverse

from tests.factories import make_member
from tests.newsletters.letters.factories import block, make_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(settings):
    """A site with one page, and whether it was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200 if self.path == "/la" else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    where = f"127.0.0.1:{server.server_port}"
    settings.IMPORT_TEST_SERVERS = [where]
    yield f"http://{where}", asked
    server.shutdown()
    server.server_close()


def letter_to(space, *urls):
    links = "".join(f'<p><a href="{url}">Vers {url}</a></p>' for url in urls)
    return make_letter(space, block("text", links))


def test_addresses_that_do_not_answer_are_named(client, landes_space, site):
    where, asked = site
    letter = letter_to(landes_space, f"{where}/la", f"{where}/partie", f"{where}/la", "http://testserver/agenda/")
    client.force_login(make_member("sender", landes_space.territory))
    client.get(reverse("letter_checks", args=[letter.pk]))
    assert asked == []
    shown = client.post(reverse("letter_links", args=[letter.pk])).content.decode()
    assert "plus rien, à cette adresse (404)" in shown
    assert f"« Vers {where}/partie »" in shown.replace("&nbsp;", " ")
    assert f"« Vers {where}/la »" not in shown.replace("&nbsp;", " ")
    assert sorted(asked) == ["/la", "/partie"]


def test_the_private_network_is_not_asked(client, landes_space, site, settings):
    where, asked = site
    settings.IMPORT_TEST_SERVERS = []
    letter = letter_to(landes_space, f"{where}/la", "http://127.0.0.1/", "http://169.254.169.254/latest/")
    client.force_login(make_member("editor", landes_space.territory))
    shown = client.post(reverse("letter_links", args=[letter.pk])).content.decode()
    assert shown.count("réseau privé") == 2
    assert asked == []


def test_it_is_counted(client, landes_space, monkeypatch, site):
    monkeypatch.setattr("newsletters.letters.screens.LINK_CHECKS_AN_HOUR", 1)
    where, asked = site
    letter = letter_to(landes_space, f"{where}/la")
    client.force_login(make_member("editor", landes_space.territory))
    url = reverse("letter_links", args=[letter.pk])
    assert "Chaque adresse d’un autre site répond" in client.post(url).content.decode()
    assert "Réessayez plus tard" in client.post(url).content.decode()
    assert len(asked) == 1
