"""A space opens with invited editors, one of whom accepts and works in it; they invite in turn; a link is revoked."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

STAMP = f"{int(time.time())}"
FIRST, SECOND, THIRD = (f"{name}-{STAMP}@exemple.fr" for name in ("premiere", "deuxieme", "contributrice"))


def mailed_link(page: Page, address: str) -> str:
    """The path of the invitation last sent to ``address``, read in the demonstration's mailbox as a person would."""
    for _ in range(60):
        page.goto("/courrier/")
        letter = page.get_by_role("row", name=re.compile(re.escape(address))).get_by_role("link").first
        if letter.count():
            letter.click()
            found = re.search(r"https?://[^/\s]+(/compte/invitation/[^\s\"<]+)", page.locator("body").inner_text())
            if found:
                return found[1]
        time.sleep(1)
    raise AssertionError(f"no invitation came to {address}")


def test_a_space_opens_with_two_invited_editors_and_one_of_them_works_in_it(new_page, sign_in, shot):
    admin = new_page()
    sign_in(admin, "admin")
    admin.goto("/admin/espaces/ouvrir/")
    admin.locator("[name=territory]").fill("epci-244000808")
    admin.locator("[name=editors]").fill(f"{FIRST}\n{SECOND}")
    admin.get_by_role("button", name="Continuer").click()
    expect(admin.locator("main")).to_contain_text("Recevront une invitation")
    shot(admin, "espace-invitations")
    admin.get_by_role("button", name="Ouvrir l’espace").click()
    expect(admin.locator(".messages")).to_contain_text(FIRST)

    reader = new_page()
    link = mailed_link(reader, FIRST)
    reader.goto(link)
    expect(reader.locator("main")).to_contain_text("Mont de Marsan")
    shot(reader, "invitation")
    reader.get_by_label("Prénom", exact=True).fill("Camille")
    reader.get_by_label("Nom", exact=True).fill("Exemple")
    reader.get_by_label(re.compile("J’accepte")).check(force=True)
    reader.get_by_role("button", name="Créer mon compte et accepter").click()
    reader.wait_for_url(re.compile(r"/admin/pages/\d+/"))
    expect(reader.locator("main")).to_contain_text("Actualités")

    # She invites a contributor in turn, and thinks better of it.
    reader.goto("/compte/equipe/inviter/")
    shot(reader, "inviter")
    reader.get_by_label(re.compile("Adresse e-mail")).fill(THIRD)
    reader.get_by_label("Rôle", exact=True).select_option("contributor")
    reader.get_by_role("button", name="Envoyer l’invitation").click()
    expect(reader.locator("main")).to_contain_text(THIRD)
    shot(reader, "equipe")
    stranger = new_page()
    offered = mailed_link(stranger, THIRD)
    stranger.goto(offered)
    expect(stranger.locator("main")).to_contain_text("Camille Exemple")
    reader.get_by_role("button", name=f"Annuler l’invitation de {THIRD}").click()
    stranger.goto(offered)
    expect(stranger.locator("main")).to_contain_text("Cette invitation a été annulée.")

    # The first link has served.
    stranger.goto(link)
    expect(stranger.locator("main")).to_contain_text("a déjà servi")


def test_the_directory_and_the_profile(new_page, sign_in, shot):
    page = new_page(viewport={"width": 320, "height": 700})
    sign_in(page, "mediateur")
    for address, name in (
        ("/compte/", "mon-compte"),
        ("/compte/profil/", "profil"),
        ("/compte/profil/reseau/", "profil-reseau"),
        ("/compte/bienvenue/identite/", "bienvenue"),
        ("/annuaire/", "annuaire"),
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        shot(page, name)
    expect(page.locator("main")).to_contain_text("Édition Landes")
    # What is shown to the teams alone is not there for a person who is merely listed.
    expect(page.locator("main")).not_to_contain_text("contributeur@exemple.fr")
    page.goto("/compte/profil/identite/")
    page.get_by_label(re.compile("Téléphone")).fill("pas un numéro")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("main")).to_contain_text("Saisissez un numéro de téléphone")
