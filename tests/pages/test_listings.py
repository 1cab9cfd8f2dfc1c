"""What the listings have in common: one place for filters, a title of their own, sound markup."""

from __future__ import annotations

from collections import Counter

import pytest
from bs4 import BeautifulSoup

pytestmark = pytest.mark.django_db

SPACE = "/territoires/nouvelle-aquitaine/landes"
LISTINGS = ("/actualites/", "/initiatives/", "/agenda/", "/agenda/mois/", "/ressources/")


def soup(client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


@pytest.mark.parametrize("address", LISTINGS)
def test_an_identifier_names_one_element_and_what_is_referred_to_exists(client, landes_space, address):
    page = soup(client, SPACE + address)
    ids = Counter(element["id"] for element in page.select("[id]"))
    assert [name for name, count in ids.items() if count > 1] == []
    for attribute in ("aria-controls", "aria-labelledby", "aria-describedby"):
        for element in page.select(f"[{attribute}]"):
            assert set(element[attribute].split()) <= set(ids), element


@pytest.mark.parametrize("address", LISTINGS)
def test_filters_stand_in_one_frame_before_the_results(client, landes_space, address):
    page = soup(client, SPACE + address)
    frame = page.select_one("#filtres")
    assert [form["method"] for form in frame.select("form")] == ["get"]
    assert page.select_one("button[aria-controls=filtres]").get_text(strip=True) == "Filtrer"
    order = [element["id"] for element in page.select("#filtres, #resultats")]
    assert order == ["filtres", "resultats"]


def test_the_button_says_how_many_filters_are_in_force(client, landes_space):
    button = soup(client, "/actualites/?q=bus&echelon=local").select_one("button[aria-controls=filtres]")
    assert button.get_text(strip=True) == "Filtrer\xa0(2en vigueur)"


def test_titles_tell_listings_apart(client, landes_space):
    addresses = [*LISTINGS, *(SPACE + address for address in LISTINGS), "/lettres/", f"{SPACE}/lettres/"]
    titles = [soup(client, address).title.get_text() for address in addresses]
    assert len(set(titles)) == len(titles)
    assert titles[len(LISTINGS)].startswith("Actualités — Landes — ")


def test_a_space_leads_to_its_own_letters(client, landes_space):
    links = {a.get_text(strip=True): a["href"] for a in soup(client, f"{SPACE}/").select(".portal-space-links a")}
    assert links["Recevoir la lettre"] == f"{SPACE}/lettres/"
