"""HTML of an editor, of a word processor or of a mail, written again as flat blocks that a page's rich text holds.

Nothing here is a guard: what comes out still goes through :func:`portal.core.html.clean_html`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Final

from ..html import is_safe_url, without_content

#: What these begin and end is a block of its own: words on both sides never run together.
BLOCKS: Final = frozenset(
    {
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "caption",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
            "fieldset",
        ),
        *("figcaption", "figure", "footer", "form", "header", "html", "main", "nav", "p", "pre", "section", "table"),
        *("tbody", "td", "tfoot", "th", "thead", "tr"),
    }
)
HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
INLINE: Final = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "sup": "sup", "sub": "sub"}
#: Only their style says something.
STYLED: Final = frozenset({"b", "strong", "i", "em", "span", "font"})
DEEPEST: Final = 5

_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
_BOLD = re.compile(r"(?<![\w-])font-weight:\s*(bold|[6-9]00)")
_NOT_BOLD = re.compile(r"(?<![\w-])font-weight:\s*(normal|[1-5]00)")
_ITALIC = re.compile(r"(?<![\w-])font-style:\s*italic")
_NOT_ITALIC = re.compile(r"(?<![\w-])font-style:\s*normal")
_RAISED = re.compile(r"(?<![\w-])vertical-align:\s*(super|sub)\b")
_WORD_LEVEL = re.compile(r"mso-list:[^;\"']*\blevel(\d)")
#: A bullet that Word draws in the text: a glyph of its symbol fonts. « o » and numbers are words elsewhere.
_GLYPH = re.compile(r"[·•§▪◦‣∙●○■\uf0b7\uf0a7\uf0d8\uf0fc]\s+")
_MARK = re.compile(r"(?:[·•§▪◦‣∙●○■\uf0b7\uf0a7\uf0d8\uf0fc–-]|o(?=\s)|(\d{1,2}|[a-z]|[ivx]{1,5})[.)])\s+")


@dataclass
class Block:
    """``name`` is p, li, hr or h1 to h6; ``depth`` that of a list's item, from 1."""

    name: str = "p"
    depth: int = 0
    ordered: bool = False
    word_list: bool = False
    html: list[str] = field(default_factory=list)


def rewritten(html: str) -> str:
    """``html`` as paragraphs, headings of two levels, lists, bold, italic, exponents, links and rules.

    Never raises; time proportional to the length. Every text is in a block, no block is empty, lists hold nothing but
    items and headings begin at the second level.
    """
    html = _without_declarations(without_content(html))
    # A tag that nothing closes is text; the standard parser would read to the end for each.
    end = html.rfind(">") + 1
    parser = Rewriter()
    parser.feed(html[:end] + html[end:].replace("<", "&lt;"))
    parser.close()
    return serialised(parser.finish())


class Rewriter(HTMLParser):
    """Reads tags as they come: what is badly nested is set right, what is unknown leaves its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.block = Block()
        self.open: list[tuple[str, tuple[str, ...]]] = []
        self.written: list[str] = []
        self.lists: list[bool] = []
        self.in_item = self.in_heading = 0
        self.breaks = self.pre = 0
        self.space = ""
        self.deleted = False
        self.marker: list[str] | None = None
        self.marker_spans = 0

    # --- Tags -------------------------------------------------------------------------------------------------------
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        style = given.get("style", "").lower()
        if tag == "br":
            self.breaks += 1
        elif tag == "del":
            self.deleted = True
        elif tag == "hr":
            self.new_block(Block("hr"))
            self.new_block(self.usual())
        elif tag in ("ul", "ol"):
            self.lists.append(tag == "ol")
            self.new_block(self.usual())
        elif tag == "li":
            self.in_item = max(1, len(self.lists))
            self.new_block(self.item())
        elif tag in HEADINGS and not self.lists:
            self.new_block(Block(tag))
        elif tag in BLOCKS or tag in HEADINGS:
            self.begin_block(tag, given, style)
        elif tag == "a":
            href = given.get("href", "").strip()
            good = href and not href.startswith("#") and is_safe_url(href)
            self.open.append((tag, (f'a href="{escape(href)}"',) if good else ()))
        elif tag in INLINE or tag in STYLED:
            self.begin_inline(tag, style)

    def begin_block(self, tag: str, given: dict[str, str], style: str) -> None:
        self.pre += tag == "pre"
        names = given.get("class", "").lower()
        if level := _WORD_LEVEL.search(style):
            depth = min(max(int(level[1]), 1), DEEPEST)
            self.new_block(Block("li", depth=depth, word_list=True))
        elif names.startswith("msotitle"):
            self.new_block(Block("h1"))
        elif self.in_item:
            # Paragraphs of one item stay one item.
            self.breaks = max(self.breaks, 1)
        else:
            self.new_block(Block(word_list=names.startswith("msolist")))

    def begin_inline(self, tag: str, style: str) -> None:
        if self.marker is not None:
            self.marker_spans += tag == "span"
        elif "mso-list:" in style and "ignore" in style:
            self.marker, self.marker_spans = [], 1
            return
        made = {INLINE[tag]} if tag in INLINE else set()
        if _BOLD.search(style):
            made.add("strong")
        elif _NOT_BOLD.search(style):
            made.discard("strong")
        if _ITALIC.search(style):
            made.add("em")
        elif _NOT_ITALIC.search(style):
            made.discard("em")
        if raised := _RAISED.search(style):
            made.add("sup" if raised[1] == "super" else "sub")
        self.open.append((tag, tuple(sorted(made))))

    def handle_endtag(self, tag: str) -> None:
        if self.marker is not None and tag == "span":
            self.marker_spans -= 1
            if not self.marker_spans:
                self.block.ordered = any(char.isalnum() for char in self.marker if char != "o")
                self.marker = None
                return
        if tag == "del":
            self.deleted = False
        elif tag in ("ul", "ol"):
            if self.lists:
                self.lists.pop()
            self.in_item = len(self.lists)
            self.new_block(self.item() if self.in_item else Block())
        elif tag == "li":
            self.in_item = max(0, len(self.lists) - 1)
            self.new_block(self.item() if self.in_item else Block())
        elif tag in BLOCKS or tag in HEADINGS:
            self.pre = max(0, self.pre - (tag == "pre"))
            if self.in_item:
                self.breaks = max(self.breaks, 1)
            else:
                self.new_block(Block())
        elif tag in INLINE or tag in STYLED or tag == "a":
            for index in range(len(self.open) - 1, max(-1, len(self.open) - 200), -1):
                if self.open[index][0] == tag:
                    del self.open[index]
                    break

    # --- Text -------------------------------------------------------------------------------------------------------
    def handle_data(self, data: str) -> None:
        if self.marker is not None:
            self.marker.extend(data.strip())
            return
        if self.deleted:
            # What a followed change took away.
            return
        lines = data.split("\n") if self.pre else [data]
        for number, line in enumerate(lines):
            self.breaks += number > 0
            self.write(line)

    def write(self, text: str) -> None:
        """Add ``text`` to the block: spaces as one, line breaks before it as they count, its emphasis around it."""
        words = _SPACE.sub(_one_space, text)
        if not words.strip(" \xa0"):
            self.space = self.space or words
            return
        if self.breaks > 1 and self.block.html and self.block.name == "p":
            self.new_block(Block())
        elif self.breaks and self.block.html:
            self.reopen([])
            self.block.html.append("<br/>")
            self.space = ""
            words = words.lstrip(" \xa0")
        self.breaks = 0
        if words[0] in " \xa0":
            self.space, words = self.space or words[0], words[1:]
        space, self.space = self.space, ""
        if words[-1] in " \xa0":
            self.space, words = words[-1], words[:-1]
        if space and self.block.html and self.block.html[-1] != "<br/>":
            # Outside of what begins here, inside of what goes on.
            wanted = self.wanted()
            self.reopen(self.written[: _common(self.written, wanted)])
            self.block.html.append(space)
        self.reopen(self.wanted())
        self.block.html.append(escape(words, quote=False))

    def wanted(self) -> list[str]:
        names: list[str] = []
        for _, made in self.open[:200]:
            for name in made:
                known = any(each.startswith("a ") for each in names) if name.startswith("a ") else name in names
                if not known and not (name == "strong" and self.block.name in HEADINGS):
                    names.append(name)
        return names

    def reopen(self, wanted: list[str]) -> None:
        common = _common(self.written, wanted)
        for name in reversed(self.written[common:]):
            self.block.html.append(f"</{name.split(' ')[0]}>")
        for name in wanted[common:]:
            self.block.html.append(f"<{name}>")
        self.written = list(wanted)

    # --- Blocks -----------------------------------------------------------------------------------------------------
    def usual(self) -> Block:
        return self.item() if self.in_item else Block()

    def item(self) -> Block:
        ordered = self.lists[self.in_item - 1] if self.in_item <= len(self.lists) else False
        return Block("li", depth=min(max(self.in_item, 1), DEEPEST), ordered=ordered)

    def new_block(self, block: Block) -> None:
        self.reopen([])
        if self.block.html or self.block.name == "hr":
            self.blocks.append(self.block)
        self.block, self.breaks, self.space, self.deleted = block, 0, "", False

    def finish(self) -> list[Block]:
        self.new_block(Block())
        return self.blocks


def serialised(blocks: list[Block]) -> str:
    """The blocks as HTML: runs of items as lists, nested by their depth; headings as h2 and h3."""
    levels = [block.name for block in blocks if block.name in HEADINGS]
    top = min(levels, default="h2")
    seen_top = False
    parts: list[str] = []
    nested: list[str] = []
    for block in map(_listed, blocks):
        html = "".join(block.html)
        if block.name == "li":
            _begin_item(parts, nested, block)
            parts.append(html)
            continue
        _leave(parts, nested, 0)
        if block.name == "hr":
            parts.append("<hr/>")
            continue
        name = block.name
        if name in HEADINGS:
            name = "h2" if name == top or not seen_top else "h3"
            seen_top = True
        parts.append(f"<{name}>{html}</{name}>")
    _leave(parts, nested, 0)
    return "".join(parts)


def _begin_item(parts: list[str], nested: list[str], block: Block) -> None:
    tag = "ol" if block.ordered else "ul"
    depth = min(block.depth, len(nested) + 1)
    _leave(parts, nested, depth)
    if len(nested) == depth and nested[-1] != tag:
        _leave(parts, nested, depth - 1)
    if len(nested) == depth:
        parts.append("</li><li>")
        return
    parts.append(f"<{tag}><li>")
    nested.append(tag)


def _leave(parts: list[str], nested: list[str], depth: int) -> None:
    while len(nested) > depth:
        parts.append(f"</li></{nested.pop()}>")


def _listed(block: Block) -> Block:
    """A paragraph that begins with a bullet of Word's is an item; the bullet goes."""
    if block.name not in ("p", "li") or not block.html:
        return block
    start = next((index for index, part in enumerate(block.html) if not part.startswith("<")), None)
    if start is None:
        return block
    # Bullet and spaces may be several texts.
    rest = "".join(part for part in block.html[start : start + 2] if not part.startswith("<"))
    found = (_MARK if block.word_list else _GLYPH).match(rest)
    if found is None or (block.name == "li" and not block.word_list):
        return block
    left = len(found[0])
    for index in range(start, len(block.html)):
        part = block.html[index]
        if not part.startswith("<") and left:
            block.html[index], left = part[left:], max(0, left - len(part))
    if not re.sub(r"<[^>]*>|\s", "", "".join(block.html)):
        return block
    if block.name == "p":
        ordered = block.word_list and found[1] is not None
        return Block("li", depth=1, ordered=ordered, html=block.html)
    return block


def _common(one: list[str], other: list[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _one_space(match: re.Match[str]) -> str:
    """One space for several; one that does not break stays where it stood alone."""
    return match[0] if match[0] == "\xa0" else " "


def _without_declarations(html: str) -> str:
    """``html`` without comments, ``<![if …]>`` and ``<?xml …>``, which parsers of several versions read differently."""
    parts: list[str] = []
    position = 0
    while (start := html.find("<", position)) >= 0:
        parts.append(html[position:start])
        opening = html[start : start + 4]
        end = -1
        if opening == "<!--":
            end = html.find("-->", start + 4)
            position = end + 3
        elif opening[:2] in ("<!", "<?"):
            end = html.find(">", start)
            position = end + 1
        else:
            parts.append("<")
            position = start + 1
            continue
        if end < 0:
            # Never closed: the sign alone goes, so that the text stays; nothing is looked for twice.
            parts.append(html[start + 2 :].replace("<!", " ").replace("<?", " "))
            return "".join(parts)
    parts.append(html[position:])
    return "".join(parts)
