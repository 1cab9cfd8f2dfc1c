"""Headers of every kind of answer, and the doors that there must be one of."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.accounts.enums import Role
from tests.factories import PASSWORD, make_member, make_user

pytestmark = pytest.mark.django_db
PLACES = [
    "/",
    "/actualites/rss/",
    "/agenda/calendrier.ics",
    "/sitemap.xml",
    "/sante/",
    "/compte/login/",
    "/nulle-part/",
]


@pytest.mark.parametrize("path", [*PLACES, "/admin/", "/admin/login/"])
@pytest.mark.parametrize("cached", [False, True])
def test_every_answer_has_them(landes_space, settings, path, cached):
    settings.PAGE_CACHE_SECONDS = 600 if cached else 0
    for _ in range(2):
        response = Client().get(path)
        policy = response["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in policy
        assert "object-src 'none'" in policy
        assert "unsafe-eval" not in policy
        assert ("unsafe-inline" in policy) == path.startswith("/admin/")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert "camera=()" in response["Permissions-Policy"]


def test_cookies_are_kept_from_scripts_and_other_sites(client, settings):
    client.get("/compte/login/")
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
    assert client.cookies["csrftoken"]["samesite"] == "Lax"


def test_there_is_one_door(client):
    """Wagtail's own sign-in for private pages has no limit on attempts."""
    response = client.get("/_util/login/", {"next": "/actualites/x/"})
    assert response.status_code == 302
    assert response.url == "/compte/login/?next=/actualites/x/"
    assert client.get("/_util/login/", {"next": "//mechant.exemple/"}).url == "/compte/login/?next=/"
    make_user(email="moi@exemple.fr")
    client.post("/_util/login/", {"username": "moi@exemple.fr", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "query",
    ["user__password__startswith=md5", "user__password__contains=zzz", "user__sessions=1", "live=false", "x__y=1"],
)
def test_a_list_of_the_admin_answers_no_question_on_what_it_does_not_show(client, landes, landes_space, query):
    """The list is the same whatever is guessed: else a password's hash is read letter by letter."""
    client.force_login(make_member(Role.EDITOR, landes))
    make_member(Role.CONTRIBUTOR, landes, email="lu@exemple.fr")
    for path in ("/admin/accounts/membership/", "/admin/newsletters/subscription/"):
        plain, asked = client.get(path), client.get(f"{path}?{query}")
        assert asked.status_code == 200
        assert ("lu@exemple.fr" in asked.content.decode()) == ("lu@exemple.fr" in plain.content.decode())
    assert "lu@exemple.fr" in client.get("/admin/accounts/membership/").content.decode()
    assert "lu@exemple.fr" not in client.get("/admin/accounts/membership/?role__exact=editor").content.decode()


@pytest.mark.parametrize("number", ["0", "50001", "9" * 30])
def test_a_sitemap_number_out_of_bounds_is_not_found(client, landes_space, number):
    assert client.get(f"/sitemap-page-{number}.xml").status_code == 404
    assert client.get("/sitemap-page-1.xml").status_code == 200
