"""A visitor chooses a territory, by every way there is, and the home page becomes theirs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .conftest import NARROW, WIDE

FOCUS_IS_VISIBLE = """(() => {
    const style = getComputedStyle(document.activeElement);
    return document.activeElement === document.body || style.outlineStyle !== "none" || style.boxShadow !== "none";
})()"""


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
@pytest.mark.parametrize("words", ["Mont-de-Marsan", "40000", "mont de marsan"])
def test_by_commune_or_postal_code(new_page, shot, words, javascript, viewport):
    page = new_page(viewport=viewport, javascript=javascript)
    page.goto("/")
    field = page.locator(
        "main form[action*='choisir'] input[type=search], main form[action*='choisir'] input[name=q]"
    ).first
    field.fill(words)
    field.press("Enter")
    page.wait_for_url("**/territoires/choisir/**")
    choose(page, "Mont-de-Marsan")
    page.goto("/")
    expect(page.locator("main")).to_contain_text("Mont-de-Marsan")
    expect(page.locator("main")).to_contain_text("Landes")
    shot(page, f"accueil-du-territoire-{'js' if javascript else 'sans-js'}")


def choose(page, name):
    """On the chooser's results: picks the first one of that name and says so."""
    radio = page.locator("main").get_by_role("radio", name=name)
    if radio.count():
        radio.first.check(force=True)
        page.locator("main").get_by_role("button", name="Choisir").first.click()
    else:
        page.locator("main").get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def test_by_the_list_and_by_the_map(page):
    page.goto("/territoires/")
    assert page.locator("main svg a").count() >= 96
    link = page.locator("main a").filter(has_text="Landes").first
    link.click()
    expect(page.locator("h1")).to_contain_text("Landes")


def test_the_keyboard_reaches_everything_from_the_skip_link(page):
    page.goto("/")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    assert focused == "#contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.outerHTML.slice(0, 200)"))
        assert page.evaluate(FOCUS_IS_VISIBLE), f"no visible focus on {list(seen)[-1]}"
    assert len(seen) > 20


def test_filters_without_javascript(new_page):
    page = new_page(javascript=False)
    page.goto("/actualites/")
    before = page.locator("main h1").inner_text()
    page.locator("main form input[name=q]").first.fill("Landes")
    page.locator("main form button[type=submit]").first.click()
    assert "q=Landes" in page.url
    assert page.locator("main h1").inner_text() == before
    expect(page.locator("main")).to_contain_text("Landes")


def test_theme_is_kept(page):
    page.goto("/")
    page.evaluate("localStorage.setItem('scheme', 'dark')")
    page.reload()
    assert page.locator("html").get_attribute("data-fr-theme") == "dark"


def test_with_scripts_the_list_follows_each_choice(page):
    page.goto("/actualites/")
    everything = page.locator("#resultats h2").first.inner_text()
    page.get_by_label("Territoire", exact=True).select_option(label="Landes")
    expect(page.locator("#resultats h2").first).not_to_have_text(everything)
    assert "territoire=departement-40" in page.url
    address = page.url
    shown = page.locator("#resultats").inner_text()
    page.goto(address)
    assert page.locator("#resultats").inner_text() == shown
