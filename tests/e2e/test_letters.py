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
from .test_editor import STAMP, publish
from .test_events import is_accessible, letter_to, link_of
from .test_sign_in import confirm_if_asked

SPACE = "/territoires/nouvelle-aquitaine/lettres/"
OWN_LIST = "lettre-nouvelle-aquitaine"
TITLE = "Quinzaine du numérique inclusif"
SUBJECT = "Ce qui se passe en Nouvelle-Aquitaine"
LEAVE = r"/lettres/quitter/[^/\s\"<]+/"


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
    page, address = new_page(viewport=NARROW), f"mediatrice-{STAMP}@exemple.fr"
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


def is_sound(page: Page) -> None:
    """An administration screen: axe when wide, and read on a telephone without scrolling sideways."""
    page.wait_for_load_state()
    is_accessible(page)
    page.set_viewport_size(NARROW)
    page.wait_for_timeout(300)  # The menu slides.
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    page.set_viewport_size(WIDE)
    page.wait_for_timeout(300)
    assert over <= 0, f"{page.url}: {over} px wider than the window"


def count_of(page: Page, label: str) -> int:
    """A number of the progress of a sending."""
    said = page.locator(f".nl-counts div:has(dt:text-is('{label}')) dd").inner_text()
    return int(re.sub(r"\D", "", said))


def write_letter(page: Page, shot: Any) -> str:
    """« Nouvelle lettre » with Nouvelle-Aquitaine and the last two weeks; the number of the draft."""
    page.goto("/admin/")
    page.get_by_role("link", name="Nouvelle lettre").first.click()
    page.get_by_label("Espace").select_option(label="Nouvelle-Aquitaine")
    page.get_by_role("button", name="Chercher", exact=True).click()
    page.wait_for_url(re.compile("espace="))
    rows = page.locator("table.letters-order tbody tr")
    names = [text.strip() for text in rows.locator(".title a").all_inner_texts()]
    assert len(names) > 3, names
    shot(page, "lettre-nouvelle")
    is_sound(page)
    rows.nth(2).get_by_role("checkbox").uncheck()
    rows.nth(1).get_by_role("button", name=re.compile("^Monter")).click()
    assert [text.strip() for text in rows.locator(".title a").all_inner_texts()][:2] == [names[1], names[0]]
    page.get_by_label("Titre de la lettre").fill(TITLE)
    page.get_by_label("Objet du courriel").fill(SUBJECT)
    page.get_by_label("Texte d’aperçu").fill("Deux semaines d’actualités et de rendez-vous.")
    page.get_by_label("Introduction").fill("Bonjour {{ nom|à toutes et à tous }}, voici la quinzaine.")
    page.get_by_role("button", name="Préparer le brouillon").click()
    page.wait_for_url(re.compile(r"/admin/pages/\d+/edit/"))
    found = re.search(r"/pages/(\d+)/edit/", page.url)
    assert found
    page.goto(f"/admin/lettres/redaction/{found[1]}/verifications/")
    inside = page.locator("main").inner_text()
    assert names[2] not in inside
    assert inside.index(names[1]) < inside.index(names[0])
    return found[1]


def look_and_try(page: Page, letter: str, shot: Any) -> None:
    """Previews, checks, and a trial to oneself."""
    page.goto(f"/admin/lettres/redaction/{letter}/verifications/")
    expect(page.locator(".help-critical")).to_have_count(0)
    looks = page.locator("details.letters-look")
    assert looks.count() >= 4
    for look in looks.all():
        if look.get_attribute("open") is None:
            look.locator("summary").click()
        frame = look.locator("iframe").content_frame
        expect(frame.locator("body")).not_to_be_empty()
    shot(page, "lettre-verifications")
    is_sound(page)
    page.get_by_role("link", name="M’envoyer un essai").first.click()
    page.wait_for_url("**/essai/")
    is_sound(page)
    page.get_by_role("button", name="Envoyer l’essai").click()
    expect(page.locator("body")).to_contain_text("L’essai est parti à regional@exemple.fr")
    page.goto(letter_to(page, "regional@exemple.fr", rf"\[TEST\] {SUBJECT}"))
    expect(page.locator("main")).to_contain_text("voici la quinzaine")


def always_approved(page: Page) -> None:
    """The sender decides that a second person approves every sending of Nouvelle-Aquitaine."""
    page.goto("/admin/newsletters/lettersettings/")
    if page.locator("main tbody tr", has_text="Nouvelle-Aquitaine").count():  # A demonstration that was used before.
        return
    page.goto("/admin/newsletters/lettersettings/create/")
    page.locator("#id_territory").select_option(label="Nouvelle-Aquitaine")
    page.locator("#id_approval_threshold").fill("0")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/admin/newsletters/lettersettings/")


def wait_until_finished(page: Page) -> None:
    page.wait_for_url(re.compile(r"/admin/envois/[0-9a-f-]{36}/$"))
    for _ in range(60):
        page.reload()
        if page.locator(".nl-percent").count() and "100" in page.locator(".nl-percent").inner_text():
            return
        page.wait_for_timeout(500)
    raise AssertionError("the sending does not end")


def test_a_letter_from_its_writing_to_its_figures(new_page: Callable[..., Page], sign_in: Any, shot: Any) -> None:
    """An editor writes, a sender approves and sends, subscribers read and leave."""
    button, click = f"parcours-bouton-{STAMP}@exemple.fr", f"parcours-un-clic-{STAMP}@exemple.fr"
    reader = new_page(viewport=NARROW)
    for address in (button, click):
        subscribe(reader, address, [OWN_LIST])

    editor, sender = new_page(), new_page()
    sign_in(editor, "regional")
    letter = write_letter(editor, shot)
    look_and_try(editor, letter, shot)
    sign_in(sender, "expediteur")
    always_approved(sender)

    editor.goto(f"/admin/envois/preparer/{letter}/")
    own = editor.locator(".nl-choices__one", has_text="Nouvelle-Aquitaine").locator("input:checked")
    expect(own).to_have_count(1)
    editor.get_by_role("button", name="Compter les destinataires").click()
    expect(editor.locator("#compte")).to_contain_text(re.compile(r"\d+"))
    shot(editor, "envoi-preparer")
    is_sound(editor)
    editor.get_by_role("button", name="Préparer l’envoi").click()
    expect(editor.locator("body")).to_contain_text("une seconde personne approuve l’envoi")
    campaign = editor.url
    expect(editor.get_by_role("link", name=re.compile("^Envoyer ou programmer"))).to_have_count(0)
    editor.get_by_role("button", name="Demander l’approbation").click()
    expect(editor.get_by_role("button", name="Approuver")).to_have_count(0)

    sender.goto(campaign)
    is_sound(sender)
    sender.get_by_role("button", name="Approuver").click()
    sender.wait_for_load_state()
    confirm_if_asked(sender)
    sender.get_by_role("link", name=re.compile("^Envoyer ou programmer")).click()
    sender.wait_for_url("**/envoyer/")
    is_sound(sender)
    sender.get_by_label("Tout de suite").check(force=True)
    sender.get_by_role("button", name="Vérifier avant l’envoi").click()
    shot(sender, "envoi-confirmer")
    is_sound(sender)
    last = sender.get_by_role("button", name=re.compile("^Envoyer à"))
    recipients = int(re.sub(r"\D", "", last.inner_text()))
    assert recipients >= 3
    last.click()
    sender.wait_for_load_state()
    confirm_if_asked(sender)
    wait_until_finished(sender)
    assert (count_of(sender, "Envoyés"), count_of(sender, "Incertains")) == (recipients, 0)
    shot(sender, "envoi-suivi")
    is_sound(sender)

    sender.get_by_role("link", name="Bilan").first.click()
    sender.wait_for_url("**/bilan/")
    figures = sender.locator("table.nl-figures").first
    expect(figures.get_by_role("row", name=re.compile("^Envoyés"))).to_contain_text(str(recipients))
    shot(sender, "envoi-bilan")
    is_sound(sender)
    sender.goto("/admin/lettres/imports/ajouter/")
    is_sound(sender)

    leave_by_both_ways(reader, new_page, button, click, shot)
    read_on_the_web(editor, new_page, letter, shot)


def leave_by_both_ways(reader: Page, new_page: Callable[..., Page], button: str, click: str, shot: Any) -> None:
    """The letter's own link, and what mail software posts by itself (RFC 8058)."""
    reader.goto(link_of(reader, letter_to(reader, button, f"^{SUBJECT}"), LEAVE))
    is_accessible(reader)
    shot(reader, "lettre-quitter")
    reader.get_by_role("button", name="Me désabonner").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("C’est fait")
    is_accessible(reader)

    address = link_of(reader, letter_to(reader, click, f"^{SUBJECT}"), LEAVE)
    stranger = new_page()
    answer = stranger.request.post(address, form={"List-Unsubscribe": "One-Click"}, max_redirects=0)
    assert answer.status == 200
    assert "set-cookie" not in answer.headers
    stranger.goto(address)
    expect(stranger.locator("main")).to_contain_text("Vous ne recevez plus")
    is_accessible(stranger)


def read_on_the_web(editor: Page, new_page: Callable[..., Page], letter: str, shot: Any) -> None:
    """The letter published, read from the list's archive."""
    editor.goto(f"/admin/pages/{letter}/edit/")
    publish(editor)
    for viewport in (WIDE, NARROW):
        page = new_page(viewport=viewport)
        page.goto(f"/lettres/liste/{OWN_LIST}/")
        is_accessible(page)
        page.locator("main").get_by_role("link", name=TITLE).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
        is_accessible(page)
        shot(page, "lettre-publiee")
