"""Following the agenda elsewhere: a selection, one's own registrations, another site's page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import NARROW, WIDE
from .test_accessibility import violations


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
def test_ones_registrations_in_ones_own_calendar(new_page, sign_in, shot, viewport):
    page = new_page(viewport=viewport)
    sign_in(page, "contributeur")
    page.goto("/mon-espace/calendrier/")
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("Créer l’adresse|Renouveler")).click()
    address = page.get_by_label("Adresse du calendrier").input_value()
    shot(page, "mon-calendrier")
    assert violations(page) == []
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    path = address[address.index("/calendriers/") :]
    assert page.request.get(path).text().startswith("BEGIN:VCALENDAR")
    page.get_by_role("button", name="Supprimer l’adresse").click()
    expect(page.get_by_text("ne répond plus")).to_be_visible()
    assert page.request.get(path).status == 404


def test_a_selection_in_another_site_without_javascript(new_page):
    page = new_page(viewport=WIDE, javascript=False)
    page.goto("/agenda/?format=webinaire")
    page.get_by_role("link", name="Intégrer dans un site").click()
    page.get_by_label(re.compile("^Hauteur du cadre")).fill("500")
    page.get_by_role("button", name="Changer la hauteur").click()
    code = page.get_by_label(re.compile("^Code à coller")).input_value()
    assert 'height="500"' in code
    assert "/agenda/integrer/?format=webinaire" in code
    frame = page.frame_locator("iframe.events-frame")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Agenda")
    expect(frame.get_by_role("link").first).to_be_visible()
