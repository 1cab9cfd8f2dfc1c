"""In Wagtail's editor: a block goes from a page to another, and a date is programmed without losing it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def editor(new_page, sign_in) -> Page:
    page = new_page()
    sign_in(page, "editeur")
    return page


def addresses(page: Page, kind: str) -> list[str]:
    """The editors of three published pages of ``kind`` that the person may change, and whose body has a block."""
    page.goto(f"/admin/mes-pages/?nature={kind}&etat=live")
    links = page.locator("td.title a[href*='/edit/']")
    found: list[str] = []
    for address in dict.fromkeys(link.get_attribute("href") or "" for link in links.all()):
        page.goto(address)
        page.locator("[data-contentpath='body'] [data-streamfield-stream-container]").first.wait_for(state="attached")
        if children(page).count():
            found.append(address)
        if len(found) == 3:
            break
    return found


def children(page: Page):
    body = page.locator("[data-contentpath='body'] [data-streamfield-stream-container]").first
    return body.locator("> [data-streamfield-child]:not([aria-hidden='true'])")


def said(page: Page):
    return page.locator("#portal-said")


def test_a_block_is_copied_from_a_page_to_another(editor, new_page, shot):
    first, second, *_ = addresses(editor, "news")
    editor.goto(first)
    source = children(editor).first
    expect(source).to_be_visible()
    expect(editor.get_by_role("button", name="Coller dessous").first).to_be_hidden()
    kind = source.locator("> input[name$='-type']").input_value()
    wording = source.inner_text()
    # By the keyboard alone.
    source.get_by_role("button", name="Copier le bloc").first.focus()
    editor.keyboard.press("Enter")
    expect(said(editor)).to_contain_text("copié")
    shot(editor, "admin-copier-un-bloc")

    other = editor.context.new_page()
    other.goto(second)
    expect(children(other).first).to_be_visible()
    before = children(other).count()
    other.get_by_role("button", name="Coller dessous").first.focus()
    other.keyboard.press("Enter")
    expect(said(other)).to_contain_text("collé")
    expect(children(other)).to_have_count(before + 1)
    pasted = children(other).nth(1)
    assert pasted.locator("> input[name$='-type']").input_value() == kind
    # A new block, which has no identifier until it is saved.
    assert pasted.locator("> input[name$='-id']").input_value() == ""
    expect(pasted).to_contain_text(wording.strip().splitlines()[-1][:40])
    # It is saved as what was written would be.
    other.locator("footer button.action-save").first.click()
    expect(other.locator(".messages")).to_contain_text("mise à jour")
    expect(children(other)).to_have_count(before + 1)
    ids = [each.input_value() for each in children(other).locator("> input[name$='-id']").all()]
    assert all(ids)
    assert len(set(ids)) == len(ids)
    # Left as it was found.
    children(other).nth(1).get_by_role("button", name="Supprimer").first.click()
    other.wait_for_timeout(600)
    other.locator("footer button.action-save").first.click()
    expect(other.locator(".messages")).to_contain_text("mise à jour")
    expect(children(other)).to_have_count(before)


def test_what_has_no_place_in_a_stream_is_told(editor):
    first, *_ = addresses(editor, "news")
    editor.goto(first)
    expect(children(editor).first).to_be_visible()
    before = children(editor).count()
    editor.evaluate(
        """() => localStorage.setItem("portail-bloc", JSON.stringify(
             {type: "inconnu", label: "Inconnu", shape: "·", value: "x", at: Date.now()}))"""
    )
    editor.reload()
    editor.get_by_role("button", name="Coller dessous").first.click()
    expect(said(editor)).to_contain_text("ne peut pas être placé ici")
    expect(children(editor)).to_have_count(before)
    # What was kept for too long, or is no block, is nothing.
    for kept in ('{"type": "text", "at": 1}', "pas du JSON"):
        editor.evaluate("kept => localStorage.setItem('portail-bloc', kept)", kept)
        editor.reload()
        expect(children(editor).first).to_be_visible()
        expect(editor.get_by_role("button", name="Coller dessous").first).to_be_hidden()


def test_another_tab_learns_of_a_copy(editor):
    first, second, *_ = addresses(editor, "news")
    editor.goto(first)
    other = editor.context.new_page()
    other.goto(second)
    expect(children(other).first).to_be_visible()
    expect(other.get_by_role("button", name="Coller dessous").first).to_be_hidden()
    children(editor).first.get_by_role("button", name="Copier le bloc").first.click()
    expect(other.get_by_role("button", name="Coller dessous").first).to_be_visible()


def open_schedule(page: Page) -> None:
    first, *_ = addresses(page, "news")
    page.goto(first)
    if not page.locator("[data-a11y-dialog-show='schedule-publishing-dialog']").first.is_visible():
        page.locator("[data-side-panel-toggle='status']").first.click()
    page.locator("[data-a11y-dialog-show='schedule-publishing-dialog']").first.click()
    expect(page.locator("#schedule-publishing-dialog .w-dialog__box")).to_be_visible()


@pytest.mark.parametrize("field", ["go_live_at", "expire_at"])
def test_the_picker_leaves_the_button_in_sight(editor, field, shot):
    open_schedule(editor)
    editor.locator(f"#schedule-publishing-dialog [name={field}]").click()
    picker = editor.locator(".xdsoft_datetimepicker:visible")
    expect(picker).to_be_visible()
    editor.wait_for_timeout(400)
    shot(editor, f"admin-programmer-{field}")
    button = editor.locator("#schedule-publishing-dialog button[type=submit]").bounding_box()
    over = picker.bounding_box()
    apart = over["x"] >= button["x"] + button["width"] or over["y"] >= button["y"] + button["height"]
    assert apart or over["y"] + over["height"] <= button["y"] or over["x"] + over["width"] <= button["x"]


def test_escape_closes_the_picker_and_keeps_the_date(editor):
    open_schedule(editor)
    field = editor.locator("#schedule-publishing-dialog [name=go_live_at]")
    field.click()
    field.fill("24/12/2030 10:00")
    expect(editor.locator(".xdsoft_datetimepicker:visible")).to_be_visible()
    editor.keyboard.press("Escape")
    expect(editor.locator(".xdsoft_datetimepicker:visible")).to_have_count(0)
    expect(editor.locator("#schedule-publishing-dialog .w-dialog__box")).to_be_visible()
    assert field.input_value() == "24/12/2030 10:00"
    # With nothing in between, it closes the dialog as ever.
    editor.keyboard.press("Escape")
    expect(editor.locator("#schedule-publishing-dialog .w-dialog__box")).to_be_hidden()
