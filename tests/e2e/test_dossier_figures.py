"""The figures of dossiers in a browser: as an instructor and as anybody, wide and narrow, by axe, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import NARROW, WIDE
from .test_accessibility import violations
from .test_my_space import fits

SCREENS = {
    "chiffres": "/instruction/chiffres/",
    "chiffres-sans-resultat": "/instruction/chiffres/?jusqua=2001-01-01",
    "chiffres-erreur": "/instruction/chiffres/?depuis=hier",
    "chiffres-feuilles-de-route": "/instruction/chiffres/feuilles-de-route/",
}


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
def test_as_an_instructor(
    new_page: Callable[..., Page], sign_in: Callable[[Page, str], None], shot: Any, viewport: dict[str, int]
) -> None:
    page = new_page(viewport=viewport)
    sign_in(page, "instructeur")
    for name, address in SCREENS.items():
        response = page.goto(address)
        assert response is not None
        assert response.status == 200
        page.wait_for_load_state("networkidle")
        shot(page, name)
        fits(page)
        assert violations(page) == [], name


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
def test_as_anybody(new_page: Callable[..., Page], shot: Any, viewport: dict[str, int]) -> None:
    page = new_page(viewport=viewport)
    response = page.goto("/chiffres/")
    assert response is not None
    assert response.status == 200
    page.wait_for_load_state("networkidle")
    shot(page, "chiffres-publics")
    fits(page)
    assert violations(page) == []


def test_filters_and_files_without_javascript(
    new_page: Callable[..., Page], sign_in: Callable[[Page, str], None]
) -> None:
    page = new_page(javascript=False)
    sign_in(page, "instructeur")
    page.goto("/instruction/")
    page.get_by_role("link", name="Chiffres", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Landes")
    page.get_by_label("Du", exact=True).fill("2001-01-01")
    page.get_by_role("button", name="Afficher").click()
    assert "depuis=2001-01-01" in page.url
    with page.expect_download() as given:
        page.get_by_role("link", name="Télécharger les territoires en CSV").click()
    assert given.value.suggested_filename.startswith("dossiers-territoires-")
