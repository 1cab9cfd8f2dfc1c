"""Hostile input on every public address: an answer that says what is wrong, never an error 500.

The addresses come from the resolver and the page tree, so that a new screen is tried too.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from wagtail.models import Page

from newsletters.models import Subscription, SubscriptionRequest
from newsletters.services import subscribe
from newsletters.tokens import confirmation_token, unsubscription_token
from tests.events.factories import make_event
from tests.factories import make_initiative, make_news, make_user
from tests.resources.factories import make_resource
from tests.surfaces import addresses, page_addresses

from .planting.pages import QUESTIONS, make_form_page
from .world import public_values

pytestmark = pytest.mark.django_db
#: What every list and form may be asked for, and more.
NAMES = [
    *("q", "page", "p", "next", "liste", "theme", "public", "type", "format", "acces", "tri", "portee", "periode"),
    *("debut", "fin", "mois", "vue", "au_dessus", "territoire", "departement", "region", "niveau", "kind", "statut"),
    *("mode", "theme__in", "pk", "id", "adresse", "nom", "accord", "login", "password", "email"),
]
VALUES = {
    "null byte": "%00",
    "not UTF-8": "%ff%fe",
    "lone surrogate": "%ed%a0%80",
    "negative": "-1",
    "zero": "0",
    "huge": "9" * 400,
    "beyond 64 bits": "9223372036854775808",
    "a number in other digits": "%D9%A1",
    "exponent": "1e309",
    "not a number": "NaN",
    "SQL": "'%20OR%201%3D1--",
    "pattern": "%25_%5B%5C",
    "date out of bounds": "0000-00-00",
    "date too far": "9999-12-31",
    "markup": "%3Cscript%3E",
    "formula": "%3DHYPERLINK()",
    "template": "%7B%7B7*7%7D%7D",
    "path": "..%2F..%2Fetc%2Fpasswd",
    "line end": "a%0d%0aSet-Cookie:%20x=1",
    "right to left": "%E2%80%AE",
    "long": "a" * 5000,
}
EVERY = tuple(VALUES)


@pytest.fixture
def world(landes_space) -> list[str]:
    """Content of each kind, with a form that asks every kind of question; returns every public address."""
    make_news(landes_space)
    make_initiative(landes_space)
    make_event(landes_space)
    make_resource(landes_space)
    make_form_page(landes_space)
    values = public_values(landes_space)
    found = [path for each in addresses() if not each.route.startswith("admin/") for path in each.fill(values)]
    return list(dict.fromkeys(found + page_addresses()))


def broken(client: Client, requests: Iterator[tuple[str, str, bytes, str]]) -> list[str]:
    """The requests (method, address, body, content type) answered by an error 500."""
    found = []
    for method, path, body, content_type in requests:
        response = client.generic(method, path, body, content_type=content_type)
        if response.status_code >= 500:
            found.append(f"{method} {path[:120]} {body[:40]!r} {content_type}")
        if response.has_header("Set-Cookie"):
            found.append(f"{path}: a header from what was sent")
        response.close()
    return found


MULTIPART = "multipart/form-data; boundary=a"
URLENCODED = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("signed_in", [False, pytest.param(True, marks=pytest.mark.wide)])
def test_no_query_is_an_error(world, signed_in):
    client = Client(raise_request_exception=False)
    if signed_in:
        client.force_login(make_user())
    queries = ["&".join(f"{name}={VALUES[each]}" for name in NAMES) for each in EVERY]
    # Each twice, and as a list.
    queries.append("&".join(f"{name}=1&{name}=2&{name}[]=3" for name in NAMES))
    queries.append("&".join(f"a{number}=1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 2)))
    queries += ["&&&===&?&;", "%", "page=%u0031", "page=1%"]
    # Each screen meets some of them, each of them some of the screens; the wide run has more.
    step = 2 if signed_in else 12
    asked = (
        ("GET", f"{path}?{query}", b"", "")
        for at, path in enumerate(world)
        for number, query in enumerate(queries)
        if "?" not in path and (at + number) % step == 0
    )
    assert broken(client, asked) == []


@pytest.mark.parametrize("signed_in", [False, pytest.param(True, marks=pytest.mark.wide)])
def test_no_form_is_an_error(world, signed_in):
    client = Client(raise_request_exception=False)
    if signed_in:
        client.force_login(make_user())
    names = [
        *NAMES,
        *QUESTIONS,
        "first_name",
        "last_name",
        "password1",
        "password2",
        "terms",
        "oldpassword",
        "action_add",
    ]
    bodies = [("&".join(f"{name}={VALUES[each]}" for name in names).encode(), URLENCODED) for each in EVERY]
    many = b"&".join(b"a=1" for _ in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 2))
    bodies += [
        (b"", URLENCODED),
        ("&".join(f"{name}=1&{name}=2" for name in names).encode(), URLENCODED),
        (b'{"q": [1]}', "application/json"),
        (b"<?xml version='1.0'?><a/>", "text/xml; charset=nope"),
        (b"q=1", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"--a\r\nContent-Disposition: form-data; name=q\r\n\r\n", "multipart/form-data; boundary=a"),
        (b'--a\r\nContent-Disposition: form-data; name="q"; filename="\xff"\r\n\r\nx\r\n--a--', MULTIPART),
        (b"", "multipart/form-data; boundary=" + "b" * 300),
        (many, URLENCODED),
        (b"adresse=" + b"x" * 1_000_000 + b"&q=" + b"y" * 1_000_000, URLENCODED),
    ]  # fmt: skip
    step = 2 if signed_in else 12
    asked = (
        ("POST", path, *body)
        for at, path in enumerate(world)
        for number, body in enumerate(bodies)
        if "?" not in path and (at + number) % step == 0
    )
    assert broken(client, (each for each in asked if "/logout" not in each[1])) == []


METHODS = ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "\u00e9"]


def test_no_method_is_an_error_or_does_anything(world):
    client = Client(raise_request_exception=False)
    before = Page.objects.count(), Subscription.objects.count(), SubscriptionRequest.objects.count()
    # Each address meets a third of the methods.
    some = [
        (path, each) for at, path in enumerate(world) for number, each in enumerate(METHODS) if (at + number) % 3 == 0
    ]
    asked = ((method, path, b"", URLENCODED) for path, method in some if "?" not in path)
    assert broken(client, asked) == []
    assert (Page.objects.count(), Subscription.objects.count(), SubscriptionRequest.objects.count()) == before


REFUSALS = (200, 302, 403, 404, 410, 429)


def test_no_link_is_an_error(landes_space):
    """Tokens cut, turned round, of another purpose, and every character of a true one changed."""
    from newsletters.models import MailingList

    asked = subscribe(address="a@exemple.fr", lists=MailingList.objects.subscribable()[:1])
    token, held = confirmation_token(asked), Subscription.objects.get()
    client = Client(raise_request_exception=False)
    forged = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(len(token))]
    forged += [token[:-1], token[::-1], token * 50, "%00", "%ff", ":", "::", "a:b:c", unsubscription_token(held), "é"]
    for each in forged:
        for door in ("/lettres/confirmer/", "/compte/confirm-email/", "/compte/password/reset/key/1-"):
            path = f"{door}{each}/"
            for method in (client.get, client.post):
                assert method(path).status_code in REFUSALS, path
    for each in [token, unsubscription_token(held)[:-1], ":", "a:b:c", "%00", "é"]:
        assert client.post(f"/lettres/desabonnement/{each}/").status_code in (404, 410)
    held.refresh_from_db()
    assert held.state == "pending"
    assert asked.used_at is None


HEADERS = [
    {"cookie": "territoire=\x00"},
    {"cookie": "territoire=departement-40\xff; sessionid=" + "x" * 4000},
    {"cookie": "sessionid=\x00; csrftoken=é; messages=[[\"__json_message\"]]"},
    {"cookie": "messages=x:y:z; territoire=" + "9" * 3000},
    {"accept-language": "x" * 5000},
    {"if-none-match": '"' * 1000},
    {"if-modified-since": "Mon, 99 Foo 9999 99:99:99 GMT"},
    {"range": "bytes=-99999999999999999999"},
    {"host": "testserver:99999"},
    {"host": "testserver:"},
    {"x-forwarded-for": "\x00, ,,,"},
    {"hx-request": "true", "hx-current-url": "http://[", "hx-target": "\x00"},
    {"referer": "http://[::1"},
    {"content-length": "-5"},
    {"content-length": "beaucoup"},
    {"accept": "*/*;q=nan"},
]  # fmt: skip


@pytest.mark.parametrize("cached", [True, False])
def test_no_header_is_an_error(world, settings, cached):
    settings.PAGE_CACHE_SECONDS = 600 if cached else 0
    client = Client(raise_request_exception=False)
    paths = ["/", "/actualites/", "/agenda/", "/recherche/", "/territoires/choisir/", "/compte/login/", "/sitemap.xml",
             "/lettres/abonnement/", "/agenda/calendrier.ics", "/actualites/rss/", "/admin/"]  # fmt: skip
    found = []
    for path in paths:
        for headers in HEADERS:
            response = Client(raise_request_exception=False).get(path, headers=headers)
            if response.status_code >= 500:
                found.append((path, headers))
            response.close()
    assert found == []
    assert client.get("/").status_code == 200
