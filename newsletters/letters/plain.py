"""The text part of a letter: for those who read no HTML, and for those who hear it."""

from __future__ import annotations

import textwrap
from typing import Final

from ..sending import marks
from .tree import Card, Node, Tree

WIDTH: Final = 76
RULE: Final = "-" * WIDTH


def _wrapped(text: str, indent: str = "") -> str:
    """``text`` with its own lines, each wrapped at :data:`WIDTH`; neither addresses nor marks are cut."""
    # A mark may hold spaces in its default: it travels as one word.
    held: list[str] = []

    def hold(match: object) -> str:
        held.append(match[0])  # type: ignore[index]
        return f"{marks.START}{len(held) - 1}{marks.END}"

    short = marks.MARK.sub(hold, text)
    lines: list[str] = []
    for line in short.split("\n"):
        hanging = " " * (len(line) - len(line.lstrip(" -0123456789.>"))) if line[:1] in "- 0123456789>" else ""
        lines += textwrap.wrap(
            line,
            WIDTH,
            initial_indent=indent,
            subsequent_indent=indent + hanging[:6],
            break_long_words=False,
            break_on_hyphens=False,
            drop_whitespace=True,
        ) or [""]
    done = "\n".join(lines)
    for number, mark in enumerate(held):
        done = done.replace(f"{marks.START}{number}{marks.END}", mark, 1)
    return done


def _card(card: Card) -> str:
    parts = [_wrapped(card.title)]
    if card.when:
        parts.append(_wrapped(card.when, "  "))
    if card.lead:
        parts.append(_wrapped(card.lead, "  "))
    if card.target:
        parts.append(f"  {card.target.href}")
    return "\n".join(parts)


def _title(title: str, line: str = "-") -> str:
    shown = _wrapped(title)
    return f"{shown}\n{line * min(WIDTH, max(len(each) for each in shown.splitlines()))}" if title else ""


def _cards(node: Node) -> list[str]:
    return [_title(node.title), *(_card(card) for card in node.cards)]


def _address(href: str) -> str:
    return href.removeprefix("mailto:").removeprefix("tel:")


def _node(node: Node) -> list[str]:
    match node.kind:
        case "text":
            return [_wrapped(node.rich.text)]
        case "headline" | "cards" | "agenda":
            return _cards(node)
        case "image":
            described = node.picture.alt if node.picture else ""
            words = " – ".join(filter(None, (f"[Image : {described}]" if described else "", node.caption)))
            return [_wrapped(words)] if words else []
        case "button":
            return [f"{_wrapped(node.label)} :\n  {_address(node.target.href)}"]
        case "quote":
            source = " ".join(filter(None, (node.label, f"({node.target.href})" if node.target else "")))
            by = ", ".join(filter(None, (node.author, source)))
            return [
                "\n".join(filter(None, (_wrapped(f"« {node.title} »", "  "), _wrapped(f"– {by}", "  ") if by else "")))
            ]
        case "contribute":
            call = f"{_wrapped(node.label)} :\n  {_address(node.target.href)}" if node.target else ""
            return [_title(node.title), _wrapped(node.rich.text), call]
        case _:
            return [RULE]


def write(tree: Tree) -> str:
    """The text of ``tree``, lines ended by ``\\n``, with the same marks as the HTML."""
    parts = [_wrapped(" · ".join(filter(None, (tree.brand, tree.space, tree.when)))), _title(tree.title, "=")]
    for node in tree.nodes:
        parts += _node(node)
    parts.append(RULE)
    parts.append(_wrapped(tree.why.text))
    if tree.web_target:
        parts.append(f"Lire cette lettre en ligne :\n  {tree.web_target.href}")
    parts.append(f"Se désabonner :\n  {marks.address(marks.UNSUBSCRIBE)}")
    parts.append(f"Choisir ce que vous recevez :\n  {marks.address(marks.PREFERENCES)}")
    if tree.sender:
        parts.append(_wrapped(tree.sender))
    return "\n\n".join(part for part in parts if part) + "\n"
