"""What people and other pages write reaches a letter as words, never as markup, marks or headers."""

from __future__ import annotations

import re

import pytest
from wagtail.models import PageViewRestriction

from newsletters.letters.checks import problems
from newsletters.letters.previews import shown_html
from newsletters.letters.rendering import render
from newsletters.sending import marks
from tests.events.factories import make_event
from tests.factories import make_initiative, make_news
from tests.newsletters.letters.factories import block, item, make_letter, pages
from tests.resources.factories import make_resource

pytestmark = pytest.mark.django_db

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onload='x",
    "{{ nom }} {% load %} {{ settings.SECRET_KEY }}",
    f"{marks.START}unsubscribe_url{marks.END}",
    f"{marks.START}link:1{marks.END}",
    "\u202egauche\u202c \u200fdroite",
    "zqe000zlink:1zqe001z zq41z",
    "\\u{e000}link:1\\u{e001} C:\\dossier",
    "]]> --> <!--[if mso]><b>",
    "</mj-text></mj-column><mj-raw><script>1</script></mj-raw>",
    "&lt;b&gt; &amp;amp; &nbsp;",
    "x" * 255,
    "é" * 255,
    "😀" * 120,
]


def words_of(html):
    """The text of a document, as a parser sees it, on one line."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self):
            super().__init__(convert_charrefs=True)
            self.words, self.tags = [], set()

        def handle_starttag(self, tag, attrs):
            self.tags.add(tag)
            assert not any(name.startswith("on") for name, _ in attrs), attrs

        def handle_data(self, data):
            self.words.append(data)

    reader = Reader()
    reader.feed(html)
    return re.sub(r"\s+", "", "".join(reader.words)), reader.tags


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_is_words_wherever_it_stands(landes_space, title):
    news = make_news(landes_space, title=title, lead=title)
    letter = make_letter(
        landes_space,
        block("headline", {"page": news.pk, "title": "", "lead": ""}),
        pages(item(news, title=title[:150], lead=title), title=title[:120]),
        block("button", {"label": title[:80], "url": "https://exemple.fr/", "page": None}),
        block("quote", {"text": title, "author": title[:120], "author_title": "", "source": "", "source_url": ""}),
        title=title,
        subject="",
    )
    rendered = render(letter)
    expected = re.sub(r"\s+", "", marks.strip_marks(title))
    words, tags = words_of(rendered.html)
    assert expected in words
    assert not tags & {"script", "b", "mj-raw", "mj-text"}
    assert expected in re.sub(r"\s+", "", rendered.text)
    found = [match[0] for match in marks.MARK.finditer(rendered.html)]
    assert found.count(marks.address(marks.UNSUBSCRIBE)) == 1
    assert len(found) == len(rendered.links) + 4  # Leaving, preferences, pixel, list; nothing somebody typed.
    assert rendered.subject == " ".join(marks.strip_marks(title).split())
    assert all(len(line.encode("ascii", "xmlcharrefreplace")) < 998 for line in rendered.html.split("\n"))
    assert [each for each in problems(letter, rendered) if each.level == "error"] == []


@pytest.mark.parametrize("default", ["vous & moi", "l’équipe", 'dit "Jo"', "a < b"])
def test_a_default_is_plain_in_its_mark_and_escaped_when_shown(landes_space, default):
    from html import escape

    letter = make_letter(landes_space, block("intro", f"<p>Bonjour {{{{ nom|{escape(default)} }}}}.</p>"))
    rendered = render(letter)
    assert marks.variable("nom", default) in rendered.html
    assert marks.variable("nom", default) in rendered.text
    without = {"nom": ""}
    from newsletters.letters.examples import fill

    assert f"Bonjour {escape(default)}." in fill(rendered.html, escape=True, values=without)


def test_breaks_do_not_reach_headers(landes_space):
    letter = make_letter(landes_space, subject="Un\r\nBcc: a@exemple.fr", preheader="x\x01\x1by\u2028z")
    rendered = render(letter)
    assert rendered.subject == "Un Bcc: a@exemple.fr"
    assert rendered.preheader == "xy z"


@pytest.mark.parametrize(
    ("href", "code"),
    [
        ("/proposer/", "relative_link"),
        ("proposer", "relative_link"),
        ("//exemple.fr/", "relative_link"),
        ("#haut", "relative_link"),
        ("ftp://exemple.fr/", "relative_link"),
        ("javascript:alert(1)", "relative_link"),
        ("", "relative_link"),
    ],
)
def test_links_that_a_letter_cannot_hold_forbid_sending(landes_space, href, code):
    letter = make_letter(landes_space, block("text", f'<p>Voir <a href="{href}">cette page</a>.</p>'))
    rendered = render(letter)
    assert rendered.links == []
    assert "cette page" in rendered.html
    assert "javascript:" not in rendered.html
    assert code in [each.code for each in problems(letter, rendered) if each.level == "error"]


def test_mail_and_telephone_are_not_followed(landes_space):
    text = '<p><a href="mailto:a@exemple.fr">Écrire</a> ou <a href="tel:+33500000000">appeler</a></p>'
    rendered = render(make_letter(landes_space, block("text", text)))
    assert rendered.links == []
    assert 'href="mailto:a@exemple.fr"' in rendered.html
    assert "a@exemple.fr" in rendered.text


def test_what_is_no_longer_public_is_nowhere(landes_space):
    hidden = make_news(landes_space, title="Zibeline cachée", lead="Zibeline")
    event = make_event(landes_space, title="Zibeline en agenda")
    linked = f'<p>Lire <a linktype="page" id="{hidden.pk}">la suite</a></p>'
    letter = make_letter(
        landes_space,
        block("headline", {"page": hidden.pk, "title": "", "lead": ""}),
        pages(hidden),
        block("agenda", {"title": "Agenda", "scope": "inside", "limit": 5, "pages": []}),
        block("button", {"label": "Lire", "url": "", "page": hidden.pk}),
        block("text", linked),
    )
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    event.unpublish()
    rendered = render(letter)
    assert "zibeline" not in (rendered.html + rendered.text + str(rendered.pages) + str(rendered.links)).lower()
    codes = {each.code for each in problems(letter, rendered) if each.level == "error"}
    assert codes == {"page_hidden"}
    hidden.delete()
    letter.refresh_from_db()
    rendered = render(letter)
    assert "la suite" in rendered.html
    assert "page_gone" in {each.code for each in problems(letter, rendered)}


def test_a_letter_too_heavy_for_some_mailboxes_is_said(landes_space):
    text = "<p>" + "mot " * 30_000 + "</p>"
    letter = make_letter(landes_space, block("text", text))
    rendered = render(letter)
    assert [each.code for each in problems(letter, rendered)] == ["too_heavy"]
    assert max(len(line) for line in rendered.html.split("\n")) < 998
    assert max(len(line) for line in rendered.text.split("\n")) <= 76


def test_an_image_without_words_forbids_sending(landes_space):
    from tests.newsletters.letters.demonstration import make_image

    image = {"image": make_image().pk, "alt_text": "", "decorative": False}
    letter = make_letter(landes_space, block("image", {"image": image, "caption": ""}))
    assert [each.code for each in problems(letter, render(letter))] == ["missing_alt"]
    image["decorative"] = True
    letter = make_letter(landes_space, block("image", {"image": image, "caption": ""}))
    assert problems(letter, render(letter)) == []


def test_an_empty_letter_cannot_be_sent(landes_space):
    letter = make_letter(landes_space, block("separator", None), subject="", preheader="")
    found = {each.code: each.level for each in problems(letter, render(letter))}
    assert found == {"no_content": "error", "missing_preheader": "warning", "subject_is_title": "warning"}


@pytest.mark.parametrize("count", [1, 3])
def test_rendering_takes_a_constant_number_of_queries(landes_space, django_assert_num_queries, count):
    from newsletters.models import NewsletterPage
    from tests.newsletters.letters.demonstration import make_image

    makers = (make_news, make_event, make_resource, make_initiative)
    chosen = [
        maker(landes_space, image=make_image(320, 180), image_decorative=True) for _ in range(count) for maker in makers
    ]
    links = "".join(f'<p><a linktype="page" id="{page.pk}">lire</a></p>' for page in chosen)
    agenda = block("agenda", {"title": "Agenda", "scope": "inside", "limit": 9, "pages": []})
    letter = make_letter(landes_space, pages(*chosen, with_images=True), agenda, block("text", links))
    render(letter)  # Pictures are made once.
    letter = NewsletterPage.objects.get(pk=letter.pk)
    with django_assert_num_queries(19):
        rendered = render(letter)
    assert len(rendered.pages) == 4 * count


def test_previews_show_no_mark(landes_space):
    letter = make_letter(
        landes_space, block("intro", "<p>{{ nom }} {{ organisation|x }} {{ territoire }} {{ liste }}</p>")
    )
    html = shown_html(render(letter), "wide")
    assert marks.START not in html
    assert "Médiathèque d’exemple" in html


def test_wrapping_changes_no_word(landes_space):
    """Elements inside a sentence are no place to end a line: a space would be seen."""
    sentence = "<p>" + 'avant(<a href="https://exemple.fr/">lien</a>)après<b>gras</b>fin&amp;suite' * 200 + "</p>"
    html = shown_html(render(make_letter(landes_space, block("text", sentence))), "wide")
    visible = re.sub(r"<[^>]*>", "", html[html.index("avant(") :])
    assert "".join(visible.split("\n")).count("avant(lien)aprèsgrasfin&amp;suite") >= 198
    assert max(len(line) for line in html.split("\n")) < 998
