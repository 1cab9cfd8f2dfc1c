"""Suggestions under the header's search field: the combobox of WAI-ARIA, and a plain form without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import NARROW, WIDE
from .test_accessibility import violations


def header_field(page):
    """The header's search field, its dialog opened where the window is narrow."""
    page.goto("/")
    if page.viewport_size["width"] < 992:
        page.get_by_role("button", name="Rechercher").first.click()
        expect(page.locator("#modale-recherche")).to_have_class(re.compile("fr-modal--opened"))
    return page.locator("#champ-recherche")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
def test_suggestions_by_keyboard(new_page, shot, viewport):
    page = new_page(viewport=viewport)
    field = header_field(page)
    expect(field).to_have_attribute("role", "combobox")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("Webin")
    box = page.locator(f"#{field.get_attribute('aria-controls')}")
    options = box.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    count = options.count()
    assert 2 <= count <= 8
    expect(page.locator("#recherche [role=status]")).to_have_text(f"{count} suggestions")
    page.wait_for_timeout(300)  # The end of the dialog's transition.
    shot(page, "suggestions")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0

    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", options.nth(0).get_attribute("id"))
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    field.press("ArrowUp")
    expect(options.nth(count - 1)).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(box).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_be_focused()
    assert field.input_value() == "Webin"

    field.press("ArrowDown")
    expect(options.first).to_be_visible()
    field.press("ArrowDown")
    title = options.first.evaluate("option => option.firstChild.textContent")
    field.press("Enter")
    page.wait_for_url(lambda url: url.rstrip("/").count("/") > 3)
    expect(page.locator("h1")).to_contain_text(title.strip())


def test_a_suggestion_by_mouse_and_nothing_to_suggest(page):
    field = header_field(page)
    field.press_sequentially("zzzz")
    expect(page.locator("#recherche [role=status]")).to_have_text("Aucune suggestion")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.fill("")
    field.press_sequentially("Webin")
    option = page.locator("#recherche [role=option]").first
    title = option.evaluate("option => option.firstChild.textContent")
    option.click()
    page.wait_for_url(lambda url: url.rstrip("/").count("/") > 3)
    expect(page.locator("h1")).to_contain_text(title.strip())


def test_enter_without_a_choice_searches(page):
    field = header_field(page)
    field.press_sequentially("Webin")
    expect(page.locator("#recherche [role=option]").first).to_be_visible()
    field.press("Enter")
    page.wait_for_url("**/recherche/?q=Webin")


def test_the_form_without_scripts(new_page):
    page = new_page(javascript=False)
    page.goto("/")
    field = page.locator("#champ-recherche")
    assert field.get_attribute("role") is None
    field.fill("Webinaire")
    field.press("Enter")
    page.wait_for_url("**/recherche/?q=Webinaire")
    expect(page.locator("main ol li").first).to_be_visible()
