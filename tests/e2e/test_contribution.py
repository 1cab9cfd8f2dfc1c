"""From a proposal to its publication, and a reader's correction, as each of them lives it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.files.samples import pdf, picture

from .conftest import NARROW, WIDE
from .test_accessibility import violations

TITLE = "Café numérique des aidants"


@pytest.fixture
def attachments(tmp_path: Path) -> tuple[Path, Path]:
    """A picture and a PDF, as files of a person's machine."""
    image, document = tmp_path / "salle.png", tmp_path / "programme.pdf"
    image.write_bytes(picture(size=(800, 450)))
    document.write_bytes(pdf())
    return image, document


def fill_event(page, attachments):
    image, document = attachments
    page.get_by_label("Titre", exact=True).fill(TITLE)
    page.locator("#champ-territory").select_option(label="Landes (département)")
    page.get_by_label("Chapô").fill("Venez avec vos questions.")
    page.locator("#champ-start_date").fill("2027-03-02")
    page.locator("#champ-start_time").fill("14:00")
    page.locator("#champ-end_time").fill("16:00")
    page.locator("#champ-venue_name").fill("Médiathèque de Dax")
    page.locator("#champ-venue_commune").fill("40088")
    page.locator("#champ-organiser").fill("Une association de démonstration")
    page.locator("#champ-image_file").set_input_files(image)
    page.locator("#champ-image_alt").fill("Une salle et six ordinateurs")
    page.locator("#champ-document_files").set_input_files(document)


def test_an_event_is_proposed_sent_back_answered_and_published(new_page, sign_in, shot, attachments, site):
    author = new_page()
    sign_in(author, "contributeur")
    author.goto("/contribuer/")
    shot(author, "contribuer")
    author.get_by_role("link", name="Un événement").click()
    fill_event(author, attachments)
    editor = author.locator("#champ-text-editeur")
    editor.click()
    author.keyboard.type("Un premier paragraphe.")
    author.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(author.locator("main")).to_contain_text("Votre brouillon est enregistré.")
    expect(author.locator("main")).to_contain_text("programme.pdf")
    shot(author, "contribuer-formulaire")
    form = author.url

    # Saved as one types.
    author.get_by_label("Chapô").fill("Venez avec vos questions, sans rendez-vous.")
    expect(author.locator("#enregistrement")).to_contain_text("Brouillon enregistré", timeout=15_000)
    author.goto(form)
    expect(author.get_by_label("Chapô")).to_have_value("Venez avec vos questions, sans rendez-vous.")
    expect(author.locator("#champ-text-editeur")).to_have_text("Un premier paragraphe.")

    author.get_by_role("button", name="Aperçu").click()
    expect(author.get_by_role("heading", level=1)).to_have_text(TITLE)
    author.goto(form)
    author.get_by_role("button", name="Vérifier et soumettre").click()
    shot(author, "contribuer-soumettre")
    author.get_by_role("button", name=re.compile("^Soumettre")).click()
    expect(author.locator("main")).to_contain_text("En relecture")
    shot(author, "contribuer-suivi")
    proposal = author.url

    moderator = new_page()
    sign_in(moderator, "editeur")
    moderator.goto("/admin/relecture/")
    shot(moderator, "relecture")
    moderator.get_by_role("link", name=TITLE).first.click()
    shot(moderator, "relecture-fiche")
    review = moderator.url
    asked = moderator.locator("textarea[name='champ-lead']")
    if not asked.is_visible():
        moderator.locator("details:has(textarea[name='champ-lead']) summary").first.click()
    asked.fill("À qui s’adresse-t-il ?")
    moderator.get_by_role("button", name="Demander ces changements").click()
    expect(moderator.locator("body")).to_contain_text(TITLE)

    author.goto("/mon-espace/notifications/")
    expect(author.locator("main")).to_contain_text("Des changements sont demandés")
    author.goto(proposal)
    expect(author.locator("main")).to_contain_text("À compléter")
    author.get_by_role("link", name="Compléter").click()
    expect(author.locator(".fr-input-group", has=author.locator("#champ-lead"))).to_contain_text("À qui s’adresse-t-il")
    shot(author, "contribuer-a-completer")
    author.locator("textarea[name^='reponse-']").first.fill("Aux aidants.")
    author.get_by_label("Chapô").fill("Pour les aidants : venez avec vos questions.")
    author.get_by_role("button", name="Vérifier et soumettre").click()
    author.get_by_role("button", name=re.compile("^Soumettre")).click()
    expect(author.locator("main")).to_contain_text("En relecture")

    moderator.goto(review)
    shot(moderator, "relecture-reponse")
    moderator.get_by_role("button", name="Approuver et publier").click()
    author.goto(proposal)
    expect(author.locator("main")).to_contain_text("Elle est en ligne.")
    author.get_by_role("link", name="Voir la page publiée").click()
    public = author.url

    visitor = new_page()
    visitor.goto(public)
    expect(visitor.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(visitor.locator("main")).to_contain_text("Médiathèque de Dax")
    expect(visitor.locator("main img[alt='Une salle et six ordinateurs']")).to_have_js_property("complete", True)
    shot(visitor, "evenement-publie")
    # The worker sends it a moment later.
    wanted = author.get_by_role("link", name=re.compile(f"« {TITLE} » est publiée"))
    for _ in range(30):
        author.goto("/courrier/")
        if wanted.count():
            break
        author.wait_for_timeout(1_000)
    expect(wanted.first).to_be_visible()


def test_a_reader_corrects_a_page_and_the_editor_takes_a_part(new_page, sign_in, shot):
    reader = new_page()
    reader.goto("/territoires/nouvelle-aquitaine/landes/actualites/")
    reader.locator(".portal-results .fr-card__title a, .portal-results h3 a").first.click()
    page = reader.url
    before = reader.get_by_role("heading", level=1).inner_text()
    reader.get_by_role("link", name="Proposer une correction").click()
    shot(reader, "corriger")
    reader.get_by_label("Titre", exact=True).fill(f"{before} (corrigé)")
    reader.get_by_label("Chapô").fill("Un chapô que l’éditrice ne gardera pas.")
    reader.get_by_role("button", name="Envoyer la correction").click()
    expect(reader.locator("main")).to_contain_text("Merci de votre correction")

    editor = new_page()
    sign_in(editor, "editeur")
    editor.goto("/admin/relecture/")
    editor.locator("tr", has_text="Correction").get_by_role("link").first.click()
    expect(editor.locator("ins").first).to_contain_text("corrigé")
    shot(editor, "relecture-correction")
    editor.locator("input[name=reprendre][value=lead]").uncheck()
    editor.get_by_role("button", name="Reprendre les champs cochés").click()
    reader.goto(page)
    expect(reader.get_by_role("heading", level=1)).to_have_text(f"{before} (corrigé)")
    expect(reader.locator("main")).not_to_contain_text("ne gardera pas")


def test_without_javascript_and_on_a_phone(new_page, sign_in, shot):
    page = new_page(viewport=NARROW, javascript=False)
    sign_in(page, "contributeur")
    for address in ("/contribuer/", "/contribuer/evenement/", "/contribuer/actualite/"):
        page.goto(address)
        shot(page, f"telephone{address}")
    page.get_by_label("Titre", exact=True).fill("Une actualité sans script")
    page.get_by_role("button", name="Vérifier et soumettre").click()
    expect(page.locator("#erreurs")).to_contain_text("Renseignez ce champ.")
    expect(page.get_by_label("Titre", exact=True)).to_have_value("Une actualité sans script")
    page.locator("#champ-territory").select_option(label="Landes (département)")
    page.get_by_label("Chapô").fill("Écrite sans script.")
    page.locator("#champ-text").fill("Un paragraphe.\n\n- un\n- deux")
    page.get_by_role("button", name="Vérifier et soumettre").click()
    page.get_by_role("button", name=re.compile("^Soumettre")).click()
    expect(page.locator("main")).to_contain_text("En relecture")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
def test_nothing_scrolls_sideways_and_axe_finds_nothing(new_page, sign_in, viewport):
    page = new_page(viewport=viewport)
    sign_in(page, "contributeur")
    for address in ("/contribuer/", "/contribuer/evenement/", "/contribuer/ressource/", "/contribuer/initiative/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], address
        assert violations(page) == [], address


def test_signed_out_while_writing_the_text_is_back_after_signing_in(new_page, sign_in):
    page = new_page()
    sign_in(page, "contributeur")
    page.goto("/contribuer/actualite/")
    page.get_by_label("Titre", exact=True).fill("Écrit pendant que la session finissait")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page).to_have_url(re.compile("/compte/login/"))
    page.get_by_label(re.compile("e-mail", re.IGNORECASE)).first.fill("contributeur@exemple.fr")
    page.get_by_label(re.compile("mot de passe", re.IGNORECASE)).first.fill("demonstration")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_label("Titre", exact=True)).to_have_value("Écrit pendant que la session finissait")


def test_a_list_pasted_from_word_keeps_its_levels(new_page, sign_in):
    author = new_page()
    sign_in(author, "contributeur")
    author.goto("/contribuer/")
    author.get_by_role("link", name="Un événement").click()
    editor = author.locator("#champ-text-editeur")
    editor.click()
    pasted = (
        '<p class=MsoNormal style="mso-list:none">Avant</p>'
        '<p style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·</span>Accueil</p>'
        '<p style="mso-list:l0 level2 lfo1"><span style="mso-list:Ignore">o</span>Café</p>'
        '<p style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·</span>Atelier</p>'
    )
    editor.evaluate(
        """(node, html) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            node.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        pasted,
    )
    expect(editor.locator("p").filter(has_text="Avant")).to_have_count(1)
    expect(editor.locator("ul > li > ul > li")).to_have_text(["Café"])
    expect(editor.locator("> ul > li")).to_have_count(2)
