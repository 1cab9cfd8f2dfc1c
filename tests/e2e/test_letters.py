"""Journeys of letters: subscribing, choosing and leaving as a reader; writing, sending and counting as a team.

At 320 px and wide, and by axe.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import NARROW, WIDE
from .test_events import is_accessible, letter_to, link_of

SPACE = "/territoires/nouvelle-aquitaine/lettres/"


def lists_around(page: Page) -> list[str]:
    """The slugs of the lists that the form offers in Nouvelle-Aquitaine: its own, and those above."""
    page.goto(SPACE)
    found = page.locator("main").evaluate("main => main.innerHTML.match(/liste=[a-z0-9-]+/g)")
    return list(dict.fromkeys(each.removeprefix("liste=") for each in found))


def subscribe(page: Page, address: str, slugs: list[str]) -> None:
    """From the public form to the confirmation by the message."""
    page.goto("/lettres/abonnement/?" + "&".join(f"liste={slug}" for slug in slugs))
    page.get_by_label("Adresse e-mail").fill(address)
    page.locator("#accord").check(force=True)
    page.locator("main").get_by_role("button", name="S’abonner", exact=True).click()
    page.wait_for_url("**/lettres/abonnement/merci/")
    page.goto(link_of(page, letter_to(page, address, "Confirmez votre abonnement"), r"/lettres/confirmer/[^/\s]+/"))
    page.get_by_role("button", name="Confirmer mon abonnement").click()
    page.wait_for_load_state()


def preferences_of(page: Page, address: str) -> str:
    """The personal address of the preferences, as the portal sends it to who asks."""
    page.goto("/lettres/preferences/")
    page.get_by_label("Adresse e-mail").fill(address)
    page.get_by_role("button", name="Recevoir le lien").click()
    page.wait_for_url("**/lettres/preferences/envoye/")
    return link_of(page, letter_to(page, address, "préférences|lettres"), r"/lettres/preferences/[^/\s\"<]{20,}/")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
def test_public_screens(new_page: Callable[..., Page], shot: Any, viewport: dict[str, int]) -> None:
    page = new_page(viewport=viewport)
    first = lists_around(page)[0]
    for name, address in {
        "index": "/lettres/",
        "espace": SPACE,
        "archive": f"/lettres/liste/{first}/",
        "abonnement": "/lettres/abonnement/",
        "merci": "/lettres/abonnement/merci/",
        "demande-de-lien": "/lettres/preferences/",
    }.items():
        response = page.goto(address)
        assert response is not None
        assert response.status == 200, address
        is_accessible(page)
        shot(page, f"lettres-{name}")
    page.goto("/lettres/abonnement/")
    page.locator("main").get_by_role("button", name="S’abonner", exact=True).click()
    expect(page.locator("main [role=alert]")).to_be_visible()
    is_accessible(page)
    shot(page, "lettres-abonnement-refuse")


def test_a_mediateur_subscribes_then_keeps_two_lists(new_page: Callable[..., Page], shot: Any) -> None:
    page, address = new_page(viewport=NARROW), "mediatrice-parcours@exemple.fr"
    page.goto("/lettres/")
    page.locator("main .letters-regions input[type=checkbox]").nth(0).check(force=True)
    page.locator("main .letters-regions input[type=checkbox]").nth(1).check(force=True)
    page.get_by_role("button", name="S’abonner aux lettres choisies").click()
    chosen = page.locator("main input[name=liste]:checked")
    expect(chosen).to_have_count(2)
    for box in page.locator("main input[name=liste]").all()[:3]:
        box.check(force=True)
    slugs = [str(box.get_attribute("value")) for box in chosen.all()]
    assert len(slugs) >= 3, slugs
    subscribe(page, address, slugs)
    expect(page.locator("main")).not_to_contain_text("Confirmer mon abonnement")
    is_accessible(page)

    own = preferences_of(page, address)
    page.goto(own)
    is_accessible(page)
    shot(page, "lettres-preferences")
    held = page.locator("main input[name=liste]:checked")
    expect(held).to_have_count(len(slugs))
    for slug in slugs[2:]:
        page.locator(f"#liste-{slug}").uncheck(force=True)
    page.get_by_role("button", name="Enregistrer mes lettres").click()
    expect(page.locator("main [role=status]").first).to_be_visible()
    is_accessible(page)
    page.goto(own)
    expect(held).to_have_count(2)
    assert {str(box.get_attribute("value")) for box in held.all()} == set(slugs[:2])
