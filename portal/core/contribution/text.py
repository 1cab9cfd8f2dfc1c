"""Text that people type or paste into a form, as the rich text of a page."""

from __future__ import annotations

import re
from html import escape

from ..html import clean_html
from .pasted import rewritten

MAX_TEXT = 20_000

_INLINE = r"strong|b|em|i|u|a|span|sup|sub|font"
_BLOCK = r"p|br|hr|h[1-6]|ul|ol|li|div|section|article|table|tr|td|blockquote|pre|html|body"
_TAG = re.compile(rf"</?(?:{_BLOCK}|{_INLINE})(?:\s[^<>]*|/)?>", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCK})(?:\s[^<>]*|/)?>", re.IGNORECASE)
_BULLET = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)])\s+")


def rich_text_of(typed: str) -> str:
    """What was typed, as clean HTML: paragraphs, headings of two levels, lists, links, bold and italic.

    Plain text becomes paragraphs, and lines that begin with a dash or a number lists. HTML (of the small editor, or
    pasted from a word processor) is written again by :func:`.pasted.rewritten`, then goes through
    :func:`portal.core.html.clean_html`. What comes out may go in again: it stays as it is.
    """
    typed = typed.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if not typed:
        return ""
    if not _TAG.search(typed):
        typed = _from_plain(escape(typed, quote=False))
    elif not _BLOCK_TAG.search(typed):
        typed = _from_plain(typed)
    return clean_html(rewritten(typed), tables=False).replace("<br>", "<br/>").replace("<hr>", "<hr/>")


def _from_plain(text: str) -> str:
    """Paragraphs of HTML without blocks at empty lines; runs of lines that begin with a bullet or a number as lists."""
    parts: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        lines: list[str] = []
        items: list[str] = []
        numbered = False
        for line in paragraph.split("\n"):
            if bullet := _BULLET.match(line):
                if not items:
                    _flush(parts, lines)
                    numbered = line.strip()[0].isdigit()
                items.append(line[bullet.end() :].strip())
                continue
            _flush_list(parts, items, numbered)
            lines.append(line.strip())
        _flush_list(parts, items, numbered)
        _flush(parts, lines)
    return "".join(parts)


def _flush(parts: list[str], lines: list[str]) -> None:
    if any(lines):
        parts.append(f"<p>{'<br/>'.join(line for line in lines if line)}</p>")
    lines.clear()


def _flush_list(parts: list[str], items: list[str], numbered: bool) -> None:
    if items:
        tag = "ol" if numbered else "ul"
        parts.append(f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>")
    items.clear()
