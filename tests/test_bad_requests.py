"""Requests that no browser makes: an answer that says so, never an error 500."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.models import Page

pytestmark = pytest.mark.django_db
FORMS = ["/", "/actualites/", "/compte/login/", "/lettres/abonnement/", "/territoires/choisir/", "/recherche/"]
TYPES = [
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nope",
    "multipart/form-data",
    "multipart/form-data; boundary=a",
    "application/json",
    "text/xml; charset=nope",
]
BODIES = [
    b"",
    b"a=1&\x00=\xff&b=%00%ff",
    b"--a\r\nContent-Disposition: form-data; name=x\r\n\r\n",
    b"&".join([b"a=1"] * 10_002),
]


def no_error(response) -> bool:
    return response.status_code < 500


@pytest.mark.parametrize("content_type", TYPES)
@pytest.mark.parametrize("path", FORMS)
def test_no_body_is_an_error(landes_space, path, content_type):
    client = Client(raise_request_exception=False)
    for body in BODIES:
        assert no_error(client.generic("POST", path, body, content_type=content_type)), body[:30]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"])
def test_no_method_is_an_error(landes_space, method):
    client = Client(raise_request_exception=False)
    for path in [*FORMS, "/agenda/calendrier.ics", "/sitemap.xml", "/sante/", "/actualites/rss/"]:
        before = Page.objects.count()
        assert no_error(client.generic(method, path)), path
        assert Page.objects.count() == before
