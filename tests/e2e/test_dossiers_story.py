"""A roadmap from its draft to its page, each person in a browser of their own: depositor, instructor, advisor,
validator, then anyone who verifies the decision's code."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.demo.content.dossiers import AXES
from tests.files.samples import pdf

from .conftest import NARROW, WIDE
from .test_accessibility import violations

#: Seconds that the worker of the demonstration may take to draw a document.
DRAWN = 90
TAKEN = "epci-244000675"  # The Grand Dax: its own roadmap is accepted.


def upload(name: str) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/pdf", "buffer": pdf()}


def is_sound(page: Page, shot: Callable[[Page, str], None], name: str) -> None:
    for viewport in (NARROW, WIDE):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        shot(page, f"recit-{name}")
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert violations(page) == []


def soon(page: Page, what: Any, seconds: int = DRAWN) -> None:
    """Ask for the page again until ``what`` is on it."""
    end = time.monotonic() + seconds
    while not what.count():
        assert time.monotonic() < end, f"still not there after {seconds} s"
        page.wait_for_timeout(1000)
        page.reload()


def choose_territory(page: Page) -> None:
    """Of the organisation's; one alone is chosen already."""
    choice = page.locator("main select[name=territory]")
    if choice.count():
        choice.select_option(
            label=next(each for each in choice.locator("option").all_inner_texts() if "Landes" in each)
        )


def begin(page: Page, code: str) -> None:
    """A new draft, at its form."""
    page.goto(f"/dossiers/types/{code}/")
    choose_territory(page)
    page.get_by_role("button", name="Commencer le dossier").click()
    page.wait_for_url(re.compile(r"/formulaire/$"))


def fill_contact(page: Page) -> None:
    page.get_by_label("Nom du contact").fill("Camille Lartigue")
    page.get_by_label("Adresse e-mail du contact").fill("camille.lartigue@exemple.fr")


def in_instruction(page: Page, address: str) -> str:
    """The dossier's screen for who instructs it."""
    number = re.search(r"/dossiers/([0-9a-f-]{36})/", address)
    assert number
    page.goto(f"/instruction/{number[1]}/")
    return page.url


def confirm(page: Page) -> None:
    """Once more the password, where it is asked."""
    if page.locator("main input[type=password]").count():
        page.locator("main input[type=password]").first.fill("demonstration")
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()


def test_a_roadmap_from_its_draft_to_its_page(new_page: Any, sign_in: Any, shot: Any) -> None:
    name = f"Feuille de route du récit {int(time.time())}"
    # The depositor fills it in: it saves itself, overlaps are named, three files go at once.
    depositor = new_page()
    sign_in(depositor, "intercommunalite")
    begin(depositor, "feuille-de-route")
    depositor.get_by_label("Nom de la feuille de route").fill(name)
    expect(depositor.locator("[data-autosave-status]")).to_contain_text("Brouillon enregistré", timeout=15_000)
    depositor.reload()
    expect(depositor.get_by_label("Nom de la feuille de route")).to_have_value(name)
    depositor.get_by_label("Porteur", exact=False).first.fill("Communauté d’agglomération du Grand Dax")
    depositor.get_by_label("Résumé public").fill("Des permanences dans chaque commune.")
    depositor.get_by_text("Infra-départementale", exact=True).click()
    perimeter = depositor.locator("[data-perimeter]")
    expect(perimeter).to_be_visible()
    perimeter.locator(f"input[value={TAKEN}]").check(force=True)
    expect(perimeter.locator(".fr-alert")).to_contain_text("le dépôt sera refusé")
    is_sound(depositor, shot, "perimetre")
    perimeter.locator(f"input[value={TAKEN}]").uncheck(force=True)
    free = perimeter.locator("li:not(:has(.portal-perimeter__clash)) input[value^=epci-]").first
    free.check(force=True)
    expect(perimeter.locator("[data-total=members]")).to_have_text("1")
    expect(perimeter.locator("[data-total=population]")).not_to_have_text("0")
    expect(perimeter.locator(".fr-alert")).to_have_count(0)
    depositor.get_by_role("button", name=re.compile("Ajouter « Axe »")).click()
    depositor.locator("[data-rows] [data-row]").first.get_by_label("Intitulé").fill(AXES[0])
    fill_contact(depositor)
    several = depositor.locator("fieldset[data-pieces]", has_text="Délibération")
    several.locator("input[type=file]").first.set_input_files([upload(f"acte-{n}.pdf") for n in (1, 2, 3)])
    expect(several.locator("[data-piece]")).to_have_count(3)
    # Deposited without the one document that is required: refused beside it, the rest is kept.
    depositor.get_by_role("button", name="Déposer le dossier").click()
    depositor.wait_for_load_state()
    expect(depositor.locator("main .fr-alert--error").first).to_be_visible()
    expect(depositor.get_by_label("Nom de la feuille de route")).to_have_value(name)
    one = depositor.locator("fieldset[data-pieces]", has_text="Feuille de route en PDF")
    one.locator("input[type=file]").first.set_input_files([upload("feuille.pdf")])
    expect(one.locator("[data-piece]")).to_have_count(1)
    is_sound(depositor, shot, "formulaire")
    depositor.get_by_role("button", name="Déposer le dossier").click()
    depositor.wait_for_url(re.compile(r"/dossiers/[0-9a-f-]{36}/$"))
    expect(depositor.locator("main")).to_contain_text("FDR")
    mine = depositor.url
    soon(depositor, depositor.get_by_role("link", name=re.compile("^Récépissé")))
    is_sound(depositor, shot, "depose")

    # The instructor finds it, takes it, asks for two complements and for an avis.
    instructor = new_page()
    sign_in(instructor, "instructeur")
    instructor.goto(f"/instruction/?q={name.replace(' ', '+')}")
    instructor.get_by_role("link", name=re.compile(name)).first.click()
    assert instructor.url == instructor.url.split("?")[0]
    desk = instructor.url
    instructor.get_by_role("button", name=re.compile("^Prendre")).click()
    expect(instructor.locator("main")).to_contain_text("En instruction")
    instructor.get_by_role("link", name="Demander des compléments").first.click()
    form = instructor.locator("form", has=instructor.get_by_role("button", name="Envoyer la demande"))
    form.locator("input[type=date]").fill((timezone.localdate() + timedelta(days=20)).isoformat())
    for label, question in (("Résumé public", "Combien de personnes ?"), ("Feuille de route en PDF", "Signée.")):
        box = form.locator("details.portal-question", has=instructor.locator("summary", has_text=label))
        box.locator("summary").click()
        box.locator("textarea").fill(question)
    is_sound(instructor, shot, "demander-complements")
    form.get_by_role("button", name="Envoyer la demande").click()
    instructor.wait_for_load_state()
    instructor.goto(desk)
    expect(instructor.locator(".portal-request--open .portal-thread__item")).to_have_count(2)
    avis = instructor.locator("#avis form", has=instructor.get_by_role("button", name="Demander l’avis"))
    avis.get_by_label("Adresses e-mail").fill("avis@exemple.fr")
    avis.get_by_label("Votre question").fill("Le plan est-il réaliste ?")
    avis.locator("input[type=date]").fill((timezone.localdate() + timedelta(days=10)).isoformat())
    avis.get_by_role("button", name="Demander l’avis").click()
    expect(instructor.locator("#avis")).to_contain_text("Le plan est-il réaliste ?")

    # The advisor gives it.
    advisor = new_page()
    sign_in(advisor, "avis")
    advisor.goto("/dossiers/avis/")
    advisor.get_by_role("link", name=re.compile(name)).first.click()
    advisor.get_by_label("Sens de votre avis").select_option("favorable")
    advisor.locator("main form textarea").first.fill("Oui, à condition de recruter.")
    advisor.get_by_role("button", name="Rendre l’avis").click()
    expect(advisor.locator("main")).to_contain_text("Avis rendu le")
    is_sound(advisor, shot, "avis-rendu")

    # The depositor answers both, and does not read the avis.
    depositor.goto(mine)
    expect(depositor.locator("main")).not_to_contain_text("à condition de recruter")
    depositor.locator("#complements").get_by_role("link", name=re.compile("Répondre.*Résumé public")).click()
    depositor.get_by_label("Résumé public").fill("Quatre mille personnes en trois ans.")
    depositor.get_by_role("button", name="Enregistrer la réponse").click()
    depositor.wait_for_load_state()
    depositor.goto(mine)
    depositor.locator("#complements").get_by_role("link", name=re.compile("Répondre.*PDF")).click()
    depositor.get_by_label(re.compile("Votre réponse au service")).fill("Il est signé en page 3.")
    is_sound(depositor, shot, "repondre")
    depositor.get_by_role("button", name="Enregistrer la réponse").click()
    depositor.wait_for_load_state()
    depositor.goto(mine)
    depositor.get_by_role("button", name="Transmettre les réponses").click()
    expect(depositor.locator("main")).to_contain_text("En cours d’instruction")

    # The instructor proposes; another person signs, and the page is made.
    instructor.goto(desk)
    expect(instructor.locator("#avis")).to_contain_text("à condition de recruter")
    instructor.get_by_role("link", name=re.compile("^Proposer")).first.click()
    instructor.locator("input[name=outcome][value=accepte]").check(force=True)
    is_sound(instructor, shot, "proposer")
    instructor.locator("main form button[type=submit]").last.click()
    confirm(instructor)
    instructor.goto(desk)
    expect(instructor.get_by_role("link", name=re.compile("^Signer"))).to_have_count(0)
    validator = new_page()
    sign_in(validator, "signataire")
    validator.goto(desk)
    validator.get_by_role("link", name=re.compile("^Signer")).first.click()
    is_sound(validator, shot, "signer")
    validator.locator("main form button[type=submit]").last.click()
    confirm(validator)
    validator.goto(desk)
    expect(validator.locator("main")).to_contain_text("Accepté")
    validator.get_by_role("button", name="Publier dans l’espace du territoire").click()
    expect(validator.get_by_role("link", name="Voir la page publiée")).to_be_visible()
    published = validator.get_by_role("link", name="Voir la page publiée").get_attribute("href")

    # The depositor has the decision; anyone verifies its code and reads the page.
    depositor.goto(mine)
    soon(depositor, depositor.get_by_role("link", name=re.compile("^Décision du")))
    with depositor.expect_download() as download:
        link = depositor.get_by_role("link", name=re.compile("^Décision du"))
        link.evaluate("each => each.setAttribute('download', '')")
        link.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    code = depositor.locator("#documents a[href*='/verifier/']").inner_text()
    is_sound(depositor, shot, "accepte")
    visitor = new_page()
    visitor.goto("/dossiers/verifier/")
    visitor.locator("main input[type=text], main input:not([type])").first.fill(code)
    visitor.keyboard.press("Enter")
    visitor.wait_for_url(re.compile(r"/verifier/[^/?]+"))
    expect(visitor.locator("main")).to_contain_text("Communauté d’agglomération du Grand Dax")
    is_sound(visitor, shot, "verifie")
    response = visitor.goto(published)
    assert response is not None
    assert response.status == 200
    expect(visitor.locator("h1")).to_contain_text(name)
    is_sound(visitor, shot, "page")


@pytest.mark.parametrize("keys", [False, True], ids=["sans-javascript", "au-clavier"])
def test_a_contribution_is_deposited(new_page: Any, sign_in: Any, keys: bool) -> None:
    """Without scripts, then with the keyboard alone: begun, refused while incomplete, deposited, withdrawn."""
    title = f"Contribution {'au clavier' if keys else 'sans script'} {int(time.time())}"
    page = new_page(javascript=keys)
    sign_in(page, "depositaire")
    press = _by_keyboard if keys else _by_mouse
    page.goto("/dossiers/types/contribution-libre/")
    choose_territory(page)
    press(page, page.get_by_role("button", name="Commencer le dossier"))
    page.wait_for_url(re.compile(r"/formulaire/$"))
    press(page, page.get_by_role("button", name="Déposer le dossier"))
    expect(page.locator("main .fr-alert--error").first).to_be_visible()
    page.locator("input[name=intitule]").fill(title)
    page.locator("textarea[name=texte]").fill("Ce qui a marché.")
    page.locator("input[type=checkbox][name=nature]").first.check(force=True)
    fill_contact(page)
    press(page, page.get_by_role("button", name="Déposer le dossier"))
    page.wait_for_url(re.compile(r"/dossiers/[0-9a-f-]{36}/$"))
    expect(page.locator("h1")).to_have_text(title)
    expect(page.get_by_role("heading", name="Et maintenant")).to_be_visible()
    press(page, page.get_by_role("link", name="Retirer le dossier"))
    page.wait_for_url(re.compile(r"/retirer/$"))
    reason = page.locator("main form textarea")
    if reason.count():
        reason.first.fill("Déposée par erreur.")
    press(page, page.locator("main form button[type=submit]").last)
    page.wait_for_url(re.compile(r"/dossiers/[0-9a-f-]{36}/$"))
    expect(page.locator("main")).to_contain_text("Retiré")


def _by_mouse(page: Page, what: Any) -> None:
    what.click()
    page.wait_for_load_state()


def _by_keyboard(page: Page, what: Any) -> None:
    """Reached with Tab from the heading, its focus seen, pressed with Enter."""
    handle = what.element_handle()
    page.locator("h1").first.evaluate("each => { each.tabIndex = -1; each.focus(); }")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("each => each === document.activeElement", handle):
            break
    else:
        raise AssertionError("never reached with Tab")
    shown = handle.evaluate("each => getComputedStyle(each).outlineStyle")
    assert shown != "none", "its focus is not seen"
    page.keyboard.press("Enter")
    page.wait_for_load_state()
