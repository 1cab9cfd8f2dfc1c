"""A hub's editor publishes for the Landes in Wagtail: it is seen at once where it should be, and nowhere else."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

LANDES = "/territoires/nouvelle-aquitaine/landes/"
STAMP = f"{int(time.time())}"


def publish(page: Page) -> None:
    """Wagtail's footer: open the menu of actions, publish."""
    page.locator("footer button[aria-label='Plus d’actions'], footer [data-w-dropdown-target='toggle']").first.click()
    page.get_by_role("button", name=re.compile("^Publier")).first.click()
    page.wait_for_load_state()


def texts(new_page, *addresses: str, territory: str = "") -> dict[str, str]:
    """What an anonymous reader gets at each address."""
    reader = new_page()
    if territory:
        reader.context.add_cookies(
            [{"name": "territoire", "value": territory, "url": reader.context._options["baseURL"]}]
        )
    return {address: reader.request.get(address).text() for address in addresses}


def add_under(page: Page, section: str, kind: str) -> None:
    """From the explorer, as an editor does: the section of the space, then « add a child page »."""
    page.goto("/admin/pages/")
    page.goto(page.evaluate("location.href"))
    page.get_by_role("link", name=section).first.click()
    page.wait_for_load_state()
    add = page.locator("a[href*='/add_subpage/'], a[href*='/admin/pages/add/']").first
    page.goto(add.get_attribute("href"))
    choice = page.locator(f"main a[href*='{kind}']")
    if choice.count():
        choice.first.click()
    page.wait_for_load_state()


@pytest.fixture
def editor(new_page, sign_in) -> Page:
    page = new_page()
    sign_in(page, "editeur")
    return page


def test_the_editor_sees_the_landes_and_nothing_else(editor, shot):
    editor.goto("/admin/")
    editor.goto("/admin/pages/")
    editor.wait_for_load_state()
    shot(editor, "admin-explorateur")
    content = editor.locator("main").inner_text()
    assert "Landes" in content or "Actualités" in content
    assert "Vaucluse" not in content


def test_a_news_item_is_published(editor, new_page, shot):
    title = f"Un bus numérique à Dax {STAMP}"
    add_under(editor, "Actualités", "newspage")
    editor.get_by_role("textbox", name=re.compile("Titre", re.IGNORECASE)).first.fill(title)
    editor.locator("[name=lead]").fill("Le bus passe chaque semaine dans les communes du Grand Dax.")
    shot(editor, "admin-actualite")
    publish(editor)
    expect(editor.locator("body")).to_contain_text(re.compile("publi", re.IGNORECASE))

    shown = texts(new_page, f"{LANDES}actualites/", "/actualites/", "/actualites/rss/", f"{LANDES}actualites/rss/")
    assert {address: title in text for address, text in shown.items()} == dict.fromkeys(shown, True)
    slug = re.search(r"/actualites/(un-bus-numerique-a-dax-\d+)/", shown["/actualites/"]).group(1)
    mine = texts(new_page, "/", territory="departement-40")
    assert title in mine["/"]
    theirs = texts(new_page, "/", territory="departement-84")
    assert title not in theirs["/"]
    elsewhere = texts(new_page, "/territoires/nouvelle-aquitaine/actualites/", "/initiatives/", "/agenda/")
    assert {address: title in text for address, text in elsewhere.items()} == dict.fromkeys(elsewhere, False)
    assert slug in sitemap(new_page)


def sitemap(new_page) -> str:
    """The whole sitemap, its sections followed."""
    reader = new_page()
    index = reader.request.get("/sitemap.xml").text()
    sections = re.findall(r"<loc>https?://[^/]+(/[^<]*sitemap[^<]*)</loc>", index)
    return index + "".join(reader.request.get(section).text() for section in sections)
