"""A hub's editor publishes for the Landes in Wagtail: it is seen at once where it should be, and nowhere else."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

LANDES = "/territoires/nouvelle-aquitaine/landes/"
STAMP = f"{int(time.time())}"
JOIN = "https://visio.exemple.fr/salle-des-landes"


def publish(page: Page) -> None:
    """Wagtail's footer: open the menu of actions, publish."""
    press_publish(page)
    expect(page.locator(".messages")).to_contain_text("publi")


def press_publish(page: Page) -> None:
    page.locator("footer [data-w-dropdown-target='toggle']").first.click()
    page.locator("button[name='action-publish']").click()


def texts(new_page, *addresses: str, territory: str = "") -> dict[str, str]:
    """What an anonymous reader gets at each address."""
    reader = new_page()
    if territory:
        reader.goto("/robots.txt")
        reader.context.add_cookies([{"name": "territoire", "value": territory, "url": reader.url}])
    return {address: reader.request.get(address).text() for address in addresses}


def add_under(page: Page, section: str) -> None:
    """From the explorer, as an editor does: into the section of the space, then « add a child page »."""
    page.goto("/admin/pages/")
    row = page.locator("main tr", has=page.get_by_role("link", name=section, exact=True))
    row.locator("a[href$='/']:not([href*='/edit/'])").last.click()
    page.locator("a[href$='/add_subpage/']").first.click()
    expect(page.locator("form#page-edit-form")).to_be_visible()


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
    add_under(editor, "Actualités")
    editor.locator("[name=title]").fill(title)
    editor.locator("[name=lead]").fill("Le bus passe chaque semaine dans les communes du Grand Dax.")
    shot(editor, "admin-actualite")
    publish(editor)

    shown = texts(new_page, f"{LANDES}actualites/", "/actualites/", "/actualites/rss/", f"{LANDES}actualites/rss/")
    assert {address: title in text for address, text in shown.items()} == dict.fromkeys(shown, True)
    slug = re.search(rf'/landes/actualites/([^/"]*{STAMP})/', shown["/actualites/"]).group(1)
    mine = texts(new_page, "/", territory="departement-40")
    assert title in mine["/"]
    theirs = texts(new_page, "/", territory="departement-84")
    assert title not in theirs["/"]
    elsewhere = texts(new_page, "/territoires/nouvelle-aquitaine/actualites/", "/initiatives/", "/agenda/")
    assert {address: title in text for address, text in elsewhere.items()} == dict.fromkeys(elsewhere, False)
    assert slug in sitemap(new_page)


def test_an_event_is_published(editor, new_page, shot):
    title, day = f"Webinaire des Landes {STAMP}", datetime.now(ZoneInfo("Europe/Paris")).date() + timedelta(days=9)
    add_under(editor, "Agenda")
    editor.locator("[name=title]").fill(title)
    editor.locator("[name=lead]").fill("Une heure pour préparer la feuille de route, à distance.")
    editor.locator("#id_dates-ADD").click()
    for name, value in (("start_date", f"{day:%d/%m/%Y}"), ("start_time", "14:00"), ("end_time", "15:30")):
        editor.locator(f"[name='dates-0-{name}']").fill(value)
        # The picker opens a moment later, and covers what is beneath until one clicks elsewhere.
        expect(editor.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
        editor.locator("[name=lead]").click()
        expect(editor.locator(".xdsoft_datetimepicker:visible")).to_have_count(0)
    editor.locator("[name=mode]").select_option("en_ligne")
    editor.locator("[name=join_url]").fill(JOIN)
    shot(editor, "admin-evenement")
    publish(editor)

    month = f"mois/{day:%Y-%m}/"
    shown = texts(new_page, "/agenda/", f"{LANDES}agenda/", f"{LANDES}agenda/{month}", "/agenda/rss/")
    assert {address: title in text for address, text in shown.items()} == dict.fromkeys(shown, True)
    calendar = texts(new_page, "/agenda/calendrier.ics", f"{LANDES}agenda/calendrier.ics")
    for text in calendar.values():
        unfolded = text.replace("\r\n ", "")
        assert f"SUMMARY:{title}" in unfolded
        assert f"DTSTART;TZID=Europe/Paris:{day:%Y%m%d}T140000" in unfolded
    elsewhere = texts(
        new_page, "/territoires/nouvelle-aquitaine/agenda/", "/territoires/occitanie/agenda/", "/actualites/"
    )
    assert {address: title in text for address, text in elsewhere.items()} == dict.fromkeys(elsewhere, False)
    assert not [address for address, text in (shown | calendar | elsewhere).items() if JOIN in text]
    assert title in texts(new_page, f"/agenda/?q=Webinaire+des+Landes+{STAMP}").popitem()[1]


def sitemap(new_page) -> str:
    """The whole sitemap, its sections followed."""
    reader = new_page()
    index = reader.request.get("/sitemap.xml").text()
    sections = re.findall(r"<loc>https?://[^/]+(/[^<]*sitemap[^<]*)</loc>", index)
    return index + "".join(reader.request.get(section).text() for section in sections)


def write(page: Page, title: str) -> None:
    add_under(page, "Actualités")
    page.locator("#id_title").fill(title)
    page.locator("[name=lead]").fill("Un chapô.")
    expect(page.locator("[name=slug]")).not_to_have_value("")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page).to_have_url(re.compile(r"/admin/pages/\d+/edit/"))


def test_a_session_that_ends_while_writing_loses_no_text(editor, new_page, sign_in, shot):
    write(editor, f"Une longue matinée {STAMP}")
    editor.context.clear_cookies()
    editor.locator("[name=lead]").fill("Ce qui fut écrit après la fin de la session.")
    press_publish(editor)
    expect(editor.locator("[data-keep-text]")).to_contain_text("Votre session a expiré")
    shot(editor, "admin-session-expiree")
    expect(editor.locator("[name=lead]")).to_have_value("Ce qui fut écrit après la fin de la session.")

    other = editor.context.new_page()
    sign_in(other, "editeur")
    editor.bring_to_front()
    editor.locator("button[name='action-publish']").click()
    expect(editor.locator(".messages")).to_contain_text("publiée")
    assert "Ce qui fut écrit après" in texts(new_page, f"{LANDES}actualites/")[f"{LANDES}actualites/"]


def test_a_page_deleted_by_somebody_else_leaves_the_text_on_the_screen(editor, new_page, sign_in):
    write(editor, f"Bientôt supprimée {STAMP}")
    number = re.search(r"/pages/(\d+)/edit", editor.url).group(1)
    admin = new_page()
    sign_in(admin, "admin")
    admin.goto(f"/admin/pages/{number}/delete/")
    admin.locator("main form [type=submit]").first.click()
    admin.wait_for_load_state()
    editor.locator("[name=lead]").fill("Un texte précieux.")
    press_publish(editor)
    expect(editor.locator("[data-keep-text]")).to_contain_text("a été supprimée")
    expect(editor.locator("[name=lead]")).to_have_value("Un texte précieux.")
