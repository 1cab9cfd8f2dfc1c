"""Nobody learns whether an address has an account: same status, same words, same headers, same work.

Work is counted as calls of the password hasher, which is what takes the time; the clock would lie on a busy machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import caches
from django.test import Client

from portal.accounts.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "connue@exemple.fr", "inconnu@exemple.fr"


@pytest.fixture
def hashings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry a password hashed."""
    done: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        done.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return done


def an_account(state: str = "") -> User:
    user = make_user(email=KNOWN, is_active=state != "disabled")
    if state == "without a password":
        user.set_unusable_password()
        user.save()
    EmailAddress.objects.create(user=user, email=KNOWN, primary=True, verified=state != "not confirmed")
    return user


def answer(path: str, body: dict[str, str], address: str, hashings: list[str]) -> dict[str, Any]:
    """All that the asker sees, the address itself and tokens left out; and how often a password was hashed."""
    caches["default"].clear()
    hashings.clear()
    client = Client()
    response = client.post(path, body)
    pages = [(response.status_code, response.get("Location", ""), sorted(response.headers), response.content.decode())]
    if response.status_code == 302:
        after = client.get(response.url)
        pages.append((after.status_code, "", sorted(after.headers), after.content.decode()))
    seen = re.sub(r'value="[\w-]{64}"', "", repr(pages)).replace(address, "ADRESSE")
    return {"seen": seen, "cookies": sorted(client.cookies), "hashings": len(hashings)}


SIGN_UP = {
    "first_name": "Camille",
    "last_name": "Exemple",
    "password1": "trois mots suffisent",
    "password2": "trois mots suffisent",
    "terms": "on",
    "telephone": "",
}
DOORS: dict[str, tuple[str, Callable[[str], dict[str, str]]]] = {
    "sign-in": ("/compte/login/", lambda address: {"login": address, "password": "ce n’est pas le bon"}),
    "sign-up": ("/compte/signup/", lambda address: SIGN_UP | {"email": address}),
    "sign-up, refused": ("/compte/signup/", lambda address: SIGN_UP | {"email": address, "password2": "autre chose"}),
    "link by mail": ("/compte/lien/", lambda address: {"email": address}),
    "password reset": ("/compte/password/reset/", lambda address: {"email": address}),
}


@pytest.mark.parametrize("state", ["", "disabled", "without a password", "not confirmed"])
@pytest.mark.parametrize("door", DOORS)
def test_an_address_with_an_account_gets_the_answer_of_one_without(hashings, mailoutbox, door, state):
    an_account(state)
    path, body = DOORS[door]
    known = answer(path, body(KNOWN), KNOWN, hashings)
    unknown = answer(path, body(UNKNOWN), UNKNOWN, hashings)
    assert known["seen"] == unknown["seen"]
    assert known["cookies"] == unknown["cookies"]
    assert known["hashings"] == unknown["hashings"]
    if door in ("sign-in", "sign-up"):
        assert known["hashings"] > 0
    if door in ("password reset", "link by mail"):
        assert {to for mail in mailoutbox for to in mail.to} <= {KNOWN}


def test_a_disabled_account_is_told_to_who_has_its_password_only(hashings):
    an_account("disabled")
    path, body = DOORS["sign-in"]
    assert "/compte/inactive/" in answer(path, body(KNOWN) | {"password": PASSWORD}, KNOWN, hashings)["seen"]
    assert "/compte/inactive/" not in answer(path, body(KNOWN), KNOWN, hashings)["seen"]


@pytest.mark.parametrize("address", [KNOWN.upper(), f" {KNOWN} ", "Connue@Exemple.fr"])
def test_another_spelling_tells_nothing_either(hashings, address):
    an_account()
    for path, body in DOORS.values():
        known = answer(path, body(address), address.strip(), hashings)
        unknown = answer(path, body(UNKNOWN), UNKNOWN, hashings)
        assert known["hashings"] == unknown["hashings"]
        assert len(known["seen"]) == pytest.approx(len(unknown["seen"]), abs=40)


def test_too_many_attempts_are_said_alike(hashings):
    an_account()
    said = {}
    for address in (KNOWN, UNKNOWN):
        caches["default"].clear()
        client = Client()
        for _ in range(12):
            response = client.post("/compte/login/", {"login": address, "password": "faux"})
        text = response.content.decode()
        said[address] = response.status_code, "Trop d’essais" in text
    assert said[KNOWN] == said[UNKNOWN]
    assert said[KNOWN][1] or said[KNOWN][0] == 429
