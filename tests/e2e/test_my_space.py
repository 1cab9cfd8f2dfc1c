"""« Mon espace », « Signaler cette page » and what editors do of it: wide and narrow, without JavaScript, with axe."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import NARROW, WIDE
from .test_accessibility import violations


def fits(page) -> None:
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{overflow} px wider than the window"
    assert page.locator("h1").count() == 1


def news(page) -> str:
    """The address of a published news item."""
    page.goto("/actualites/")
    links = page.locator("main a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return next(href for href in links if re.search(r"/landes/actualites/[^/?]+/$", href))


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
@pytest.mark.parametrize("who", ["editeur", "contributeur", "admin"])
def test_my_space(new_page, sign_in, shot, viewport, who):
    page = new_page(viewport=viewport)
    sign_in(page, who)
    page.goto("/mon-espace/")
    page.wait_for_load_state("networkidle")
    shot(page, f"mon-espace-{who}")
    fits(page)
    assert violations(page) == []
    expect(page.get_by_role("heading", name="À relire avant publication")).to_have_count(int(who != "contributeur"))


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
def test_a_reader_reports_a_page_without_javascript(new_page, shot, viewport):
    with_axe = new_page(viewport=viewport)
    with_axe.goto(news(with_axe))
    with_axe.get_by_role("link", name="Signaler cette page").click()
    shot(with_axe, "signaler")
    fits(with_axe)
    assert violations(with_axe) == []
    with_axe.get_by_label(re.compile("Votre adresse e-mail")).fill("pas une adresse")
    with_axe.get_by_role("button", name="Envoyer le signalement").click()
    expect(with_axe.get_by_role("alert")).to_contain_text("n’est pas parti")
    shot(with_axe, "signaler-refuse")
    fits(with_axe)
    assert violations(with_axe) == []

    page = new_page(viewport=viewport, javascript=False)
    page.goto(news(page))
    page.get_by_role("link", name="Signaler cette page").click()
    page.get_by_label(re.compile("^Erreurs")).check(force=True)
    page.get_by_label(re.compile("^Précisions")).fill("La date est fausse.")
    page.wait_for_timeout(3100)
    page.get_by_role("button", name="Envoyer le signalement").click()
    expect(page.locator("h1")).to_contain_text("Merci")
    fits(page)


def test_the_editor_answers(new_page, sign_in, shot):
    reader = new_page()
    reader.goto(news(reader))
    reader.get_by_role("link", name="Signaler cette page").click()
    reader.get_by_label(re.compile("^Obsolète")).check(force=True)
    reader.get_by_label(re.compile("^Précisions")).fill("Le lien vers le dossier est mort.")
    reader.wait_for_timeout(3100)
    reader.get_by_role("button", name="Envoyer le signalement").click()
    expect(reader.locator("h1")).to_contain_text("Merci")

    page = new_page()
    sign_in(page, "editeur")
    page.goto("/admin/")
    shot(page, "admin-accueil")
    expect(page.locator("main")).to_contain_text("Signalements des lecteurs (")
    page.goto("/admin/signalements/")
    shot(page, "admin-signalements")
    page.locator("main td.title a").first.click()
    shot(page, "admin-signalement")
    expect(page.locator("main")).to_contain_text("Le lien vers le dossier est mort.")
    page.get_by_role("button", name="Traité", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("classé")
    page.goto("/admin/a-relire/")
    shot(page, "admin-a-relire")
    assert violations(page) == []
