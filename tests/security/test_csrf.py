"""Every address of the project refuses what changes something without the form's token, but for those named here."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from newsletters.models import Subscription
from portal.accounts.models import User
from tests.surfaces import page_addresses

from .test_get_changes_nothing import digest
from .walk import World
from .world import build_world

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("get")]
#: Addresses that take a POST without a token, and what they have instead.
WITHOUT_TOKEN = {
    **dict.fromkeys(
        ("dossiers-api:list", "dossiers-api:detail", "dossiers-api:file", "dossiers-api:transitions"),
        "asked by programs with a key in a header, which no other site can send; cookies count for nothing",
    ),
    "newsletters:leave": "RFC 8058, section 3.1: mail software posts it; the signed link is the right",
    "newsletters:unsubscribe": "RFC 8058, section 3.1: mail software posts it; the signed link is the right",
    "provider-events": "posted by the provider of letters, which knows a secret or signs; closed while there is none",
    "notifications:mute": "RFC 8058, section 3.1: mail software posts it; the signed link is the right",
}
METHODS = ("POST", "PUT", "PATCH", "DELETE")
REFUSAL = "Cet envoi n’a pas été accepté"


def refused(response: Any) -> bool:
    """By the token's check, the portal's or that of the admin's API; or because nothing is there."""
    if response.status_code == 403:
        text = response.content.decode()
        return REFUSAL in text or "CSRF Failed" in text
    return response.status_code in (301, 404)


@pytest.fixture
def world(landes_space) -> World:
    return build_world(landes_space)


def test_nothing_is_accepted_without_its_token(world):
    """As a superuser: nothing else would refuse. The database is the same afterwards."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(User.objects.create_superuser(email="root@exemple.fr", password="une phrase de passe"))
    before, accepted = digest(), []
    paths = [(address.name, path) for address, path in world.walk() if address.name not in WITHOUT_TOKEN]
    paths += [("page", path) for path in page_addresses()]
    for number, (name, path) in enumerate(paths):
        # The token is looked at before the screen is, whatever the method: POST always, the others now and then.
        for method in {"POST", METHODS[number // 5 % len(METHODS)] if number % 5 == 0 else "POST"}:
            response = client.generic(method, path, b"next=/", content_type="application/x-www-form-urlencoded")
            if not refused(response):
                accepted.append(f"{method} {path} ({name}): {response.status_code}")
    assert accepted == [], "\n".join(accepted)
    after = digest()
    assert {table for table in before if before[table] != after[table]} == set()


def test_a_token_of_another_site_is_none(world):
    for headers in ({"origin": "https://mechant.exemple"}, {"origin": "null"}):
        client = Client(enforce_csrf_checks=True)
        client.get("/compte/login/")
        token = client.cookies["csrftoken"].value
        for body in ({"csrfmiddlewaretoken": token}, {"csrfmiddlewaretoken": "x" * 64}, {}):
            assert client.post("/territoires/oublier/", body, headers=headers).status_code == 403
        assert client.post("/territoires/oublier/", {"csrfmiddlewaretoken": token}).status_code == 302


def exempt(root: Any = None, names: tuple[str, ...] = ()) -> set[str]:
    """Names of the addresses whose view is marked as needing no token."""
    found: set[str] = set()
    for each in (root or get_resolver()).url_patterns:
        if isinstance(each, URLPattern) and getattr(each.callback, "csrf_exempt", False):
            found.add(":".join((*names, each.name or str(each.pattern))))
        elif isinstance(each, URLResolver):
            found |= exempt(each, (*names, *([each.namespace] if each.namespace else [])))
    return found


def test_those_without_a_token_are_named_with_their_reason():
    """The admin's API is marked so by its library, and looks at the token itself: see above."""
    assert {name for name in exempt() if not name.startswith("wagtailadmin_api:")} == set(WITHOUT_TOKEN)


def test_unsubscribing_in_one_click_works_without_a_token_and_only_with_its_link(world):
    client = Client(enforce_csrf_checks=True)
    path = f"/lettres/desabonnement/{dict(world.routes)['lettres/desabonnement/']['token']}/"
    assert client.post("/lettres/desabonnement/faux/", {"List-Unsubscribe": "One-Click"}).status_code == 410
    assert Subscription.objects.get().unsubscribed_at is None
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Subscription.objects.get().unsubscribed_at is not None
