"""What the editors' script asks before a form leaves: is one still signed in, is the page still there."""

import pytest
from django.test import Client

from portal.territories.models import Space
from tests.factories import make_news

ADDRESS = "/admin/presence/"


def test_signed_out_it_is_a_redirection(landes_space):
    response = Client().get(ADDRESS)
    assert response.status_code == 302
    assert "login" in response.url


def test_the_token_is_one_that_a_form_may_use(editor):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(editor)
    token = browser.get(ADDRESS).json()["token"]
    data = {"title": "x"}
    assert browser.post("/admin/pages/add/pages/newspage/1/", data).status_code == 403
    assert browser.post("/admin/pages/add/pages/newspage/1/", data | {"csrfmiddlewaretoken": token}).status_code == 404


def test_a_page_deleted_meanwhile_or_of_another_space_is_gone(client, editor, landes_space, nation):
    news, theirs = make_news(landes_space), make_news(Space.objects.get(territory=nation))
    number = news.pk
    assert client.get(ADDRESS, {"page": number}).json()["page"] is True
    assert client.get(ADDRESS, {"page": theirs.pk}).json()["page"] is False
    news.delete()
    assert client.get(ADDRESS, {"page": number}).json()["page"] is False


@pytest.mark.parametrize("bad", ["x", "-1", "9" * 40, "²"])
def test_what_is_no_page_is_gone(client, editor, bad):
    assert client.get(ADDRESS, {"page": bad}).json()["page"] is False


def test_it_takes_no_post(client, editor):
    assert client.post(ADDRESS).status_code == 405


def test_every_page_editor_loads_the_script(client, editor, landes_space):
    news = make_news(landes_space)
    for address in (f"/admin/pages/{news.pk}/edit/", f"/admin/pages/add/pages/newspage/{news.get_parent().pk}/"):
        assert "portal/keep-text.js" in client.get(address).content.decode()
