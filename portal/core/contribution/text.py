"""Text that people type or paste into a form, as the rich text of a page."""

from __future__ import annotations

import re
from html import escape

from ..html import clean_html

MAX_TEXT = 20_000

_TAG = re.compile(r"</?(?:p|br|h[1-6]|ul|ol|li|strong|b|em|i|u|a|div|span|table|blockquote)\b[^>]*>", re.IGNORECASE)
_BULLET = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)])\s+")
#: What rich text of a page keeps: ``portal.core.blocks.text.FEATURES``.
_RENAMED = (("b", "strong"), ("i", "em"), ("h4", "h3"))
_GONE = re.compile(r"</?(?:abbr|blockquote|cite|code|pre|q|s|u|div|span)\b[^>]*>", re.IGNORECASE)


def rich_text_of(typed: str) -> str:
    """What was typed, as clean HTML: paragraphs, headings of two levels, lists, links, bold and italic.

    Plain text becomes paragraphs, and lines that begin with a dash or a number lists. HTML (of the small editor, or
    pasted from a word processor) goes through :func:`portal.core.html.clean_html`. Headings begin at the second level.
    """
    typed = typed.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not typed:
        return ""
    if not _TAG.search(typed):
        return _from_plain(typed)
    html = re.sub(r"<(/?)h1\b[^>]*>", r"<\1h2>", typed, flags=re.IGNORECASE)
    html = clean_html(html, tables=False)
    for old, new in _RENAMED:
        html = re.sub(rf"<(/?){old}>", rf"<\1{new}>", html)
    html = _GONE.sub("", html)
    html = re.sub(r"<p>(?:\s|&nbsp;|\xa0|<br\s*/?>)*</p>", "", html).strip()
    if not html.startswith("<"):
        first = re.search(r"<(?:p|h2|h3|ul|ol|hr)\b", html)
        end = first.start() if first else len(html)
        html = f"<p>{html[:end].strip()}</p>{html[end:]}"
    if (third := html.find("<h3")) >= 0 and not 0 <= html.find("<h2") < third:
        html = re.sub(r"<(/?)h3\b", r"<\1h2", html)
    return html


def _from_plain(text: str) -> str:
    """Paragraphs at empty lines; runs of lines that begin with a bullet or a number as lists."""
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
        parts.append(f"<p>{'<br/>'.join(escape(line, quote=False) for line in lines if line)}</p>")
    lines.clear()


def _flush_list(parts: list[str], items: list[str], numbered: bool) -> None:
    if items:
        tag = "ol" if numbered else "ul"
        parts.append(f"<{tag}>{''.join(f'<li>{escape(item, quote=False)}</li>' for item in items)}</{tag}>")
    items.clear()
