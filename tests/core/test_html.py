"""The door for HTML from people: a corpus of hostile strings, and what must survive."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest

from portal.core.html import TABLE_TAGS, TEXT_TAGS, clean_html, clean_rich_text, is_safe_url, plain_text

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x00>alert(1)</script>",
    "<script >alert(1)</script >",
    "<script/x>alert(1)</script/x>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)//",
    '<img src="x:gif" onerror="alert(1)">',
    '"><img src=x onerror=alert(1)>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<p title='</noscript><style onload=alert(1)>'>x</p>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p style='width:expression(alert(1))'>x</p>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<!--[if gte mso 9]><xml><o:x>alert(1)</o:x></xml><![endif]-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='java\u200bscript:alert(1)'>x</a>",
    "<a href='\u202ejavascript:alert(1)'>x</a>",
    "<a href='java\ufeffscript:alert(1)'>x</a>",
    "<a href='java\u00adscript:alert(1)'>x</a>",
    "<a href='java&#x0A;script:alert(1)'>x</a>",
    "<a href='&#106;&#97;vascript:alert(1)'>x</a>",
    "<a href='java&Tab;script&colon;alert(1)'>x</a>",
    "<a href='&amp;#106;avascript:alert(1)'>x</a>",
    "<a href='ｊavascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='//x.example/'>x</a>",
    "<a href='/\\x.example/'>x</a>",
    "<a href='\\\\x.example\\'>x</a>",
    "<a href='#' onclick=alert(1) onfocus=alert(1) autofocus>x</a>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'>",
    "<base href='javascript:alert(1)//'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href='//x.example/x.css'>",
    "<form action='javascript:alert(1)'><button>x</button></form>",
    "<button formaction='javascript:alert(1)'>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<table background='javascript:alert(1)'><tr><td onmouseover=alert(1)>x</td></tr></table>",
    "<td scope='x\" onclick=\"alert(1)'>x</td>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<template><img src=x onerror=alert(1)></template>",
    "<p><<b>script>alert(1)<</b>/script>",
    "<p" + " a" * 5000 + " onclick=alert(1)>x",
    "<" * 3000 + "script>alert(1)",
    "İ<script>alert(1)</script>",
]


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


@pytest.mark.parametrize("clean", [clean_html, clean_rich_text])
@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_hostile_is_left(clean, html):
    cleaned = clean(html)
    inventory = Inventory()
    inventory.feed(cleaned)
    assert not inventory.comments
    for tag, attributes in inventory.found:
        assert tag in TEXT_TAGS | TABLE_TAGS
        for name, value in attributes:
            assert name in {"href", "title", "scope", "colspan", "rowspan", "lang", "linktype", "id", "data-block-key"}
            if name == "href":
                assert is_safe_url(value or "")
    assert clean(cleaned) == cleaned


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
