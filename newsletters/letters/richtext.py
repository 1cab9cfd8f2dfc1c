"""Rich text as a letter shows it: HTML with its styles in the elements, and the same as plain text.

Mail programs know neither classes they were not given nor relative addresses: each element says how it looks, each link
is absolute, and a link that leads nowhere any more leaves its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Final

FONT: Final = "Arial, Helvetica, sans-serif"
_STYLES: Final = {
    "p": "margin:0 0 16px;font-size:16px;line-height:24px;",
    "h2": "margin:8px 0 12px;font-size:22px;line-height:28px;font-weight:bold;color:#161616;",
    "h3": "margin:8px 0 8px;font-size:18px;line-height:24px;font-weight:bold;color:#161616;",
    "h4": "margin:8px 0 8px;font-size:16px;line-height:24px;font-weight:bold;color:#161616;",
    "ul": "margin:0 0 16px;padding:0 0 0 24px;",
    "ol": "margin:0 0 16px;padding:0 0 0 24px;",
    "li": "margin:0 0 4px;font-size:16px;line-height:24px;",
    "blockquote": "margin:0 0 16px;padding:0 0 0 16px;border-left:4px solid #6a6af4;",
    "hr": "margin:16px 0;border:0;border-top:1px solid #dddddd;",
    "a": "color:#000091;text-decoration:underline;",
}
_KEPT: Final = frozenset({*_STYLES, "b", "strong", "i", "em", "sup", "sub", "u", "s", "q", "cite", "code", "abbr"})
_BLOCKS: Final = frozenset({"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "hr", "pre"})
_LINK: Final = re.compile(r"<a\b([^>]*)>")
#: Not the unbreakable ones, which French punctuation needs.
_SPACES: Final = re.compile(r"[ \t\r\n]+")
_ITEM: Final = re.compile(r" *(?:- |[0-9]+\. )")
_PAGE_ID: Final = re.compile(r"""\bid=["']([0-9]{1,18})["']""")


def page_ids(source: str) -> set[int]:
    """The pages that links of rich text lead to."""
    opened = [match[1] for match in _LINK.finditer(source) if re.search(r"""\blinktype=["']page["']""", match[1])]
    return {int(found[1]) for attributes in opened if (found := _PAGE_ID.search(attributes))}


@dataclass
class Written:
    """Rich text in its two forms."""

    html: str = ""
    text: str = ""


@dataclass
class _Line:
    prefix: str
    words: list[str] = field(default_factory=list)


#: (attributes of the ``<a>``, its words) → (address as HTML has it, as text has it); empty for a link that is dead.
Resolve = Callable[[dict[str, str], str], tuple[str, str]]


class _Writer(HTMLParser):
    """Reads what :func:`portal.core.html.clean_rich_text` made, and nothing else is let through either."""

    def __init__(self, resolve: Resolve) -> None:
        super().__init__(convert_charrefs=True)
        self.resolve = resolve
        self.out: list[str] = []
        self.lines: list[_Line] = [_Line("")]
        self.lists: list[tuple[str, int]] = []
        # An open link: its attributes, where its HTML begins, its words.
        self.link: tuple[dict[str, str], int, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.out.append("<br />")
            self.lines.append(_Line(self._indent()))
            return
        if tag == "a":
            self.link = ({name: value or "" for name, value in attrs}, len(self.out), [])
            return
        if tag not in _KEPT:
            return
        style = f' style="{_STYLES[tag]}"' if tag in _STYLES else ""
        self.out.append(f"<{tag}{style} />" if tag == "hr" else f"<{tag}{style}>")
        if tag in ("ul", "ol"):
            self.lists.append((tag, 0))
        if tag in _BLOCKS:
            self._new_block(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._close_link()
            return
        if tag not in _KEPT or tag == "hr":
            return
        self.out.append(f"</{tag}>")
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        if tag in _BLOCKS:
            self.lines += [_Line("")] if tag == "li" else [_Line(""), _Line("")]

    def handle_data(self, data: str) -> None:
        self.out.append(escape(data, quote=False))
        self.lines[-1].words.append(data)
        if self.link is not None:
            self.link[2].append(data)

    def _indent(self) -> str:
        return "  " * len(self.lists)

    def _new_block(self, tag: str) -> None:
        if tag == "li":
            kind, number = self.lists[-1] if self.lists else ("ul", 0)
            if self.lists:
                self.lists[-1] = (kind, number + 1)
            bullet = f"{number + 1}. " if kind == "ol" else "- "
            self.lines.append(_Line("  " * max(len(self.lists) - 1, 0) + bullet))
        elif tag == "hr":
            self.lines += [_Line(""), _Line("", ["-" * 20]), _Line("")]
        elif not (tag == "p" and self.lists):
            self.lines.append(_Line("> " if tag == "blockquote" else ""))

    def _close_link(self) -> None:
        if self.link is None:
            return
        attributes, start, words = self.link
        self.link = None
        label = _SPACES.sub(" ", "".join(words)).strip(" ")
        href, shown = self.resolve(attributes, label)
        if href:
            self.out.insert(start, f'<a href="{href}" style="{_STYLES["a"]}">')
            self.out.append("</a>")
        if shown and shown != label:
            self.lines[-1].words.append(f" ({shown})")

    def written(self) -> Written:
        self._close_link()
        lines = [(line.prefix, _SPACES.sub(" ", "".join(line.words)).strip(" ")) for line in self.lines]
        text: list[str] = []
        for prefix, words in lines:
            if words:
                # Items of a list stand close to each other.
                if _ITEM.match(prefix) and len(text) > 1 and not text[-1] and _ITEM.match(text[-2]):
                    text.pop()
                text.append(prefix + words)
            elif text and text[-1]:
                text.append("")
        return Written("".join(self.out), "\n".join(text).strip("\n"))


def write(source: str, resolve: Resolve) -> Written:
    """``source`` (clean rich text) in both forms. ``resolve`` gives the two addresses of each link, escaped for HTML in
    the first.
    """
    writer = _Writer(resolve)
    writer.feed(source)
    writer.close()
    return writer.written()
