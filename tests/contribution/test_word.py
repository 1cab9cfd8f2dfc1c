"""Text typed, or pasted from a word processor, as the rich text of a page."""

from __future__ import annotations

import json
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from pages.contribution.services import submit_proposal
from portal.accounts.enums import Role
from portal.core.blocks.text import FEATURES
from portal.core.contribution.text import rich_text_of
from portal.core.html import plain_text
from tests.core.test_html import HOSTILE
from tests.factories import make_member

from .corpus import CORPUS, word
from .factories import make_draft

TAGS = (
    "p",
    "h2",
    "h3",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "sup",
    "sub",
    "a",
    "br",
    "hr",
    "div",
    "td",
    "b",
    "span",
    "h5",
)
pieces = st.lists(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS])
    | st.sampled_from(["un ", " deux", "trois", "\n", "&nbsp;", "&lt;b&gt;", "·&nbsp; quatre", "- cinq", "<!-- x -->"])
    | st.sampled_from(
        ["<p class=MsoListParagraph style='mso-list:l0 level3'>", "<span style='mso-list:Ignore'>1.</span>"]
    )
    | st.sampled_from(
        ["<![if x]>", "<!", "<?", "<![foo[", "</", "<a href='https://e.fr'>", "<b style=font-weight:400>"]
    ),
    max_size=30,
).map("".join)


def letters(text: str) -> str:
    return "".join(re.findall(r"[^\W\d_]+", text))


@pytest.mark.parametrize("name", CORPUS)
def test_what_is_pasted_becomes_simple_rich_text(name):
    pasted, expected = CORPUS[name]
    assert rich_text_of(pasted) == expected


@pytest.mark.parametrize("name", CORPUS)
def test_the_editors_of_the_portal_open_it_and_save_the_same_words(name):
    stored = rich_text_of(CORPUS[name][0])
    converter = ContentstateConverter(features=FEATURES)
    state = converter.from_database_format(stored)
    types = [block["type"] for block in json.loads(state)["blocks"]]
    saved = converter.to_database_format(state)
    assert plain_text(saved) == plain_text(stored)
    assert sum(kind.endswith("list-item") for kind in types) == stored.count("<li>")
    assert sum(kind.startswith("header") for kind in types) == len(re.findall(r"<h[23]>", stored))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_html_among_words_leaves_the_words_alone(hostile):
    html = rich_text_of(f"<p>avant</p>{hostile}<p>après</p>")
    assert html.startswith("<p>avant</p>")
    tags = set(re.findall(r"<(/?[a-z0-9]+)", html))
    assert tags <= {f"{slash}{tag}" for slash in ("", "/") for tag in TAGS[:13]}
    for tag in re.findall(r"<[^>]*>", html):
        assert re.fullmatch(r'</?[a-z0-9]+/?>|<a href="(https?:|mailto:|tel:|/(?!/)|[\w?])[^"<>]*">', tag), tag


@settings(max_examples=300, deadline=None)
@given(pieces)
def test_any_tags_become_blocks_that_stand_and_stay(html):
    made = rich_text_of(html)
    assert rich_text_of(made) == made
    # Blocks follow each other: no word and no emphasis outside of one, none empty, lists hold items alone.
    flat = re.sub(r"</?(?:strong|em|sup|sub|a)(?: [^>]*)?>|<br/>", "", made)
    assert not re.search(r"<(p|h2|h3|ul|ol)>\s*</\1>", flat)
    outside = re.sub(r"<(p|h2|h3)>[^<]*</\1>|<hr/>", "", flat)
    assert not re.search(r"<[uo]l>(?!<li>)|</li>(?!<li>|</[uo]l>)|<li>(?!\S)", outside)
    assert not re.search(r"(?:^|</[uo]l>)[^<]+(?!<li>)", re.sub(r"<li>.*</li>", "<li></li>", outside))
    assert made.find("<h3>") == -1 or -1 < made.find("<h2>") < made.find("<h3>")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text(alphabet="abcé ’.,", min_size=1), min_size=1, max_size=8),
    st.sampled_from(["p", "div", "td", "li"]),
)
def test_no_word_is_lost_and_none_runs_into_the_next(texts, tag):
    words = " ".join(texts).split()
    html = rich_text_of("".join(f"<{tag}>{text}</{tag}>" for text in texts))
    assert plain_text(html).split() == words


@given(st.text(max_size=400))
def test_typed_text_never_fails_and_keeps_its_letters(text):
    plain = text.replace("<", "(").replace("&", "+")
    assert letters(plain_text(rich_text_of(plain))) == letters(plain.encode("utf-8", "replace").decode())


@pytest.mark.parametrize(
    "hostile",
    [
        *("<p>" + "<b>x" * 5000, "<ul><li>" * 2500, "<!--" * 5000, "<!" * 10_000 + "<p>", "<p>" + "<a " * 6000),
        *("<br>" * 5000, "<p>" + "</i>" * 4900, "<i>" * 6000 + "x", "<p style='" + "mso-list:" * 2000 + "'>x"),
        *("<svg>" * 4000 + "<p>", "<p>" + "<span style='mso-list:ignore'>" * 600, "<p>" + "< " * 9000),
    ],
)
def test_it_never_takes_long(hostile):
    start = time.monotonic()
    rich_text_of(hostile[:20_000])
    assert time.monotonic() - start < 2


@pytest.mark.django_db
def test_a_proposal_pasted_from_word_is_clean_on_its_page(landes, landes_space, client):
    author = make_member(Role.CONTRIBUTOR, landes)
    pasted = word(
        "<h1>Le projet</h1><p class=MsoNormal onclick='x()'>Bonjour <b>à tous</b><script>alert(1)</script>"
        "<img src=x onerror=alert(1)>.<o:p></o:p></p>"
    )
    proposal = submit_proposal(proposal=make_draft(author, text=pasted), actor=author)
    page = proposal.page.specific
    assert page.body.raw_data[0]["value"] == "<h2>Le projet</h2><p>Bonjour <strong>à tous</strong>.</p>"
    page.get_latest_revision().publish()
    html = client.get(page.url).content.decode()
    assert "<strong>à tous</strong>" in html
    assert not re.search(r"Mso|o:p|onerror|onclick|alert\(1\)|StartFragment", html)
