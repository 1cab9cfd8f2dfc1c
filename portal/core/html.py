"""The one door for HTML that people write: an explicit allow list on bleach, and a guard on the schemes of links.

Everything that reaches a page as HTML passes here first: rich text when it is stored, forms, imports, mail.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html import escape, unescape
from typing import Final

import bleach

#: Structure and emphasis only: no style, class, image, frame, form or anything that runs.
TEXT_TAGS: Final = frozenset(
    {
        *("a", "abbr", "b", "blockquote", "br", "cite", "code", "em", "h2", "h3", "h4", "hr", "i", "li", "ol", "p"),
        *("pre", "q", "s", "strong", "sub", "sup", "u", "ul"),
    }
)
TABLE_TAGS: Final = frozenset(["caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"])
ALLOWED_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
#: Elements dropped with what they contain; bleach alone would keep the text of a script as text.
DROPPED_WITH_CONTENT: Final = [
    *("script", "style", "title", "template", "noscript", "noembed", "noframes", "iframe", "object", "svg", "math"),
    *("textarea", "select", "xmp", "plaintext", "head"),
]
#: Above this many tags the parser's time is quadratic (nested lists): the tags are dropped unparsed.
MAX_TAGS: Final = 6_000

_OPENING = re.compile(rf"<({'|'.join(DROPPED_WITH_CONTENT)})(?=[\s/>])", re.IGNORECASE)
_BLOCK_EDGE = re.compile(r"<(?:/?(?:p|li|ul|ol|h\d|td|th|tr|blockquote)\b[^>]*|br\s*/?)>", re.IGNORECASE)
_LINK = re.compile(r"""<a((?: [\w-]+=(?:"[^"]*"|'[^']*'))+)>""")
_ATTRIBUTE = re.compile(r""" ([\w-]+)=("[^"]*"|'[^']*')""")
_HALVES: Final = {"linktype", "id"}
_LIST_TAG = re.compile(r"<(/?)(ul|ol|li)\b[^>]*>", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_TABLE_ATTRIBUTES: Final = {"th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"}}


def visible(text: str) -> str:
    """``text`` without control, format (zero-width, bidirectional), private, unassigned and space characters."""
    return "".join(char for char in text if unicodedata.category(char)[0] not in "CZ")


def is_safe_url(url: str) -> bool:
    """Whether a link may lead there: an address of this site, or one of :data:`ALLOWED_SCHEMES`.

    Browsers forget tabs and line breaks in a scheme, and other programs forget more: the scheme is looked for in what
    remains once every invisible character and every layer of entities is gone, so ``java\\u200bscript:`` and
    ``java&#x0A;script:`` are what they look like. An address relative to the scheme (``//host``, ``/\\host``) is
    refused, since it reads as one of this site.
    """
    plain = visible(url)
    for _ in range(4):
        decoded = visible(unescape(plain))
        if decoded == plain:
            break
        plain = decoded
    plain = unicodedata.normalize("NFKC", plain)
    if not plain or plain.startswith(("//", "/\\", "\\")) or set(plain) & set('<>"'):
        return False
    if match := _SCHEME.match(plain):
        return match[0][:-1].lower() in ALLOWED_SCHEMES
    # What has a colon before any slash but no proper scheme is no address of ours.
    return ":" not in re.split(r"[/?#]", plain, maxsplit=1)[0]


def _attribute_allowed(tag: str, name: str, value: str) -> bool:
    if tag == "a" and name == "href":
        return is_safe_url(value)
    if (tag, name) in (("a", "title"), ("abbr", "title")):
        # Nobody writes tags in a tooltip; and bleach escapes « < » there once more each time a text is cleaned.
        return "<" not in unescape(value)
    if name == "lang":
        return re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?", value) is not None
    return name in _TABLE_ATTRIBUTES.get(tag, ()) and re.fullmatch(r"[a-z0-9]{1,8}", value) is not None


def _rich_attribute_allowed(tag: str, name: str, value: str) -> bool:
    if tag == "a" and name == "linktype":
        return value in ("page", "document")
    if tag == "a" and name == "id":
        return value.isascii() and value.isdigit()
    if tag in ("p", "h2", "h3", "li", "blockquote") and name == "data-block-key":
        return re.fullmatch(r"[a-z0-9]{1,12}", value) is not None
    return _attribute_allowed(tag, name, value)


@cache
def _cleaner(rich: bool, tables: bool) -> bleach.Cleaner:
    return bleach.Cleaner(
        tags=TEXT_TAGS | (TABLE_TAGS if tables else frozenset()),
        attributes=_rich_attribute_allowed if rich else _attribute_allowed,
        protocols=ALLOWED_SCHEMES,
        strip=True,
        strip_comments=True,
    )


def without_content(html: str) -> str:
    """``html`` without :data:`DROPPED_WITH_CONTENT`; time proportional to its length whatever is in it."""
    kept: list[str] = []
    position = 0
    lowered = html.lower()
    unclosed: set[str] = set()
    while match := _OPENING.search(html, position):
        name = match[1].lower()
        end = -1 if name in unclosed else lowered.find(f"</{name}", match.end())
        if end < 0:
            unclosed.add(name)
            kept.append(html[position : match.end()])
            position = match.end()
            continue
        kept.append(html[position : match.start()])
        close = html.find(">", end)
        position = len(html) if close < 0 else close + 1
    kept.append(html[position:])
    return "".join(kept)


def _clean(html: str, *, rich: bool, tables: bool) -> str:
    html = html.replace("\x00", "").encode("utf-8", "replace").decode()
    # str.lower() must not move positions ("İ" becomes two characters).
    html = html.replace("İ", "I\u0307")
    if html.count("<") > MAX_TAGS:
        return escape(re.sub(r"<[^<>]*>", " ", html))
    return str(_cleaner(rich, tables).clean(without_content(html)))


def clean_html(html: str, *, tables: bool = True) -> str:
    """``html`` with only text structure left: safe to show. Never raises; no side effect.

    Scripts, styles, SVG, frames and forms go with what they contain; other unknown tags go and leave their text;
    comments and every attribute outside the list go. With ``tables=False`` tables become plain text.
    """
    return _clean(html, rich=False, tables=tables)


def clean_rich_text(html: str) -> str:
    """As :func:`clean_html`, for Wagtail's stored rich text: its internal links (``linktype``, ``id``) are kept."""
    return _items_in_lists(_LINK.sub(_whole_link, _clean(html, rich=True, tables=False)))


def _whole_link(match: re.Match[str]) -> str:
    """A link to a page or a document says both what and which; half of it is left out: Wagtail's editor fails on it."""
    attributes = _ATTRIBUTE.findall(match[1])
    if len(_HALVES & {name for name, _ in attributes}) != 1:
        return match[0]
    return f"<a{''.join(f' {name}={value}' for name, value in attributes if name not in _HALVES)}>"


def _items_in_lists(html: str) -> str:
    """Clean ``html`` with what is an item of no list as a paragraph: Wagtail's editor fails on it."""
    open_tags: list[str] = []
    written: list[str] = []

    def place(match: re.Match[str]) -> str:
        closing, name = match[1], match[2].lower()
        if not closing:
            stray = name == "li" and (not open_tags or open_tags[-1] not in ("ul", "ol"))
            open_tags.append(name)
            written.append("p" if stray else name)
            return "<p>" if stray else match[0]
        if not open_tags:
            return ""
        open_tags.pop()
        return f"</{written.pop()}>"

    return _LIST_TAG.sub(place, html)


def plain_text(html: str) -> str:
    """The text of ``html``, blocks separated by spaces, for excerpts, feeds and structured data."""
    return " ".join(text_blocks(html))


def text_blocks(html: str) -> list[str]:
    """The texts of the headings, paragraphs, items and cells of ``html`` in order; none is empty."""
    marked = _BLOCK_EDGE.sub("\n", " ".join(html.split()))
    text = bleach.clean(without_content(marked), tags=frozenset(), strip=True, strip_comments=True)
    return [block for line in text.split("\n") if (block := " ".join(unescape(line).split()))]
