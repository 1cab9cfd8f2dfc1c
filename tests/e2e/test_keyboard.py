"""The two journeys by keyboard only: a visitor chooses a territory, an editor publishes."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from .conftest import NARROW, WIDE

MOST_TABS = 160


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what is focused matches ``selector``."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
def test_a_visitor_chooses_a_territory(new_page, viewport):
    page = new_page(viewport=viewport)
    page.goto("/")
    tab_to(page, "main form[action*='choisir'] input[name=q]")
    page.keyboard.type("Dax")
    page.keyboard.press("Enter")
    page.wait_for_url("**/territoires/choisir/**")
    tab_to(page, "main input[type=radio], main form[method=post] button")
    page.keyboard.press("Space")
    if page.evaluate("document.activeElement.matches('input[type=radio]')"):
        tab_to(page, "main form[method=post] button[type=submit]")
        page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "choisir" not in url)
    expect(page.locator("main")).to_contain_text("Dax")


def test_an_editor_publishes(new_page, sign_in):
    title = f"Au clavier {int(time.time())}"
    page = new_page()
    page.goto("/compte/login/?next=/admin/pages/")
    tab_to(page, "main input[type=email]")
    page.keyboard.type("editeur@exemple.fr")
    tab_to(page, "main input[type=password]")
    page.keyboard.type("demonstration")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/pages/**")
    row = page.locator("main tr", has=page.get_by_role("link", name="Actualités", exact=True))
    edit = row.locator("a[href*='/edit/']").first.get_attribute("href") or ""
    page.goto(edit.replace("/edit/", "/add_subpage/"))
    expect(page.locator("form#page-edit-form")).to_be_visible()
    tab_to(page, "[name=title]")
    page.keyboard.type(title)
    tab_to(page, "[name=lead]")
    page.keyboard.type("Écrit et publié sans souris.")
    tab_to(page, "footer [data-w-dropdown-target='toggle']")
    page.keyboard.press("Enter")
    tab_to(page, "button[name='action-publish']")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("publi")
    assert title in new_page().request.get("/actualites/").text()
