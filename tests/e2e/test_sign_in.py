"""Journeys of signing in: links by mail, applications, passkeys, sessions; at 320 px, without JavaScript, by axe."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from .conftest import NARROW, WIDE

PASSWORD = "demonstration"
SECOND_FACTOR = "/compte/double-authentification/"


def fill_sign_in(page: Page, name: str) -> None:
    page.goto("/compte/login/")
    page.get_by_label("Adresse e-mail").first.fill(f"{name}@exemple.fr")
    page.get_by_label("Mot de passe").first.fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_load_state()


def sign_out(page: Page) -> None:
    page.goto("/compte/logout/")
    page.locator("main").get_by_role("button", name=re.compile("déconnecter", re.IGNORECASE)).click()
    page.wait_for_load_state()


def code_of(secret: str, *, after: str = "") -> str:
    """The application's code; a code serves once, so ``after`` waits for another."""
    while (code := format_hotp_value(hotp_value(secret, int(time.time()) // 30))) == after:
        time.sleep(0.5)
    return code


def is_accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth")


def confirm_if_asked(page: Page) -> None:
    if "/reauthenticate/" in page.url:
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Continuer").click()
        page.wait_for_load_state()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_a_link_by_mail(new_page: Callable[..., Page], shot: Any, javascript: bool) -> None:
    page = new_page(viewport=NARROW, javascript=javascript)
    letters = page.get_by_role("link", name=re.compile("Votre lien de connexion"))
    page.goto("/courrier/")
    before = letters.count()
    page.goto("/compte/login/")
    page.get_by_role("link", name="Recevoir un lien de connexion").click()
    page.get_by_label("Adresse e-mail de votre compte").fill("depositaire@exemple.fr")
    if javascript:
        is_accessible(page)
        shot(page, "lien-demande")
    page.get_by_role("button", name="Recevoir un lien").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Consultez votre messagerie")
    for _ in range(120):  # The worker may still be busy with what was seeded.
        page.goto("/courrier/")
        if letters.count() > before:
            break
        time.sleep(0.5)
    letters.first.click()
    address = re.search(r"/compte/lien/[^\s\"<]+", page.content())
    assert address
    page.goto(address[0])
    if javascript:
        is_accessible(page)
        shot(page, "lien-ouvert")
    page.get_by_role("button", name="Me connecter").click()
    page.goto("/compte/")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("compte|espace", re.IGNORECASE))
    page.goto(address[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce lien ne sert plus")


def test_an_application_is_added_asked_for_and_taken_away(new_page: Callable[..., Page], shot: Any) -> None:
    page = new_page(viewport=NARROW, javascript=False)
    scripted = new_page(viewport=NARROW)
    fill_sign_in(page, "instructeur")
    page.goto(SECOND_FACTOR)
    page.get_by_role("link", name="Ajouter une application").click()
    confirm_if_asked(page)
    image = page.locator("img[alt*='Code QR']")
    expect(image).to_be_visible()
    assert image.evaluate("i => i.complete && i.naturalWidth > 0")
    shot(page, "application-ajout")
    secret = page.locator("code.portal-secret").inner_text()
    used = code_of(secret)
    page.get_by_label("Code affiché par l’application").fill(used)
    page.get_by_role("button", name="Ajouter cette application").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Codes de secours")
    codes = page.locator(".portal-codes code").all_inner_texts()
    assert len(codes) == 10
    shot(page, "codes-de-secours")
    page.get_by_role("link", name="J’ai gardé mes codes, continuer").click()
    sign_out(page)

    fill_sign_in(scripted, "instructeur")
    expect(scripted.get_by_role("heading", level=1)).to_have_text("Double authentification")
    is_accessible(scripted)
    scripted.get_by_label("Code").first.fill("000000")
    scripted.get_by_role("button", name="Se connecter", exact=True).click()
    expect(scripted.get_by_text("Ce code n’est pas le bon, ou il a déjà servi.")).to_be_visible()
    shot(scripted, "code-refuse")
    is_accessible(scripted)
    scripted.get_by_label("Code").first.fill(code_of(secret, after=used))
    scripted.get_by_role("button", name="Se connecter", exact=True).click()
    scripted.goto(SECOND_FACTOR)
    is_accessible(scripted)
    shot(scripted, "double-authentification")
    for path in ("recovery-codes/", "recovery-codes/generate/", "totp/deactivate/", "webauthn/add/", "webauthn/"):
        scripted.goto(SECOND_FACTOR + path)
        is_accessible(scripted)

    fill_sign_in(page, "instructeur")
    page.get_by_label("Code").first.fill(codes[0])
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.goto(f"{SECOND_FACTOR}totp/deactivate/")
    page.get_by_role("button", name="Retirer l’application").click()
    expect(page.get_by_text("L’application est retirée.")).to_be_visible()


@pytest.fixture
def key_page(browser: Browser, site: str) -> Iterator[Page]:
    """A visitor whose device has a passkey reader. A passkey belongs to a name: 127.0.0.1 has none, localhost has."""
    context = browser.new_context(base_url=site.replace("127.0.0.1", "localhost"), viewport=WIDE, locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(15_000)
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()


def test_a_passkey_is_added_signs_in_alone_and_is_taken_away(key_page: Page, shot: Any) -> None:
    page = key_page
    fill_sign_in(page, "contributeur")
    page.goto(SECOND_FACTOR)
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    confirm_if_asked(page)
    is_accessible(page)
    shot(page, "cle-ajout")
    page.get_by_label("Nom de la clé").fill("Clé d’essai")
    page.get_by_role("button", name="Ajouter cette clé").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Codes de secours")
    sign_out(page)

    page.goto("/compte/login/")
    is_accessible(page)
    shot(page, "connexion")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(f"{SECOND_FACTOR}webauthn/")
    expect(page.get_by_role("heading", name="Clé d’essai")).to_be_visible()
    is_accessible(page)
    shot(page, "cles")
    sign_out(page)

    # After a password it is the second factor.
    fill_sign_in(page, "contributeur")
    expect(page.get_by_role("heading", level=1)).to_have_text("Double authentification")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.wait_for_url(lambda url: "/authenticate" not in url)
    page.goto(f"{SECOND_FACTOR}webauthn/")
    page.get_by_role("link", name="Retirer Clé d’essai").click()
    confirm_if_asked(page)
    page.get_by_role("button", name="Retirer cette clé").click()
    expect(page.get_by_text("La clé d’accès est retirée.")).to_be_visible()


def test_a_passkey_that_does_not_answer_is_said(new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto("/compte/login/")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(page.locator("#passkey-problem")).to_be_visible()
    expect(page.locator("#passkey-problem")).to_be_focused()


def test_without_javascript_passkeys_say_so(new_page: Callable[..., Page]) -> None:
    page = new_page(javascript=False)
    page.goto("/compte/login/")
    expect(page.locator("noscript p")).to_have_text(re.compile("Les clés d’accès demandent JavaScript"))
    expect(page.get_by_role("button", name="Utiliser une clé d’accès")).to_be_hidden()


def test_another_session_is_closed(new_page: Callable[..., Page], shot: Any) -> None:
    here, there = new_page(viewport=NARROW), new_page()
    for page in (here, there):
        fill_sign_in(page, "mediateur")
    here.goto("/compte/sessions/")
    is_accessible(here)
    shot(here, "sessions")
    here.get_by_role("button", name=re.compile("Fermer toutes les autres")).click()
    expect(here.get_by_text(re.compile("sessions? (est|sont) fermée"))).to_be_visible()
    there.goto("/compte/sessions/")
    assert "/compte/login/" in there.url
