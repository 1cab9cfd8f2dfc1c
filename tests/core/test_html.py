"""The door for HTML from people: a corpus of hostile strings, and what must survive."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from portal.core.blocks.text import FEATURES
from portal.core.html import TABLE_TAGS, TEXT_TAGS, clean_html, clean_rich_text, is_safe_url, plain_text
from tests.hostile import HOSTILE

ATTRIBUTES = {"href", "title", "scope", "colspan", "rowspan", "lang", "linktype", "id", "data-block-key"}


class Inventory(HTMLParser):
    """Tags and attributes a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.comments = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))

    def handle_comment(self, data: str) -> None:
        self.comments += 1


def test_the_corpus_is_large_enough():
    assert len(set(HOSTILE)) >= 60


def left(cleaned: str) -> list[str]:
    """What is in a cleaned text that may not be there."""
    inventory = Inventory()
    inventory.feed(cleaned)
    found = ["a comment"] if inventory.comments else []
    for tag, attributes in inventory.found:
        if tag not in TEXT_TAGS | TABLE_TAGS:
            found.append(f"<{tag}>")
        for name, value in attributes:
            if name not in ATTRIBUTES or (name == "href" and not is_safe_url(value or "")):
                found.append(f"<{tag} {name}={value}>")
    return found


@pytest.mark.parametrize("clean", [clean_html, clean_rich_text])
def test_nothing_hostile_is_left(clean):
    """Fails the day that bleach, or what it parses with, no longer holds."""
    for html in HOSTILE:
        cleaned = clean(html)
        assert left(cleaned) == [], html
        assert clean(cleaned) == cleaned, html


def test_what_is_left_opens_in_the_editor():
    """Wagtail's converter fails on an item of no list and on half a link: whoever sent them would close the page."""
    editor = ContentstateConverter(features=list(FEATURES))
    for html in [*HOSTILE, "<li>seul</li>", "<a linktype='page'>x</a>", "<a title='> id=\"3\"' linktype=page>x</a>"]:
        editor.from_database_format(clean_rich_text(html))
    assert clean_rich_text("<li>a</li><ol><li>b</li></ol>") == "<p>a</p><ol><li>b</li></ol>"
    assert clean_rich_text('<a linktype="page" id="3">x</a>') == '<a linktype="page" id="3">x</a>'


@pytest.mark.parametrize(
    "html",
    [
        "<h2>Titre</h2><p>Un <strong>mot</strong> et <em>un autre</em>.</p>",
        '<p><a href="https://exemple.fr/a?b=1&amp;c=2">lien</a></p>',
        '<p><a href="/actualites/">ici</a> <a href="mailto:a@exemple.fr">écrire</a> <a href="#bas">bas</a></p>',
        "<ul><li>un</li><li>deux</li></ul><blockquote>cité</blockquote>",
        "<p>émoji 🎉, arabe العربية, « guillemets »</p>",
    ],
)
def test_what_people_write_is_kept_as_it_is(html):
    assert clean_html(html) == html


def test_a_paste_from_word_keeps_its_text():
    pasted = (
        "<html xmlns:o='urn:x'><head><style>p.MsoNormal{mso-x:1}</style></head><body><!--StartFragment-->"
        "<p class=MsoNormal style='margin:0'><span style='x:y'>Bonjour<o:p></o:p></span></p></body></html>"
    )
    assert clean_html(pasted) == "<p>Bonjour</p>"


def test_scripts_go_with_what_they_contain():
    assert clean_html("<p>avant</p><script>var x = 1</script><p>après</p>") == "<p>avant</p><p>après</p>"


@pytest.mark.parametrize("unit", ["<svg>", "<b>", "<ul><li>", "<a href=x>", "<script>", "<table><tr>", "&#", "<!--"])
def test_a_huge_text_is_cleaned_in_bounded_time(unit):
    started = time.monotonic()
    clean_html(unit * 20_000)
    assert time.monotonic() - started < 20


def test_plain_text_separates_blocks():
    assert (
        plain_text("<p>Un&nbsp;mot</p><ul><li>deux</li><li>trois &amp; quatre</li></ul>")
        == "Un mot deux trois & quatre"
    )
