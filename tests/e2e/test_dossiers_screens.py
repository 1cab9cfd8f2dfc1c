"""axe with no violation, one heading, no sideways scroll, on every screen of dossiers that links lead to, as each role.

Screens are reached by their links alone, from the first screen of a role: one of each address, some of each dossier's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from .conftest import NARROW, WIDE
from .test_accessibility import violations

#: Where each begins, and how many screens of dossiers links must lead to at least.
STARTS: dict[str, tuple[list[str], int]] = {
    "depositaire": (["/dossiers/", "/dossiers/types/"], 16),
    "intercommunalite": (["/dossiers/"], 6),
    "instructeur": (["/instruction/"], 20),
    "signataire": (["/instruction/"], 16),
    "prefecture": (["/instruction/"], 12),
    "avis": (["/dossiers/avis/"], 3),
    "admin": (["/instruction/"], 8),
}
#: A dossier looks otherwise in each state: that many of them are looked at.
SEVERAL = {"/instruction/*/": 8, "/dossiers/*/": 8, "/dossiers/avis/*/": 3, "/dossiers/types/*/": 3}
_NUMBER = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/)|(?<=types/)[a-z0-9-]+(?=/)|(?<=verifier/)[A-Z0-9-]+(?=/)"
    r"|(?<=couverture/)[a-z0-9-]+(?=/)"
)
_OUT = re.compile(r"/(telecharger|fichiers?|documents?|export|openapi\.json)/?|\.(csv|xlsx|ods|zip|pdf)$")


def shape(address: str) -> str:
    return _NUMBER.sub("*", urlsplit(address).path)


def screens(page: Page, starts: list[str], look: Callable[[Page, str], None]) -> list[str]:
    """Follow links breadth first; ``look`` at each screen. Gives the shapes seen."""
    waiting, seen, known = list(starts), [], set(starts)
    while waiting:
        address = waiting.pop(0)
        here = shape(address)
        if seen.count(here) >= SEVERAL.get(here, 1):
            continue
        response = page.goto(address)
        assert response is not None
        assert response.status == 200, f"{address}: {response.status}"
        seen.append(here)
        look(page, here)
        for href in page.locator("main a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))"):
            path = urlsplit(urljoin(page.url, href)).path
            if path.startswith(("/dossiers/", "/instruction/")) and not _OUT.search(path) and path not in known:
                known.add(path)
                waiting.append(path)
    return seen


@pytest.mark.parametrize("who", STARTS)
def test_every_screen(new_page: Any, sign_in: Any, shot: Any, who: str) -> None:
    page = new_page()
    sign_in(page, who)
    found: list[str] = []

    def look(page: Page, here: str) -> None:
        for viewport in (WIDE, NARROW):
            page.set_viewport_size(viewport)
            shot(page, f"dossiers-{who}-{here}")
            width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found.extend([f"{page.url}: {width} px wider than {viewport['width']}"] if width > 0 else [])
            found.extend(f"{page.url} at {viewport['width']}: {each}" for each in violations(page))
        headings = page.locator("h1").count()
        found.extend([f"{page.url}: {headings} h1"] if headings != 1 else [])
        page.set_viewport_size(WIDE)

    starts, least = STARTS[who]
    seen = screens(page, starts, look)
    assert found == []
    assert len(seen) >= least, seen
