"""The HTML of a letter: MJML from the tree, tables from the MJML, then what mail programs ask for."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

import mrml
from django.template.loader import render_to_string

from ..sending import marks
from .richtext import FONT
from .tree import Tree

#: Bytes a line holds at most, written in ASCII; filled marks of links may add some hundred (RFC 5322: 998).
MAX_LINE: Final = 500
_EDGE = re.compile(
    r"(?=<(?:!--\[if|/?(?:table|tbody|tr|td|div|head|body|style|p|ul|ol|li|h[1-4]|img|meta|blockquote)\b))"
)
_AFTER_TAG = re.compile(r"(?<=>)")
_CHARACTER = re.compile(r"&[#\w]{1,10};|.", re.DOTALL)
_BLANK = re.compile(r"^[ \t]+", re.MULTILINE)
#: mrml writes attributes inside a text as Rust shows strings ("\\u{e000}"): it is given plain ASCII only.
_BEYOND: Final = re.compile(r"[^\n -\[\]-~]")
_IMAGE: Final = re.compile(r"<img\b[^>]*>")
_HEIGHT: Final = re.compile(r"(?<=[;\"])height:\d+px;")


def _flexible(image: re.Match[str]) -> str:
    """An image keeps its shape when it is narrower than planned, and its words look like the letter's without it. Its
    size stays in its attributes, for the place it takes before it comes.
    """
    return _HEIGHT.sub("height:auto;", image[0]).replace(' style="', f' style="font-family:{FONT};color:#3a3a3a;', 1)


def _free_key(source: str) -> str:
    """Letters that ``source`` does not hold, to write its other characters with."""
    key = "zq"
    while key in source:
        key += "q"
    return key


def write(tree: Tree) -> str:
    """The whole HTML, with marks; a line ends by ``\\n``. Raises :class:`ValueError` for MJML that is not sound."""
    source = render_to_string("newsletters/mjml/letter.mjml", {"letter": tree})
    key = _free_key(source)
    # No fonts of its own: mrml would fetch some by their names.
    options = mrml.RenderOptions(disable_comments=False, fonts={})
    made = mrml.to_html(_BEYOND.sub(lambda match: f"{key}{ord(match[0]):x}z", source), render_options=options).content
    made = re.sub(f"{key}([0-9a-f]+)z", lambda match: chr(int(match[1], 16)), made)
    made = _IMAGE.sub(_flexible, made)
    made = made.replace("</body>", f"{marks.address(marks.PIXEL)}</body>")
    made = _BLANK.sub("", made)
    return _plain_defaults(wrap(made))


def _plain_defaults(html: str) -> str:
    """A mark's default is plain text: it is escaped when it is put into a copy."""
    return marks.MARK.sub(lambda match: unescape(match[0]) if match[3] else match[0], html)


def size(text: str) -> int:
    """Bytes of ``text`` as it is sent: in ASCII, other characters as references."""
    return len(text.encode("ascii", "xmlcharrefreplace"))


def wrap(html: str) -> str:
    """``html`` in lines of at most :data:`MAX_LINE` bytes, cut where a browser shows no difference: before elements,
    else at a space, and inside a word only where it alone is longer.
    """
    lines: list[str] = []
    for line in html.split("\n"):
        if size(line) <= MAX_LINE:
            lines.append(line)
            continue
        current = ""
        for part in _pieces(line):
            if current and size(current) + size(part) > MAX_LINE:
                lines.append(current.rstrip(" "))
                current = part.lstrip(" ")
            else:
                current += part
        lines.append(current)
    return "\n".join(line for line in lines if line.strip())


def _pieces(line: str) -> list[str]:
    """``line`` cut at each place where a line may end."""
    pieces: list[str] = []
    for element in _EDGE.split(line):
        if size(element) <= MAX_LINE:
            pieces.append(element)
            continue
        for word in _words(element):
            parts = [word] if size(word) <= MAX_LINE else _AFTER_TAG.split(word)
            for part in parts:
                pieces += _cut(part) if size(part) > MAX_LINE else [part]
    return pieces


def _cut(word: str) -> list[str]:
    """``word``, alone longer than a line, over several: a space is seen in it, but no server refuses it. An address or
    a mark stays whole: neither is that long.
    """
    if marks.MARK.search(word) or word.lstrip(" ").startswith(("href=", "src=", "style=")):
        return [word]
    characters = _CHARACTER.findall(word)
    step = MAX_LINE // 10  # Ten bytes a character at most, as a reference.
    return ["".join(characters[start : start + step]) + "\n" for start in range(0, len(characters), step)]


def _words(text: str) -> list[str]:
    """``text`` cut before each space that is not inside a mark."""
    words, start, inside = [], 0, False
    for place, char in enumerate(text):
        if char in (marks.START, marks.END):
            inside = char == marks.START
        elif char == " " and not inside and place > start:
            words.append(text[start:place])
            start = place
    return [*words, text[start:]]
