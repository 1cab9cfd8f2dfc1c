"""A hub publishes a series, cancels one of its dates, and who is registered is told."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from .conftest import NARROW
from .test_editor import LANDES, STAMP, add_under, publish
from .test_events import is_accessible, letter_to, register

TITLE = f"Les mardis de la médiation {STAMP}"


def fill(page: Page, name: str, value: str) -> None:
    """Write in a field that has a picker of dates or hours, and put the picker away."""
    page.locator(f"[name='{name}']").fill(value)
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
    page.locator("[name=lead]").click()
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(0)


def test_a_series_is_published_and_one_date_called_off(new_page, sign_in, shot):
    today = datetime.now(ZoneInfo("Europe/Paris")).date()
    tuesday = today + timedelta(days=(1 - today.weekday()) % 7 + 14)
    hub = new_page()
    sign_in(hub, "editeur")
    add_under(hub, "Agenda")
    hub.locator("[name=title]").fill(TITLE)
    hub.locator("[name=lead]").fill("Une heure chaque semaine, à distance.")
    hub.locator("#id_rules-ADD").click()
    hub.locator("[name='rules-0-weekdays'][value=TU]").check()
    fill(hub, "rules-0-start_date", f"{tuesday:%d/%m/%Y}")
    fill(hub, "rules-0-start_time", "11:00")
    fill(hub, "rules-0-end_time", "12:00")
    hub.locator("[name='rules-0-count']").fill("5")
    hub.locator("[name=mode]").select_option("en_ligne")
    hub.locator("[name=join_url]").fill("https://visio.exemple.fr/mardis")
    hub.locator("[name=registration]").select_option("internal")
    hub.locator("[name=capacity_online]").fill("20")
    shot(hub, "admin-serie")
    publish(hub)

    visitor = new_page()
    visitor.goto(f"{LANDES}agenda/?q=mardis+{STAMP}")
    expect(visitor.locator(".events-card")).to_have_count(5)
    visitor.get_by_role("link", name=TITLE).first.click()
    address = visitor.url
    expect(visitor.locator(".events-facts")).to_contain_text("Chaque mardi")
    register(visitor, address, "Camille Exemple", f"mardi{STAMP}@exemple.fr", number=1)
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("enregistrée")

    hub.goto(f"{LANDES}agenda/")
    hub.goto("/admin/inscriptions/")
    row = hub.get_by_role("row", name=re.compile(rf"{STAMP}.*\b1\b"))
    row.get_by_role("link", name=TITLE).first.click()
    hub.get_by_role("link", name="Dates", exact=True).click()
    expect(hub.get_by_role("heading", name="À venir (5)")).to_be_visible()
    shot(hub, "admin-dates")
    hub.locator("input[name=date]").nth(1).check()
    hub.get_by_role("button", name="Annuler", exact=True).click()
    expect(hub.locator("main")).to_contain_text("1 personne inscrite sera prévenue")
    hub.locator("[name=note]").fill("La salle n’est pas libre.")
    shot(hub, "admin-dates-annuler")
    hub.get_by_role("button", name="Confirmer").click()
    expect(hub.locator("main")).to_contain_text("Annulé")

    visitor.goto(address)
    expect(visitor.locator(".events-facts")).to_contain_text("Annulé")
    letter = visitor.request.get(letter_to(visitor, f"mardi{STAMP}@exemple.fr", "Annulé")).text()
    assert "La salle n’est pas libre." in letter


def test_the_screens_of_organisers_hold_on_a_phone(new_page, sign_in):
    hub = new_page(viewport=NARROW)
    sign_in(hub, "editeur")
    hub.goto("/admin/inscriptions/")
    main = hub.locator("main")
    expect(main.get_by_role("table")).to_be_visible()
    main.get_by_role("link", name=re.compile("jeudis", re.IGNORECASE)).first.click()
    for name in ("Inscrire une personne", "Pointage", "Bilan", "Dates"):
        here = hub.url
        hub.get_by_role("link", name=name, exact=True).first.click()
        assert hub.evaluate("document.documentElement.scrollWidth") <= hub.evaluate("window.innerWidth")
        hub.goto(here)
    visitor = new_page(viewport=NARROW)
    visitor.goto(f"{LANDES}agenda/les-jeudis-de-linclusion-numerique/")
    is_accessible(visitor)
