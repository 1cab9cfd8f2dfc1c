"""axe (WCAG 2.1 A and AA) with no violation, and no sideways scroll, on every page type, narrow and wide."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from .conftest import NARROW, WIDE

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
LANDES = "/territoires/nouvelle-aquitaine/landes/"
ADDRESSES = {
    "accueil": "/",
    "actualites": "/actualites/",
    "actualites-filtrees": "/actualites/?q=zzzz",
    "agenda": "/agenda/",
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

    found = Axe().run(page, options=RULES)
    assert [f"{v['id']}: {[node['html'][:160] for node in v['nodes'][:3]]}" for v in found.response["violations"]] == []
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{overflow} px wider than the window"
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
