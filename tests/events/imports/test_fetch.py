"""Fetching: what is refused before any connection, and hostile servers on this machine."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

import pytest

from events.imports.fetch import FetchError, checked_url, fetch, is_public

NOT_PUBLIC = [
    "127.0.0.1", "127.8.9.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "0.0.0.0", "0.1.2.3", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.88.99.1", "::1", "::", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::1",
    "2001:0:7f00:1::1", "2001:db8::1", "100::1", "fec0::1", "nawak", "1.2.3", "999.1.1.1",
]  # fmt: skip


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "185.199.108.153", "2a01:e0a::1", "2606:4700::1111"])
def test_addresses_that_are(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://exemple.fr/a.ics", "file:///etc/passwd", "gopher://exemple.fr/", "javascript:alert(1)", "exemple.fr/a",
        "http://", "https://moi:secret@exemple.fr/a.ics", "https://exemple.fr:22/", "http://exemple.fr:8080/",
        "https://exemple.fr/a b", "https://exemple.fr\\@127.0.0.1/", "https://exemple.fr/\r\nX: 1", "http://[::1",
        "https://exemple.fr:99999/", "https://" + "a" * 70 + ".fr/", "https://exemple.fr/" + "a" * 3000,
    ],
)  # fmt: skip
def test_forms_that_are_refused(url):
    with pytest.raises(FetchError) as refused:
        checked_url(url)
    assert "secret" not in str(refused.value)


def test_webcal_is_https():
    assert checked_url("WEBCAL://exemple.fr/a.ics").geturl() == "https://exemple.fr/a.ics"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://2130706433/", "http://0x7f.1/",
        "http://127.1/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data/", "http://0/",
    ],
)  # fmt: skip
def test_what_leads_to_this_machine_is_refused(url):
    with pytest.raises(FetchError, match=r"réseau privé|introuvable|mal formée"):
        fetch(url)


def test_one_private_address_among_public_ones_is_enough(monkeypatch):
    answers = [(socket.AF_INET, 1, 6, "", (ip, 80)) for ip in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: answers)
    with pytest.raises(FetchError, match="réseau privé"):
        fetch("http://deux.exemple.fr/")


def say(handler: BaseHTTPRequestHandler, status: int = 200, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    headers.setdefault("Content_Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def test_content_and_validators(serve):
    asked = []

    def answer(handler):
        asked.append((handler.path, handler.headers["Host"], handler.headers.get("If-None-Match")))
        if handler.headers.get("If-None-Match") == '"v1"':
            return say(handler, 304)
        return say(handler, body=b"BEGIN:VCALENDAR", ETag='"v1"', Last_Modified="Mon, 01 Jan 2026 00:00:00 GMT")

    url = serve(answer)
    found = fetch(f"{url}/agenda.ics?a=1&b=é")
    assert (found.data, found.etag) == (b"BEGIN:VCALENDAR", '"v1"')
    assert fetch(f"{url}/agenda.ics", etag=found.etag).data is None
    assert asked[0] == ("/agenda.ics?a=1&b=%C3%A9", url.removeprefix("http://"), None)


def test_redirects_are_followed_through_the_same_door(serve):
    target = serve(lambda handler: say(handler, body=b"ok"))
    assert fetch(serve(lambda handler: say(handler, 302, Location=f"{target}/a"))).data == b"ok"
    for where in ("http://127.0.0.1:1/", "http://localhost/", "file:///etc/passwd", "http://[::1]/", "//10.0.0.1/"):
        with pytest.raises(FetchError, match=r"réseau privé|ports|commencer"):
            fetch(serve(lambda handler, where=where: say(handler, 301, Location=where)))
    with pytest.raises(FetchError, match="redirections"):
        fetch(serve(lambda handler: say(handler, 302, Location="/encore")))


@pytest.mark.parametrize(
    ("status", "words"), [(401, "mot de passe"), (404, "plus rien"), (503, "erreur"), (204, "204")]
)
def test_errors_in_words(serve, status, words):
    with pytest.raises(FetchError, match=words):
        fetch(serve(lambda handler: say(handler, status)))


@contextmanager
def within(seconds: float) -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds


def test_what_never_ends_is_stopped_by_its_size(serve):
    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65536)

    with within(5), pytest.raises(FetchError, match="dépasse 1 Mo"):
        fetch(serve(endless), max_bytes=1024 * 1024)


def test_a_bomb_is_stopped_as_it_unpacks(serve):
    bomb = gzip.compress(b"0" * 30_000_000)
    assert len(bomb) < 100_000
    url = serve(lambda handler: say(handler, body=bomb, Content_Encoding="gzip"))
    with within(3), pytest.raises(FetchError, match="dépasse 1 Mo"):
        fetch(url, max_bytes=1024 * 1024)
    small = gzip.compress(b"petit")
    assert fetch(serve(lambda handler: say(handler, body=small, Content_Encoding="gzip"))).data == b"petit"


@pytest.mark.parametrize("part", ["nothing", "headers", "body"])
def test_slow_servers_hold_nobody(serve, part):
    def drip(handler):
        if part == "body":
            handler.send_response(200)
            handler.end_headers()
        elif part == "headers":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Lent: ")
        for _ in range(100):
            if part != "nothing":
                handler.wfile.write(b"x")
                handler.wfile.flush()
            time.sleep(0.05)

    with within(2), pytest.raises(FetchError, match=r"trop lent|coupé"):
        fetch(serve(drip), total_seconds=0.6)


def test_what_is_cut_short_is_not_taken_for_whole(serve):
    with pytest.raises(FetchError, match=r"incomplet|coupé"):
        fetch(serve(lambda handler: say(handler, body=b"BEGIN", Content_Length="500")))
    half = gzip.compress(b"BEGIN:VCALENDAR" * 100)[:-20]
    with pytest.raises(FetchError, match="incomplet"):
        fetch(serve(lambda handler: say(handler, body=half, Content_Encoding="gzip")))


def test_nonsense_is_told(serve):
    def nonsense(handler):
        handler.wfile.write(b"\x00\x01 pas du HTTP\r\n\r\n")

    with pytest.raises(FetchError, match="n’importe quoi"):
        fetch(serve(nonsense))


def test_nothing_there():
    with pytest.raises(FetchError, match="ports"):
        fetch("http://127.0.0.1:9/")
