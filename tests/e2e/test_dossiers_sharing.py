"""A colleague invited on one dossier: from the mail to the thread, and out again; with JavaScript and without."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import NARROW, WIDE
from .test_accessibility import violations

GUEST = "mediateur"


def is_sound(page: Page, shot: Callable[[Page, str], None], name: str) -> None:
    for viewport in (NARROW, WIDE):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        shot(page, f"invitation-{name}")
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert violations(page) == []


def link_of_mail(page: Page, beneath: str) -> str:
    """The link of the newest mail that leads ``beneath``; its worker may take a while."""
    for _ in range(60):
        page.goto("/courrier/")
        page.locator("main a", has_text="Une invitation sur un dossier").first.click()
        found = re.search(rf"https?://[^/\s\"]+({beneath}[0-9a-f-]+/)", page.content())
        if found:
            return found[1]
        page.wait_for_timeout(1000)
    raise AssertionError("the mail did not come")


@pytest.mark.parametrize("scripts", [True, False], ids=["avec-javascript", "sans-javascript"])
def test_a_colleague_is_invited_comments_and_is_taken_out(
    new_page: Any, sign_in: Any, shot: Any, scripts: bool
) -> None:
    depositor = new_page(javascript=scripts)
    sign_in(depositor, "depositaire")
    depositor.goto("/dossiers/")
    depositor.get_by_role("link", name="Ateliers numériques en résidence autonomie").click()
    mine = depositor.url
    depositor.get_by_role("link", name="Inviter des personnes").click()
    if scripts:
        is_sound(depositor, shot, "inviter")
    depositor.get_by_label("Adresse e-mail").fill(f"{GUEST}@exemple.fr")
    depositor.get_by_label("Ce que cette personne pourra faire").select_option("commenter")
    depositor.get_by_label("Votre message").fill("Peux-tu relire le budget ?")
    depositor.get_by_role("button", name="Envoyer l’invitation").click()
    expect(depositor.locator("main")).to_contain_text("En attente")
    people = depositor.url

    guest = new_page(javascript=scripts)
    sign_in(guest, GUEST)
    assert guest.goto(mine).status == 404
    address = link_of_mail(guest, "/dossiers/invitations/")
    guest.goto(address)
    expect(guest.locator("main")).to_contain_text("Peux-tu relire le budget")
    if scripts:
        is_sound(guest, shot, "invitation")
    guest.get_by_role("button", name="Accepter l’invitation").click()
    expect(guest.locator("main")).to_contain_text("Vous êtes invité sur ce dossier")
    said = f"Le budget me paraît juste ({int(time.time())})."
    guest.get_by_label(re.compile("^Votre message")).fill(said)
    guest.get_by_role("button", name="Envoyer le message").click()
    expect(guest.locator("main")).to_contain_text(said)
    expect(guest.get_by_role("link", name="Inviter des personnes")).to_have_count(0)

    depositor.goto(mine)
    expect(depositor.locator("main")).to_contain_text(said)
    depositor.goto(people)
    depositor.get_by_role("button", name=re.compile("Retirer l’accès")).first.click()
    expect(depositor.locator("main")).to_contain_text("n’ouvre plus rien")
    assert guest.goto(mine).status == 404
