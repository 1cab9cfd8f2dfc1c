"""axe (WCAG 2.1 A and AA) with no violation, and no sideways scroll, on every page type, narrow and wide."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .conftest import NARROW, WIDE

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
LANDES = "/territoires/nouvelle-aquitaine/landes/"
ADDRESSES = {
    "accueil": "/",
    "actualites": "/actualites/",
    "actualites-filtrees": "/actualites/?q=zzzz",
    "agenda": "/agenda/",
    "agenda-dans-un-cadre": "/agenda/integrer/",
    "integrer-l-agenda": "/agenda/integrer/code/?hauteur=abc",
    "ressources": "/ressources/",
    "initiatives": "/initiatives/",
    "lettres": "/lettres/",
    "territoires": "/territoires/",
    "choisir-un-territoire": "/territoires/choisir/?q=sainte-colombe",
    "espace": LANDES,
    "actualites-de-l-espace": f"{LANDES}actualites/",
    "recherche": "/recherche/?q=m%C3%A9diation",
    "recherche-vide": "/recherche/?q=zzzz",
    "aide": "/aide/",
    "plan-du-site": "/plan-du-site/",
    "accessibilite": "/accessibilite/",
    "connexion": "/compte/login/",
    "inscription": "/compte/signup/",
    "mot-de-passe": "/compte/password/reset/",
    "erreur-404": "/cette-page-n-existe-pas/",
    "courrier": "/courrier/",
}
# The first item of a listing, whatever the demonstration holds today.
FIRST_OF = {
    "actualite": ("/actualites/", r"/actualites/[^/?]+/$"),
    "evenement": ("/agenda/", r"/agenda/[^/?]+/$"),
    "ressource": ("/ressources/", r"/ressources/[^/?]+/$"),
    "initiative": ("/initiatives/", r"/initiatives/[^/?]+/$"),
    "page-d-aide": ("/aide/", r"/aide/[^/?]+/$"),
    "mois": ("/agenda/", r"/agenda/mois/"),
}


def address_of(page, name):
    if name in ADDRESSES:
        return ADDRESSES[name]
    listing, pattern = FIRST_OF[name]
    page.goto(listing)
    links = page.locator("main a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    tools = ("/rss/", "/atom/") if name == "mois" else ("/rss/", "/atom/", "/mois/")
    return next(href for href in links if re.search(pattern, href.split("?")[0]) and not href.endswith(tools))


@pytest.mark.parametrize("name", [*ADDRESSES, *FIRST_OF])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
def test_page(new_page, shot, name, viewport):
    page = new_page(viewport=viewport)
    response = page.goto(address_of(page, name))
    assert response.status == (404 if name == "erreur-404" else 200)
    page.wait_for_load_state("networkidle")
    shot(page, name)

    assert violations(page) == []
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{overflow} px wider than the window"
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1


def violations(page) -> list[str]:
    """What axe finds, in a line each."""
    found = Axe().run(page, options=RULES)
    return [f"{v['id']}: {[node['html'][:160] for node in v['nodes'][:3]]}" for v in found.response["violations"]]


def test_a_refused_sign_in(new_page, shot):
    page = new_page(viewport=NARROW)
    page.goto("/compte/login/")
    page.locator("main input[type=email]").fill("personne@exemple.fr")
    page.locator("main input[type=password]").fill("ce n'est pas le bon")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    shot(page, "connexion-refusee")
    assert page.locator("main input[type=email]").input_value() == "personne@exemple.fr"
    assert page.locator("main .fr-alert--error, main .fr-error-text").count()
    assert violations(page) == []


def test_who_may_not_enter_the_admin(new_page, sign_in, shot):
    page = new_page()
    sign_in(page, "contributeur")
    response = page.goto("/admin/")
    assert response.status == 403 or "/admin/" not in page.url
    shot(page, "acces-refuse")
    assert violations(page) == []


@pytest.mark.parametrize("address", ["/", "/agenda/", "/territoires/", LANDES])
def test_in_the_dark(new_page, shot, address):
    page = new_page(color_scheme="dark")
    page.goto(address)
    page.evaluate("localStorage.setItem('scheme', 'dark')")
    page.reload()
    page.wait_for_load_state("networkidle")
    shot(page, f"sombre-{address}")
    assert page.locator("html").get_attribute("data-fr-theme") == "dark"
    assert violations(page) == []


def test_the_form_before_a_page_under_a_password(new_page, sign_in, shot):
    """A page put under a password by the national administration, then seen by a visitor, who mistypes it."""
    admin = new_page()
    sign_in(admin, "admin")
    address = address_of(admin, "page-d-aide")
    admin.goto(address)
    number = re.search(r"/admin/pages/(\d+)/edit/", admin.content())
    if number is None:  # Not named on the page: by the explorer.
        admin.goto("/admin/pages/")
        admin.goto(f"/admin/pages/search/?q={address.rstrip('/').rpartition('/')[2].replace('-', '+')}")
        number = re.search(r"/admin/pages/(\d+)/edit/", admin.content())
    privacy = f"/admin/pages/{number[1]}/privacy/"
    token = {"X-CSRFToken": next(c["value"] for c in admin.context.cookies() if c["name"] == "csrftoken")}
    fields = {"restriction_type": "password", "password": "sésame"}
    try:
        assert admin.request.post(privacy, form=fields, headers=token).ok
        page = new_page(viewport=NARROW)
        page.goto(address)
        page.get_by_label("Mot de passe partagé").fill("autre chose")
        page.get_by_role("button", name="Continuer").click()
        expect(page.locator(".fr-message--error")).to_contain_text("incorrect")
        shot(page, "page-sous-mot-de-passe")
        assert violations(page) == []
        page.get_by_label("Mot de passe partagé").fill("sésame")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{address}")
        expect(page.locator("main h1")).not_to_contain_text("Mot de passe")
    finally:
        admin.request.post(privacy, form={"restriction_type": "none"}, headers=token)
