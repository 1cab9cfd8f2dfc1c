"""Requests refused before any screen sees them: in French, in the portal's design, nothing lost, nothing told."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.test import Client
from django.urls import get_resolver

from portal.core.errors import MOST_FIELDS
from portal.territories.views import choose

pytestmark = pytest.mark.django_db


def page_of(response, status: int, heading: str) -> str:
    text = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in text
    assert 'lang="fr"' in text
    assert 'class="fr-header"' in text
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    return text


def test_too_many_fields_say_so():
    body = {f"champ{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    page_of(Client().post("/territoires/choisir/", body), 413, "Envoi trop volumineux")


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=a"])
def test_a_body_too_large_says_so(content_type):
    field = b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    body = b"q=" + field
    if "multipart" in content_type:
        body = b'--a\r\nContent-Disposition: form-data; name="q"\r\n\r\n' + field + b"\r\n--a--\r\n"
    response = Client().generic("POST", "/territoires/choisir/", body, content_type=content_type)
    page_of(response, 413, "Envoi trop volumineux")


def test_too_many_files_say_so():
    parts = "".join(
        f'--a\r\nContent-Disposition: form-data; name="f{number}"; filename="f"\r\n\r\nx\r\n'
        for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)
    )
    body = f"{parts}--a--\r\n".encode()
    response = Client().generic("POST", "/compte/login/", body, content_type="multipart/form-data; boundary=a")
    page_of(response, 413, "Envoi trop volumineux")


def test_an_unknown_host_is_refused_without_a_word_of_it(settings):
    text = page_of(Client().get("/", headers={"host": "mechant.exemple"}), 400, "Demande incomprise")
    assert "mechant.exemple" not in text


def test_a_body_that_cannot_be_read_is_refused():
    response = Client().generic("POST", "/compte/login/", b"x", content_type="multipart/form-data")
    page_of(response, 400, "Demande incomprise")


def test_a_suspicious_request_tells_nothing_of_why(monkeypatch):
    def suspicious(request, **kwargs):
        raise SuspiciousFileOperation("/etc/passwd")

    pattern = get_resolver().reverse_dict  # Filled, so that the pattern below is the one in use.
    assert pattern
    for each in get_resolver().url_patterns:
        for one in getattr(each, "url_patterns", []):
            if getattr(one, "callback", None) is choose:
                monkeypatch.setattr(one, "callback", suspicious)
    text = page_of(Client().get("/territoires/choisir/"), 400, "Demande incomprise")
    assert "passwd" not in text


# --- A form without its token ----------------------------------------------------------------------------------------
def refused(path: str, body: dict) -> str:
    return page_of(Client(enforce_csrf_checks=True).post(path, body), 403, "Cet envoi n’a pas été accepté")


def typed(text: str) -> str:
    found = re.search(r'<textarea[^>]* id="saisie"[^>]*>(.*?)</textarea>', text, re.S)
    return found[1] if found else ""


def test_what_was_typed_is_given_back_but_for_secrets():
    text = refused(
        "/compte/signup/",
        {"first_name": "Zoé", "password1": "mon secret", "csrfmiddlewaretoken": "faux", "next": "/x/", "vide": " "},
    )
    assert typed(text) == "first_name : Zoé"
    assert "mon secret" not in text
    assert '<label class="fr-label" for="saisie">' in text


def test_what_was_typed_is_text_and_nothing_sends_it_again():
    text = refused("/lettres/abonnement/", {"nom": "</textarea><script>alert(1)</script>", "n\x00ul": "a\x00b"})
    assert "<script>alert" not in text
    assert "&lt;/textarea&gt;&lt;script&gt;" in typed(text)
    assert "\x00" not in text
    main = text[text.index("<main") : text.index("</main>")]
    assert "<form" not in main


def test_no_more_than_a_form_is_given_back():
    text = typed(refused("/lettres/abonnement/", {f"champ{number}": "x" for number in range(MOST_FIELDS + 40)}))
    assert text.count("champ") == MOST_FIELDS
    assert typed(refused("/lettres/abonnement/", {})) == ""
    assert len(typed(refused("/lettres/abonnement/", {"nom": "x" * 1_000_000}))) <= 100_000
