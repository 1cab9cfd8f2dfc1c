"""What a letter becomes: HTML and text with marks, links and pages inside."""

from __future__ import annotations

import pytest

from newsletters.letters.checks import problems
from newsletters.letters.rendering import render
from newsletters.sending import marks
from tests.factories import make_news
from tests.newsletters.letters.factories import block, make_letter, pages

pytestmark = pytest.mark.django_db


def test_every_web_link_is_a_mark_of_its_position_in_both_parts(landes_space):
    news = make_news(landes_space, title="Un bus numérique")
    intro = f'<p>Lisez <a linktype="page" id="{news.pk}">ceci</a> et <a href="https://exemple.fr/?a=1&amp;b=2">cela</a>.</p>'
    rendered = render(make_letter(landes_space, block("intro", intro), pages(news)))
    assert [(link.position, link.label) for link in rendered.links] == [
        (1, "ceci"),
        (2, "cela"),
        (3, "Un bus numérique"),
    ]
    assert rendered.links[1].url == "https://exemple.fr/?a=1&b=2"
    for link in rendered.links:
        assert f'href="{marks.link(link.position)}"' in rendered.html
        assert marks.link(link.position) in rendered.text
    assert [page["page"] for page in rendered.pages] == [news.pk]
    assert problems(make_letter(landes_space, pages(news)), rendered) == []


def test_the_foot_leads_out_of_the_list_and_the_pixel_stands_last(landes_space):
    rendered = render(make_letter(landes_space, block("intro", "<p>Bonjour</p>")))
    for name in (marks.UNSUBSCRIBE, marks.PREFERENCES):
        assert f'href="{marks.address(name)}"' in rendered.html
        assert marks.address(name) in rendered.text
    assert rendered.html.count(marks.address(marks.PIXEL)) == 1
    assert f"{marks.address(marks.PIXEL)}</body>" in rendered.html.replace("\n", "")
    assert marks.address(marks.PIXEL) not in rendered.text


def test_a_page_that_is_gone_is_left_out_and_forbids_sending(landes_space):
    kept, gone = make_news(landes_space, title="Reste"), make_news(landes_space, title="Partie")
    letter = make_letter(landes_space, pages(kept, gone))
    gone.unpublish()
    rendered = render(letter)
    assert "Reste" in rendered.html
    assert "Partie" not in rendered.html + rendered.text
    assert [(each.level, each.code) for each in problems(letter, rendered)] == [("error", "page_hidden")]
