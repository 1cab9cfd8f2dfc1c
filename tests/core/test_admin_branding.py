"""The admin bears the portal's name, leads to the portal's help, and nowhere outside."""

import json
import re

import pytest

from portal.accounts.enums import Role
from tests.factories import make_member, make_news

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[Role.EDITOR, Role.ADMIN_NATIONAL])
def person(request, client, landes_space, landes, nation):
    user = make_member(request.param, landes if request.param == Role.EDITOR else nation)
    client.force_login(user)
    return user


def menu(html):
    """``{name: item}`` of the sidebar, submenus included."""
    props = json.loads(re.search(r'<script id="wagtail-sidebar-props" type="application/json">(.*?)</script>', html)[1])
    found = {}

    def walk(value):
        if isinstance(value, dict):
            if value.get("_type", "").endswith("MenuItem"):
                found[value["_args"][0]["name"]] = value["_args"][0]
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk(props)
    return found


def test_every_screen_bears_the_portals_name(client, person, landes_space):
    for address in ("/admin/", "/admin/pages/", f"/admin/pages/{make_news(landes_space).pk}/edit/"):
        html = client.get(address, follow=True).content.decode()
        title = " ".join(re.search(r"<title>(.*?)</title>", html, re.S)[1].split())
        assert title.endswith("- Portail de l’inclusion numérique")
        assert "Portail de l’inclusion numérique" in re.search(r"sidebar-branding-logo>(.*?)</template>", html, re.S)[1]
        assert "wagtailadmin/images/favicon" not in html


def test_no_link_leads_outside(client, person, landes_space):
    for address in ("/admin/", f"/admin/pages/{make_news(landes_space).pk}/edit/"):
        html = client.get(address).content.decode()
        shown = re.sub(r"<noscript.*?</noscript>", "", html, flags=re.S)
        outside = [url for url in re.findall(r'href="(https?://[^"]+)"', shown) if "testserver" not in url]
        assert [url for url in outside if not url.startswith("http://127.0.0.1")] == []
        assert "wagtail.org" not in shown
    assert '<a class="w-underline w-underline-offset-[3px]" href="/aide/">' in client.get("/admin/").content.decode()


def test_the_help_menu_is_the_portals(client, person):
    items = menu(client.get("/admin/").content.decode())
    assert items["portal-help"]["url"] == "/aide/"
    assert not [name for name in items if name == "editor-guide" or name.startswith("whats-new")]
    assert "keyboard-shortcuts-trigger" in items


def test_the_vocabulary_is_named_after_what_it_holds(client, nation):
    client.force_login(make_member(Role.ADMIN_NATIONAL, nation))
    html = client.get("/admin/").content.decode()
    assert menu(html)["snippets"]["label"] == "Vocabulaire"
    html = client.get("/admin/snippets/").content.decode()
    assert "Vocabulaire" in html
    assert "Fragments" not in html
