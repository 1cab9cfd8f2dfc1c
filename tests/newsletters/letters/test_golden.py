"""The demonstration letter, kept whole: a change of a template or of mrml is seen here first.

Where the change is meant: ``UPDATE_GOLDEN=1 python -m pytest tests/newsletters/letters/test_golden.py``.
"""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path

import pytest

from newsletters.letters.checks import CLIPPED, problems, weight
from newsletters.letters.previews import shown_html
from newsletters.letters.rendering import render
from newsletters.sending import marks
from tests.newsletters.letters.demonstration import demonstration_letter

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent / "golden"
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_DATE = re.compile(rf"(?:(?:lun|mar|mercre|jeu|vendre|same)di |dimanche )?\d{{1,2}}(?:er)? (?:{_MONTHS}) \d{{4}}")
_PICTURE = re.compile(r"images/\d+-(\w+)-[0-9a-f]{24}\.jpg")


def normalised(text: str) -> str:
    """Without what differs from one run to the next; marks as « ⟦…⟧ »; a line an element."""
    if "<html" in text:  # Where lines end depends on how long the numbers of pictures are.
        text = re.sub(r"\n(?=<)|(?<=>)\n", "", text).replace("\n", " ")
    text = _PICTURE.sub(r"images/N-\1.jpg", _DATE.sub("JOUR", text))
    text = text.replace(marks.START, "⟦").replace(marks.END, "⟧")
    return text.replace("><", ">\n<").replace("> <", ">\n<").rstrip() + "\n"


@pytest.fixture
def letter(landes_space):
    return demonstration_letter(landes_space)


@pytest.mark.parametrize("part", ["html", "text"])
def test_the_letter_is_what_it_was(letter, part):
    made = normalised(getattr(render(letter), part))
    kept = GOLDEN / f"letter.{'html' if part == 'html' else 'txt'}"
    if os.environ.get("UPDATE_GOLDEN"):
        kept.write_text(made, encoding="utf-8")
    assert made == kept.read_text(encoding="utf-8")


def test_nothing_is_wrong_with_it(letter):
    rendered = render(letter)
    assert problems(letter, rendered) == []
    assert weight(rendered) < CLIPPED


def test_lines_are_short_for_every_relay(letter):
    html = shown_html(render(letter), "wide")
    assert max(len(line.encode("ascii", "xmlcharrefreplace")) for line in html.split("\n")) < 998
    assert max(len(line) for line in render(letter).text.split("\n")) <= 76 + 40  # An address or a mark is not cut.


def test_no_other_host_is_asked_for_anything(letter, settings):
    html = render(letter).html
    asked = r"""(?:src|background|action|poster|data)=["']([^"']+)|url\(['"]?([^)'"]+)|@import\s+(\S+)"""
    fetched = re.findall(asked, html)
    addresses = [next(filter(None, found)) for found in fetched]
    assert addresses
    assert all(address.startswith(f"{settings.SITE_URL}/") for address in addresses)
    assert "<link" not in html
    assert "@font-face" not in html
    assert "fonts.g" not in html
    assert "<script" not in html
    fonts = {family.strip() for found in re.findall(r"font-family:([^;\"]+)", html) for family in found.split(",")}
    assert fonts == {"Arial", "Helvetica", "sans-serif"}


def test_addresses_are_whole(letter, settings):
    rendered = render(letter)
    hrefs = re.findall(r'href="([^"]*)"', rendered.html)
    assert hrefs
    assert all(marks.MARK.fullmatch(href) for href in hrefs)
    assert all(link.url.startswith(("http://", "https://")) for link in rendered.links)
    assert f"{settings.SITE_URL}/proposer/" in [link.url for link in rendered.links]


def test_structure_for_screen_readers(letter):
    html = render(letter).html
    assert html.count("<h1") == 1
    assert '<html lang="fr"' in html
    assert all('role="presentation"' in table for table in re.findall(r"<table[^>]*>", html))
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for image in re.findall(r"<img[^>]*>", html):
        assert re.search(r'\balt="', image)
        assert re.search(r'\bwidth="\d+"', image)
        assert re.search(r'\bheight="\d+"', image)
    assert "prefers-color-scheme: dark" in html
    assert 'name="color-scheme" content="light dark"' in html
