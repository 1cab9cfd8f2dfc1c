"""Journeys of events: the agenda filtered and shared, registering without an account, the waiting list, checking in.

At 320 px and wide, with scripts and without, and by axe.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import NARROW, WIDE

AGENDA = "/territoires/nouvelle-aquitaine/landes/agenda/"
SERIES = f"{AGENDA}les-jeudis-de-linclusion-numerique/"
FREE = f"{AGENDA}atelier-accompagner-sans-faire-a-la-place/"
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


def is_accessible(page: Page) -> None:
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth")


def letter_to(page: Page, address: str, subject: str) -> str:
    """The address of the newest letter of that subject to ``address``, once it has come."""
    found = page.get_by_role("link", name=re.compile(subject, re.IGNORECASE))
    for _ in range(30):
        page.goto("/courrier/")
        for href in [str(link.get_attribute("href")) for link in found.all()][:8]:
            page.goto(href)
            if address in page.content():
                return href
        page.wait_for_timeout(1000)
    raise AssertionError(f"no letter « {subject} » to {address}")


def link_of(page: Page, letter: str, pattern: str = r"/inscriptions/gerer/[^/\s]+/") -> str:
    """The path of the link that a letter carries."""
    page.goto(letter)
    found = re.search(pattern, page.content())
    assert found, letter
    return found[0]


def register(page: Page, event: str, name: str, email: str, number: int = 0) -> None:
    """Register to the ``number``-th date of the event that one may register to."""
    page.goto(event)
    page.locator(".events-facts").get_by_role("link", name=re.compile("S’inscrire|Rejoindre")).nth(number).click()
    page.get_by_label(re.compile("^Nom|Prénom")).first.fill(name)
    page.get_by_label(re.compile("e-mail")).first.fill(email)
    for box in page.locator("main select[required], main select").all():
        box.select_option(index=1)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
@pytest.mark.parametrize(
    "address",
    [
        AGENDA, f"{AGENDA}?autour=Dax&km=30", f"{AGENDA}mois/", "/agenda/territoires/", f"{AGENDA}territoires/",
        "/agenda/archives/", SERIES, FREE,
    ],
)  # fmt: skip
def test_axe(new_page: Callable[..., Page], shot: Any, address: str, viewport: dict[str, int]) -> None:
    page = new_page(viewport=viewport)
    page.goto(address)
    is_accessible(page)
    shot(page, f"evenements-{address}")


def test_a_mediateur_filters_shares_and_subscribes_to_exactly_that(new_page: Callable[..., Page]) -> None:
    page = new_page(javascript=False)
    page.goto("/agenda/")
    page.get_by_label("Webinaire").check(force=True)
    page.get_by_label("Sous-titrage").check(force=True)
    page.get_by_label("Dates", exact=True).select_option("")
    page.get_by_role("button", name="Appliquer").click()
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["format"] == ["webinaire"]
    assert asked["accessibilite"] == ["captions"]
    shown = page.locator(".events-card__link").all_inner_texts()
    assert shown
    other = new_page(viewport=NARROW)
    other.goto(page.url)
    assert other.locator(".events-card__link").all_inner_texts() == shown
    webcal = str(page.locator("a[href^='webcal:']").first.get_attribute("href"))
    assert parse_qs(urlsplit(webcal).query) == {
        "format": ["webinaire"], "accessibilite": ["captions"],
    }  # fmt: skip


def test_the_month_is_read_by_its_headings(page: Page) -> None:
    page.goto("/agenda/mois/")
    days = page.get_by_role("columnheader").all_inner_texts()
    assert days[1:] == ["Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"]
    rows = page.locator("table.events-month").get_by_role("row")
    assert rows.count() in (5, 6, 7)
    first = rows.nth(1)
    expect(first.get_by_role("rowheader")).to_contain_text(re.compile(r"\d+"))
    assert first.get_by_role("cell").count() == 7
    expect(page.get_by_role("table")).to_have_accessible_name(re.compile("^Agenda d"))


def test_hours_are_also_those_of_the_reader(new_page: Callable[..., Page]) -> None:
    there = new_page(timezone_id="America/Martinique")
    there.goto(SERIES)
    expect(there.locator(".events-own-hour").first).to_contain_text("À votre heure")
    here = new_page(timezone_id="Europe/Paris")
    here.goto(SERIES)
    expect(here.locator(".events-dates time").first).to_be_visible()
    expect(here.locator(".events-own-hour")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_registering_without_an_account_changing_and_leaving(
    new_page: Callable[..., Page], shot: Any, javascript: bool
) -> None:
    page = new_page(viewport=NARROW, javascript=javascript)
    email = f"parcours-{'js' if javascript else 'sans'}@exemple.fr"
    page.goto(FREE)
    page.locator(".events-facts").get_by_role("link", name="S’inscrire").click()
    if javascript:
        is_accessible(page)
        shot(page, "inscription-a-un-evenement")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main [role=alert]").first).to_be_visible()
    register(page, FREE, "Camille Parcours", email)
    expect(page.locator("main h1")).not_to_contain_text("S’inscrire")
    own = link_of(page, letter_to(page, email, "Inscription confirmée.*accompagner"))
    page.goto(own)
    expect(page.locator("main .fr-badge").first).to_contain_text("Confirmée")
    if javascript:
        is_accessible(page)
        shot(page, "mon-inscription")
    page.get_by_label(re.compile("^Nom|Prénom")).first.fill("Camille Changée")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("main")).to_contain_text("Vos changements sont enregistrés")
    page.get_by_role("button", name="Annuler mon inscription").click()
    page.wait_for_load_state()
    expect(page.locator("main .fr-badge").first).to_contain_text(re.compile("annulée", re.IGNORECASE))


def test_a_seat_given_back_goes_to_the_first_in_line(new_page: Callable[..., Page]) -> None:
    """The first date of the series has a few seats left: people take them, another waits, the first of them leaves."""
    page = new_page()
    first = page.locator(".events-facts .events-dates").get_by_role("link").first
    page.goto(SERIES)
    came = 0
    while "Rejoindre" not in first.inner_text():
        assert came < 4, "the first date does not fill"
        register(page, SERIES, f"Personne {came}", f"place-{came}@exemple.fr")
        came += 1
        page.goto(SERIES)
    assert came
    register(page, SERIES, "Qui attend", "attente@exemple.fr")
    expect(page.locator("main")).to_contain_text("attente")
    page.goto(link_of(page, letter_to(page, "place-0@exemple.fr", "Inscription confirmée")))
    page.get_by_role("button", name="Annuler mon inscription").click()
    page.wait_for_load_state()
    page.goto(link_of(page, letter_to(page, "attente@exemple.fr", "Une place se libère")))
    page.get_by_role("button", name="Accepter la place").click()
    page.wait_for_load_state()
    expect(page.locator("main .fr-badge").first).to_contain_text("Confirmée")


def test_checking_in_on_a_phone(new_page: Callable[..., Page], sign_in: Any, shot: Any) -> None:
    page = new_page(viewport=NARROW)
    sign_in(page, "editeur")
    page.goto("/admin/inscriptions/?quand=passees")
    page.get_by_role("link", name=re.compile("cartographier")).first.click()
    page.get_by_role("link", name=re.compile("Pointage|Pointer", re.IGNORECASE)).first.click()
    is_accessible(page)
    shot(page, "pointage")
    present = page.locator(".events-check__count strong")
    before = int(present.inner_text())
    page.locator(".events-check__one--here").first.get_by_role("button", name="Corriger").click()
    page.wait_for_load_state()
    expect(present).to_have_text(str(before - 1))
    page.get_by_role("button", name=re.compile("^Présent")).first.click()
    page.wait_for_load_state()
    expect(present).to_have_text(str(before))
